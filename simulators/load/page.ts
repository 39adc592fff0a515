import { factsTable, page } from '../report/html.ts'
import { escaped } from '../report/report.ts'
import { responseMeanings } from '../terminal/meanings.ts'
import { chartOf } from './chart.ts'
import type { loadResult } from './report.ts'

export type LoadResult = ReturnType<typeof loadResult>

const number = (value: number): string => Math.round(value).toLocaleString('en-US')
const ms = (value: number | null): string => (value === null ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(1))

const row = (cells: readonly string[]): string => {
  const [first = '', ...rest] = cells
  return `<tr><td>${escaped(first)}</td>${rest.map((cell) => `<td class="number">${escaped(cell)}</td>`).join('')}</tr>`
}

const PERCENTILES = ['p50', 'p95', 'p99', 'p99.9', 'max'] as const

function operationsTable({ operations, latency }: LoadResult): string {
  const head = ['', 'sent', 'answered', 'approved', ...PERCENTILES].map((cell) => `<th class="number">${cell}</th>`)
  const rows = Object.entries(operations).map(([name, one]) =>
    row([
      name,
      number(one.sent),
      number(one.answered),
      number(one.approved),
      ...PERCENTILES.map((p) => ms(one.latency[p])),
    ]),
  )
  const all = row(['all', '', '', '', ...PERCENTILES.map((p) => ms(latency[p]))])
  return `<table><tr>${head.join('')}</tr>${rows.join('')}${all}</table>`
}

/** A run as one page: the plan, the table, and charts of rate, percentiles and response codes over time. */
export function loadPage(result: LoadResult, at: number): string {
  const { series, codes, throughput, seconds, answered } = result
  const used = Object.keys(codes)
  const plan = Object.entries(result.plan).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  const troubles = (['unanswered', 'unsent', 'unmatched', 'unreadable', 'lostLines'] as const)
    .filter((name) => result[name] > 0)
    .map((name) => `<p class="failed">${name}: ${number(result[name])}</p>`)
  const codeRows = used.map((code) => row([`${code} ${responseMeanings[code] ?? ''}`, number(codes[code] ?? 0)]))
  return page('akart-sim load', [
    `<h1>${number(throughput)} requests/s</h1>`,
    `<p>${number(answered)} answered in ${seconds.toFixed(1)} s, p99 ${ms(result.latency.p99)} ms</p>`,
    ...troubles,
    factsTable({ when: new Date(at).toISOString(), ...Object.fromEntries(plan) }),
    '<h2>Requests a second</h2>',
    chartOf('Requests a second', 'requests a second', [
      { name: 'sent', values: series.map((one) => one.sent) },
      { name: 'answered', values: series.map((one) => one.answered) },
      { name: 'approved', values: series.map((one) => one.approved) },
    ]),
    '<h2>Latency</h2>',
    chartOf(
      'Latency',
      'milliseconds',
      (['p50', 'p95', 'p99', 'p99.9'] as const).map((name) => ({ name, values: series.map((one) => one[name]) })),
    ),
    '<h2>Response codes a second</h2>',
    chartOf(
      'Response codes',
      'answers a second',
      used.map((code) => ({ name: code, values: series.map((one) => one.codes[code] ?? 0) })),
    ),
    '<h2>Operations</h2>',
    '<p class="dim">milliseconds</p>',
    operationsTable(result),
    '<h2>Response codes</h2>',
    `<table>${codeRows.join('')}</table>`,
  ])
}

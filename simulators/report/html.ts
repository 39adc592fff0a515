import { countOf, escaped, type Report, type Result, suitesOf } from './report.ts'

/** The style of every page that the simulator writes: one file without scripts and without external files. */
const STYLE = `
:root { color-scheme: light dark; --bad: #c62828; --good: #2e7d32; --dim: #757575; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; } td, th { padding: .15rem .8rem .15rem 0; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
details, p.one { border-top: 1px solid var(--line); margin: 0; padding: .35rem 0; }
summary { cursor: pointer; } pre { font-size: 12px; overflow-x: auto; margin: .4rem 0 .4rem 1.5rem; }
.failed { color: var(--bad); } .passed { color: var(--good); } .skipped, .dim { color: var(--dim); }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; }
`

export const page = (title: string, body: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    ...body,
    '</html>',
    '',
  ].join('\n')

/** A table of two columns. */
export const factsTable = (facts: Readonly<Record<string, string>>): string => {
  const rows = Object.entries(facts).map(
    ([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
  )
  return `<table>${rows.join('')}</table>`
}

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const satisfies Record<Result['result'], string>

function resultOf({ name, result, why, problems, details }: Result): string {
  const head = `<span class="${result}">${MARKS[result]}</span> ${escaped(name)}`
  const note = why === '' ? '' : ` <span class="dim">${escaped(why)}</span>`
  const shown = [...problems.map((one) => `<span class="failed">${escaped(one)}</span>`), ...details.map(escaped)]
  if (shown.length === 0) return `<p class="one">${head}${note}</p>`
  return `<details${result === 'failed' ? ' open' : ''}><summary>${head}${note}</summary><pre>${shown.join('\n')}</pre></details>`
}

/** The report as one page. */
export function htmlOf(report: Report): string {
  const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((one) => countOf(report, one))
  const verdict =
    failed === 0 ? `<b class="passed">${passed} passed</b>` : `<b class="failed">${failed} failed</b>, ${passed} passed`
  const suites = suitesOf(report).flatMap(({ suite, results }) => [
    `<h2>${escaped(suite)}</h2>`,
    ...results.map(resultOf),
  ])
  return page(report.title, [
    `<h1>${escaped(report.title)}</h1>`,
    `<p>${verdict}, ${skipped} not checked</p>`,
    factsTable({ when: new Date(report.at).toISOString(), ...report.facts }),
    ...suites,
  ])
}

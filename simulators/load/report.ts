import type { RecordableHistogram } from 'node:perf_hooks'
import pc from 'picocolors'
import { responseMeanings } from '../terminal/meanings.ts'
import { answeredRequests, bucketBounds, rowNames, type Statistics, wholeLatency } from './statistics.ts'

const percentiles = [50, 95, 99, 99.9] as const
const count = (value: number) => Math.round(value).toLocaleString('en-US')

function milliseconds(us: number): string {
  const ms = us / 1_000
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : count(ms)
}

/** One progress line with the answers since the last one. */
export function progressLine(statistics: Statistics, seconds: number, inFlight: number): string {
  const { recent } = statistics
  const rate = `${count(recent.count)}/s`.padStart(10)
  const p50 = recent.count > 0 ? milliseconds(recent.percentile(50)) : '–'
  const p99 = recent.count > 0 ? milliseconds(recent.percentile(99)) : '–'
  recent.reset()
  return `${String(seconds).padStart(5)} s ${rate}   p50 ${p50.padStart(6)} ms   p99 ${p99.padStart(6)} ms   in flight ${count(inFlight)}`
}

function latencyOf(histogram: RecordableHistogram) {
  const some = histogram.count > 0
  const value = (percentile: number) => (some ? histogram.percentile(percentile) / 1_000 : null)
  return {
    p50: value(50),
    p95: value(95),
    p99: value(99),
    'p99.9': value(99.9),
    max: some ? histogram.max / 1_000 : null,
  }
}

/** The steps of a HDR histogram: each half as far from the end as the one before. Milliseconds. */
function distributionOf(histogram: RecordableHistogram): { percentile: number; ms: number }[] {
  if (histogram.count === 0) return []
  return [...histogram.percentiles].map(([percentile, us]) => ({ percentile, ms: us / 1_000 }))
}

export type Outcome = { statistics: Statistics; losses: number; interrupted: boolean; plan: object }

/** Everything as one object: latencies in milliseconds, throughput in answered requests of the mix per second. */
export function loadResult({ statistics, losses, interrupted, plan }: Outcome) {
  const { rows, codes, codeLatency, lateness, unanswered, unsent, unmatched, unreadable, firstAt, lastAt, series } =
    statistics
  const seconds = Math.max((lastAt - firstAt) / 1_000, 0.001)
  const used = rowNames.filter((name) => rows[name].sent > 0)
  const operations = used.map((name) => {
    const { sent, answered, approved, latency } = rows[name]
    return [name, { sent, answered, approved, latency: latencyOf(latency) }] as const
  })
  return {
    plan,
    seconds,
    series: series.seconds(),
    distribution: distributionOf(wholeLatency(statistics)),
    answered: answeredRequests(statistics),
    throughput: answeredRequests(statistics) / seconds,
    latency: latencyOf(wholeLatency(statistics)),
    operations: Object.fromEntries(operations),
    codes: Object.fromEntries([...codes].toSorted(([a], [b]) => a.localeCompare(b))),
    latencyByCode: Object.fromEntries([...codeLatency].map(([code, latency]) => [code, latencyOf(latency)])),
    lateness: lateness.count > 0 ? latencyOf(lateness) : null,
    unanswered,
    unsent,
    unmatched,
    unreadable,
    lostLines: losses,
    interrupted,
  }
}

const columns = ['', 'sent', 'answered', 'approved', ...percentiles.map((one) => `p${one}`), 'max']

function tableLine(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(10))).join('')
}

function latencyCells(histogram: RecordableHistogram): string[] {
  if (histogram.count === 0) return [...percentiles, 'max'].map(() => '–')
  return [...percentiles.map((one) => milliseconds(histogram.percentile(one))), milliseconds(histogram.max)]
}

const BAR_WIDTH = 40

/** The distribution of latencies: a bar for each step between the fastest and the slowest answer. */
function histogramLines({ buckets }: Statistics): string[] {
  const total = buckets.reduce((sum, one) => sum + one, 0)
  const most = Math.max(...buckets)
  const first = buckets.findIndex((one) => one > 0)
  const last = buckets.findLastIndex((one) => one > 0)
  if (total === 0) return []
  return buckets.slice(first, last + 1).map((one, i) => {
    const bound = bucketBounds[first + i]
    const label = bound === undefined ? '     longer' : `≤ ${milliseconds(bound).padStart(6)} ms`
    const bar = '█'.repeat(Math.ceil((one / most) * BAR_WIDTH)).padEnd(BAR_WIDTH)
    return `  ${label}  ${pc.cyan(bar)}  ${((one / total) * 100).toFixed(2).padStart(6)} %`
  })
}

/** The table, the histogram, the codes, and what went wrong. Latencies in milliseconds. */
export function resultLines(outcome: Outcome): string[] {
  const { statistics, losses, interrupted } = outcome
  const { rows, codes, lateness, unanswered, unsent, unmatched, unreadable } = statistics
  const { seconds, answered, throughput } = loadResult(outcome)
  const used = rowNames.filter((name) => rows[name].sent > 0)
  const body = used.map((name) => {
    const { sent, answered: came, approved, latency } = rows[name]
    return tableLine([name, count(sent), count(came), count(approved), ...latencyCells(latency)])
  })
  const whole = tableLine(['all', '', count(answered), '', ...latencyCells(wholeLatency(statistics))])
  const codeLines = [...codes]
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, times]) => `  ${code}  ${count(times).padStart(12)}  ${pc.dim(responseMeanings[code] ?? '')}`)
  const late =
    lateness.count > 0
      ? [
          pc.dim(
            `  sent later than planned by p50 ${milliseconds(lateness.percentile(50))}, p99 ${milliseconds(lateness.percentile(99))} ms (counted above)`,
          ),
        ]
      : []
  const troubles = { unanswered, unsent, unmatched, unreadable, 'lines lost': losses }
  const trouble = Object.entries(troubles).filter(([, times]) => times > 0)
  return [
    '',
    `${pc.bold(`${count(throughput)} requests/s`)}   ${count(answered)} answered in ${seconds.toFixed(1)} s${interrupted ? ', stopped early' : ''}`,
    '',
    pc.dim(tableLine(columns)),
    ...body,
    ...(used.length > 1 ? [pc.bold(whole)] : []),
    '',
    ...histogramLines(statistics),
    ...late,
    '',
    ...codeLines,
    ...trouble.map(([what, times]) => pc.red(`  ${what} ${count(times)}`)),
    ...(unanswered === 0 ? [pc.green('  every request was answered')] : []),
  ]
}

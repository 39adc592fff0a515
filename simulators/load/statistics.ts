import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { type LoadOperation, loadOperations } from './mix.ts'
import { newSeries, type Series } from './series.ts'

export const rowNames = [...loadOperations, 'confirm'] as const
export type RowName = LoadOperation | 'confirm'

/** Latencies in microseconds. */
export type Row = { sent: number; answered: number; approved: number; latency: RecordableHistogram }

export type Statistics = {
  rows: Record<RowName, Row>
  codes: Map<string, number>
  /** Latencies by response code, in microseconds. */
  codeLatency: Map<string, RecordableHistogram>
  /** Upper bounds of `buckets`, in microseconds; the last bucket has none. */
  buckets: number[]
  /** How much later than planned requests left (open loop), in microseconds. */
  lateness: RecordableHistogram
  /** Reset by every progress line. */
  recent: RecordableHistogram
  unanswered: number
  unsent: number
  unmatched: number
  unreadable: number
  firstAt: number
  lastAt: number
  /** Second by second. */
  series: Series
}

export const bucketBounds = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000,
  5_000_000,
]

const row = (): Row => ({ sent: 0, answered: 0, approved: 0, latency: createHistogram() })

export function newStatistics(): Statistics {
  const statistics: Omit<Statistics, 'series'> = {
    rows: { payment: row(), balance: row(), topup: row(), echo: row(), confirm: row() },
    codes: new Map(),
    codeLatency: new Map(),
    buckets: Array.from({ length: bucketBounds.length + 1 }, () => 0),
    lateness: createHistogram(),
    recent: createHistogram(),
    unanswered: 0,
    unsent: 0,
    unmatched: 0,
    unreadable: 0,
    firstAt: 0,
    lastAt: 0,
  }
  return Object.assign(statistics, { series: newSeries(() => statistics.firstAt) })
}

/** Histograms take whole numbers from 1 on. */
export function toMicroseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1_000))
}

/** Counts an answer. Confirmations have a row of their own and are left out of the picture of latencies. */
export function recordAnswer(statistics: Statistics, name: RowName, code: string, ms: number, at: number): void {
  const us = toMicroseconds(ms)
  const { latency } = statistics.rows[name]
  latency.record(us)
  const found = statistics.rows[name]
  found.answered++
  const isApproved = code === '00' || code === '10'
  if (isApproved) found.approved++
  statistics.codes.set(code, (statistics.codes.get(code) ?? 0) + 1)
  codeHistogram(statistics, code).record(us)
  statistics.lastAt = at
  if (name === 'confirm') return
  statistics.series.answered(at, us, code, isApproved)
  statistics.recent.record(us)
  let bucket = 0
  while (bucket < bucketBounds.length && us > (bucketBounds[bucket] ?? 0)) bucket++
  statistics.buckets[bucket] = (statistics.buckets[bucket] ?? 0) + 1
}

/** Codes are two characters of an answer: bounded, whatever a switch sends. */
function codeHistogram({ codeLatency }: Statistics, code: string): RecordableHistogram {
  const found = codeLatency.get(code) ?? createHistogram()
  codeLatency.set(code, found)
  return found
}

/** Answered requests of the mix, confirmations left out. */
export function answeredRequests({ rows }: Statistics): number {
  return loadOperations.reduce((sum, name) => sum + rows[name].answered, 0)
}

/** All latencies of the mix together. */
export function wholeLatency({ rows }: Statistics): RecordableHistogram {
  const whole = createHistogram()
  for (const name of loadOperations) if (rows[name].answered > 0) whole.add(rows[name].latency)
  return whole
}

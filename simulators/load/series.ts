import { createHistogram } from 'node:perf_hooks'

/** One second of a run. Latencies in milliseconds; null where nothing was answered. */
export type Second = {
  readonly second: number
  readonly sent: number
  readonly answered: number
  readonly approved: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly 'p99.9': number | null
  readonly max: number | null
  readonly codes: Readonly<Record<string, number>>
}

export type Series = {
  readonly sent: (at: number) => void
  readonly answered: (at: number, us: number, code: string, approved: boolean) => void
  /** All seconds up to the one that is running. */
  readonly seconds: () => readonly Second[]
}

/** A second more than a day has. */
const MOST_SECONDS = 86_401

/**
 * The results of each second of a run, from `since` on (milliseconds of the monotonic clock): one histogram at a time.
 */
export function newSeries(since: () => number): Series {
  const done: Second[] = []
  const latency = createHistogram()
  let codes: Record<string, number> = {}
  let [second, sent, answered, approved] = [0, 0, 0, 0]

  const current = (): Second => {
    const of = (percentile: number) => (latency.count === 0 ? null : latency.percentile(percentile) / 1_000)
    const most = latency.count === 0 ? null : latency.max / 1_000
    return {
      second,
      sent,
      answered,
      approved,
      p50: of(50),
      p95: of(95),
      p99: of(99),
      'p99.9': of(99.9),
      max: most,
      codes,
    }
  }
  const rollTo = (at: number): void => {
    const now = Math.min(Math.max(0, Math.floor((at - since()) / 1_000)), MOST_SECONDS)
    while (second < now) {
      done.push(current())
      second++
      codes = {}
      latency.reset()
      sent = answered = approved = 0
    }
  }
  return {
    sent: (at) => {
      rollTo(at)
      sent++
    },
    answered: (at, us, code, isApproved) => {
      rollTo(at)
      answered++
      if (isApproved) approved++
      latency.record(us)
      codes[code] = (codes[code] ?? 0) + 1
    },
    seconds: () => (sent + answered > 0 ? [...done, current()] : done),
  }
}

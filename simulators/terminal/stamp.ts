/** Times and trace number of one message: DE7 in UTC, DE12 and DE13 where the store is. */
export type Stamp = { transmission: string; trace: string; time: string; date: string }

const warsaw = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Warsaw',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** DE7, DE12 and DE13 of a moment given in milliseconds since 1970. */
export function timesAt(ms: number): Omit<Stamp, 'trace'> {
  const utc = new Date(ms).toISOString()
  const local = new Map(warsaw.formatToParts(ms).map(({ type, value }) => [type, value]))
  const part = (name: string) => local.get(name as Intl.DateTimeFormatPartTypes) ?? '00'
  return {
    transmission: utc.slice(5, 19).replace(/\D/g, ''),
    time: part('hour') + part('minute') + part('second'),
    date: part('month') + part('day'),
  }
}

const LAST_TRACE = 999_999

/**
 * The first trace number of a run: runs started 1 ms apart begin 997 apart, so that those of one second do not meet;
 * processes that start in the same millisecond differ by their ids (7,919 is a prime far from 997).
 */
export function firstTrace(ms: number, processId: number = process.pid): number {
  return 1 + ((ms * 997 + processId * 7_919) % LAST_TRACE)
}

/** Trace numbers of one terminal, 000001 to 999999 and round again. */
export function traceCounter(first: number): () => number {
  let next = first
  return () => {
    const trace = next
    next = next === LAST_TRACE ? 1 : next + 1
    return trace
  }
}

/** Stamps for many terminals, each with its own trace numbers; `wrongMs`: how much its clock is wrong. */
export function stampClock(now: () => number): (terminal: string, wrongMs?: number) => Stamp {
  const counters = new Map<string, () => number>()
  return (terminal, wrongMs = 0) => {
    const counter = counters.get(terminal) ?? traceCounter(firstTrace(now()))
    counters.set(terminal, counter)
    return { ...timesAt(now() + wrongMs), trace: String(counter()).padStart(6, '0') }
  }
}

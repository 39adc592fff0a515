/** Estimates how long a new request would wait, from the recent rate of the queue. */
export type QueueWait = {
  /** Called when a request is queued, with the number of waiting requests. */
  readonly grew: (length: number, now: number) => void
  /** Called with the number of requests taken and the number left. */
  readonly took: (count: number, left: number, now: number) => void
  /** Whether a request behind `length` others would wait longer than it may. */
  readonly isTooLong: (length: number, now: number) => boolean
}

// The weight of the latest batch in the moving average: after ten batches (a tenth of a second) it shows the present pace.
const WEIGHT = 0.1

/**
 * The pace is measured only while more requests wait than the workers can hold: then it is the engine's own and not
 * that of the callers. A queue that fits into the workers is never too long; a queue that no worker takes from (the
 * database hangs) is, once that has lasted longer than a request may wait.
 *
 * @param most ms that a request may wait
 * @param always requests that are accepted without a check: those that all workers hold together
 */
export function createQueueWait(most: number, always: number): QueueWait {
  /** ms for each request that is taken. */
  let pace = 0
  /** When requests were last taken, and whether enough were left to keep the workers busy. */
  let last = -Infinity
  let wasBusy = false
  /** Since when more requests wait than the workers can hold. */
  let filled = -Infinity

  return {
    grew(length, now) {
      if (length === always) filled = now
    },
    took(count, left, now) {
      if (count === 0) return // all that waits is behind what is in work
      if (wasBusy) {
        const latest = (now - last) / count
        pace += (latest - pace) * (pace === 0 ? 1 : WEIGHT)
      }
      last = now
      wasBusy = left >= always
    },
    isTooLong: (length, now) => length >= always && (length * pace > most || now - Math.max(last, filled) > most),
  }
}

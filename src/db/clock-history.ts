/** A reading of another clock: its time, and the monotonic clock before and after it was asked. All ms. */
export type Reading = { readonly before: number; readonly time: number; readonly after: number }

/**
 * How far another clock is from the monotonic one, and was. `offset`: its time is the monotonic clock's plus this. Kept
 * without the clock itself: times are given.
 */
export type ClockHistory = {
  readonly offset: () => number
  /** Takes a reading; returns by how many ms the clock was stepped since the one before, 0 where it went on. */
  readonly read: (reading: Reading) => number
  /** The smallest offset that was in use since `since` of the monotonic clock. */
  readonly smallest: (since: number) => number
}

/** The largest difference of two readings without a clock step: clocks drift, and a reading takes time. */
const STEP_MS = 500
/** Smaller changes in the past are merged: a clock that is slewed for a day leaves some hundred entries. */
export const GRAIN_MS = 50
const ENTRIES_AT_MOST = 1_000

export function createClockHistory(first: Reading): ClockHistory {
  let offset = first.time - (first.before + first.after) / 2
  /** Offsets that were smaller than all later ones, the oldest first; each until the next one came into use. */
  let past: { readonly offset: number; until: number }[] = []

  const change = (to: number, at: number): void => {
    if (to > offset) {
      const last = past.at(-1)
      if (last !== undefined && offset - last.offset < GRAIN_MS) last.until = at
      else past.push({ offset, until: at })
      // The smaller of two neighbouring offsets stands for both, so a deadline may be late but never early.
      if (past.length > ENTRIES_AT_MOST) {
        const [oldest, next, ...rest] = past
        if (oldest !== undefined && next !== undefined) past = [{ offset: oldest.offset, until: next.until }, ...rest]
      }
    } else {
      past = past.filter((entry) => entry.offset < to)
    }
    offset = to
  }

  return {
    offset: () => offset,
    read({ before, time, after }) {
      // The true offset lies between these two. If the known one does too, nothing has changed.
      const to = Math.min(Math.max(offset, time - after), time - before)
      const by = to - offset
      if (by !== 0) change(to, after)
      return Math.abs(by) >= STEP_MS ? by : 0
    },
    smallest: (since) => past.find(({ until }) => until >= since)?.offset ?? offset,
  }
}

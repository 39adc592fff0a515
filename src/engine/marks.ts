/** Cards that were marked as suspected within the last hour, over all sources. In memory, for one process. */
export type Marks = {
  /** Counts a marked card. */
  readonly made: () => void
  /** Whether the limit is reached and no more cards are marked: somebody probably marks cards from a list (docs/spec/abuse.md, 17). */
  readonly areUsedUp: () => boolean
}

const HOUR_MS = 3_600_000
/** More than a chain's cashiers and holders cause in an hour, and fewer than a pack. */
export const MARKS_AN_HOUR = 100

/**
 * @param now monotonic, ms
 * @param usedUp called when the last mark of an hour is made
 */
export function createMarks(
  now: () => number = () => performance.now(),
  usedUp: () => void = () => {},
  most = MARKS_AN_HOUR,
): Marks {
  /** The times of the latest marks, the oldest first. */
  const times: number[] = []
  return {
    made() {
      times.push(now())
      if (times.length > most) times.shift()
      if (times.length === most && isWithinHour(times[0], now())) usedUp()
    },
    areUsedUp: () => times.length === most && isWithinHour(times[0], now()),
  }
}

const isWithinHour = (at: number | undefined, now: number): boolean => at !== undefined && now < at + HOUR_MS

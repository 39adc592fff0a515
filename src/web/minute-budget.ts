/** A limit of calls by name within a minute, or another interval. */
export type MinuteBudget = {
  /** Counts a call. Null: it is permitted; else the seconds after which it may be repeated. */
  readonly take: (name: string) => number | null
}

const MINUTE_MS = 60_000
/** The number of names per interval: 100,000 of about 100 bytes are 10 MB. Further names share one counter. */
const NAMES_AT_MOST = 100_000
const ALL_OTHERS = 'all others'

/** @param now monotonic, ms */
export function minuteBudget(now: () => number, most: number, stretchMs = MINUTE_MS): MinuteBudget {
  let began = now()
  let counts = new Map<string, number>()
  return {
    take(said) {
      if (now() - began >= stretchMs) {
        began = now()
        counts = new Map()
      }
      const name = counts.has(said) || counts.size < NAMES_AT_MOST ? said : ALL_OTHERS
      const count = (counts.get(name) ?? 0) + 1
      if (count > most) return Math.max(1, Math.ceil((began + stretchMs - now()) / 1000))
      counts.set(name, count)
      return null
    },
  }
}

/** How often something may be asked for in a minute, or another stretch of time. */
export type MinuteBudget = {
  /** Counts one; the seconds after which it may come again where it is one too many, else null. */
  readonly take: (name: string) => number | null
}

const MINUTE_MS = 60_000

/** @param now monotonic, ms */
export function minuteBudget(now: () => number, most: number, stretchMs = MINUTE_MS): MinuteBudget {
  let began = now()
  let counts = new Map<string, number>()
  return {
    take(name) {
      if (now() - began >= stretchMs) {
        began = now()
        counts = new Map()
      }
      const count = (counts.get(name) ?? 0) + 1
      if (count > most) return Math.max(1, Math.ceil((began + stretchMs - now()) / 1000))
      counts.set(name, count)
      return null
    },
  }
}

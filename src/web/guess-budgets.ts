/**
 * Budgets against guessing (docs/spec/web.md, section 7; docs/spec/abuse.md, 17): how often a card may be named by
 * number, and how often with a wrong secret. They are counted per process, by minutes of the monotonic clock. Locking a
 * card for a source is done by the engine.
 */

/**
 * The source of a card request: the API key (null: one of our pages) and the holder's address (null: the shop did not
 * give it).
 */
export type CardAsker = { readonly key: string | null; readonly address: string | null }

export type GuessBudgets = {
  /**
   * Whether a call that names a card by number is let through; otherwise the seconds after which it may be repeated.
   * After a wrong guess of an address, each of its calls within the hour counts as wrong until `done`, so that parallel
   * guesses are of no use. An address without a wrong guess may ask for many cards at once.
   */
  readonly mayAsk: (
    asker: CardAsker,
  ) => { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }
  /** The call that was let through has been decided. */
  readonly done: (asker: CardAsker) => void
  /** Counts a card that was not recognised. `number` is the keyed hash of its number, never the number itself. */
  readonly missed: (asker: CardAsker, number: string) => void
}

export type GuessWatch = {
  /** More than `UNKNOWN_NUMBERS` different numbers were not recognised within ten minutes; called once in ten minutes. */
  readonly enumeration: (numbers: number) => void
  /** A budget was used up; called once a minute for each. */
  readonly overBudget: (budget: 'key' | 'key_missed' | 'key_at_most' | 'address' | 'all') => void
}

export const BUDGETS = {
  /** Calls a minute and key that were let through. */
  key: 600,
  /** The most of these calls whose cards are not recognised. */
  keyMissed: 60,
  /**
   * The limit of unrecognised cards per minute and key, over all addresses: a hundred times the budget above. Customers of a
   * shop's form do not reach it; somebody with a stolen key who invents an address for each guess does.
   */
  keyMissedAtMost: 6_000,
  /** The limit of unrecognised calls a minute for each address of a holder. */
  address: 10,
  /** The limit of unrecognised calls a minute over all addresses, unless ten times the mean minute of the last seven days is more. */
  all: 100,
  allOverMean: 10,
} as const

/** Different numbers not recognised within ten minutes that raise an alert. */
export const UNKNOWN_NUMBERS = 100

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const ALERT_WINDOW_MS = 10 * MINUTE_MS
const MINUTES_OF_MEAN = 7 * 24 * 60
/** The number of names per minute: 100,000 of about 100 bytes are 10 MB. Further names share one counter. */
const NAMES_AT_MOST = 100_000
const ALL_OTHERS = 'all others'

/** @param now monotonic, ms */
export function createGuessBudgets(now: () => number, watch: GuessWatch): GuessBudgets {
  const began = now()
  let minute = 0
  let calls = new Map<string, number>()
  let missesByKey = new Map<string, number>()
  let missesByAddress = new Map<string, number>()
  let missesOfAll = 0
  let reported = new Set<string>()
  /** Address → number of permitted calls that are not decided yet. */
  const undecided = new Map<string, number>()
  /** Address → the monotonic time of its last wrong guess. */
  const wrongAt = new Map<string, number>()
  const mean = meanMinute()
  const numbers = differentNumbers(watch)

  const turn = (): void => {
    const current = Math.floor((now() - began) / MINUTE_MS)
    if (current === minute) return
    mean.ended(missesOfAll, current - minute)
    minute = current
    calls = new Map()
    missesByKey = new Map()
    missesByAddress = new Map()
    missesOfAll = 0
    reported = new Set()
    for (const [address, at] of wrongAt) if (now() - at >= HOUR_MS) wrongAt.delete(address)
  }
  const over = (budget: Parameters<GuessWatch['overBudget']>[0]) => {
    if (!reported.has(budget)) watch.overBudget(budget)
    reported.add(budget)
    const left = began + (minute + 1) * MINUTE_MS - now()
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) } as const
  }
  const wasWrong = (address: string | null): boolean => address !== null && wrongAt.has(address)

  return {
    mayAsk({ key, address }) {
      turn()
      const open = address === null || !wasWrong(address) ? 0 : (undecided.get(address) ?? 0)
      if (address !== null && (missesByAddress.get(address) ?? 0) + open >= BUDGETS.address) return over('address')
      // An attacker who uses a shop's form must not use up the budget of the shop's other customers. Without an address
      // they cannot be told apart, and this budget is the only bound.
      if (key !== null && (calls.get(key) ?? 0) >= BUDGETS.key && (address === null || wasWrong(address))) {
        return over('key')
      }
      if (key !== null && (missesByKey.get(key) ?? 0) >= BUDGETS.keyMissed && wasWrong(address)) {
        return over('key_missed')
      }
      if (key !== null && (missesByKey.get(key) ?? 0) >= BUDGETS.keyMissedAtMost) return over('key_at_most')
      const allowed = Math.max(BUDGETS.all, BUDGETS.allOverMean * mean.value())
      if (missesOfAll >= allowed && wasWrong(address)) return over('all')
      if (key !== null) add(calls, key)
      if (address !== null) undecided.set(address, (undecided.get(address) ?? 0) + 1)
      return { ok: true }
    },
    done({ address }) {
      const left = address === null ? 0 : (undecided.get(address) ?? 0) - 1
      if (address !== null && left > 0) undecided.set(address, left)
      else if (address !== null) undecided.delete(address)
    },
    missed({ key, address }, number) {
      turn()
      missesOfAll++
      if (key !== null) add(missesByKey, key)
      if (address !== null) {
        add(missesByAddress, address)
        if (wrongAt.has(address) || wrongAt.size < NAMES_AT_MOST) wrongAt.set(address, now())
      }
      numbers.add(number, now())
    },
  }
}

function add(counts: Map<string, number>, name: string): number {
  const counted = counts.has(name) || counts.size < NAMES_AT_MOST ? name : ALL_OTHERS
  const count = (counts.get(counted) ?? 0) + 1
  counts.set(counted, count)
  return count
}

/** The mean of the minutes of the last seven days, as an exponential mean, because a list of a week would have 10,080 minutes. */
function meanMinute() {
  let mean = 0
  return {
    value: (): number => mean,
    ended(misses: number, minutes: number): void {
      mean += (misses - mean) / MINUTES_OF_MEAN
      mean *= (1 - 1 / MINUTES_OF_MEAN) ** (minutes - 1)
    },
  }
}

/** Counts the different numbers of the last ten minutes. It remembers only as many as are needed to raise the alert. */
function differentNumbers(watch: GuessWatch) {
  /** Number → the time of its last call, the oldest first. */
  const seen = new Map<string, number>()
  let alertedAt = -Infinity
  return {
    add(number: string, at: number): void {
      seen.delete(number)
      seen.set(number, at)
      for (const [oldest, then] of seen) {
        if (at - then < ALERT_WINDOW_MS && seen.size <= UNKNOWN_NUMBERS + 1) break
        seen.delete(oldest)
      }
      if (seen.size <= UNKNOWN_NUMBERS || at - alertedAt < ALERT_WINDOW_MS) return
      alertedAt = at
      watch.enumeration(seen.size)
    },
  }
}

import { CLUB_PACKS } from './club.ts'
import { type Books, EXPLICIT, openTills, type Till, TILLS, type Tills } from './tills.ts'

/**
 * The history of the cards of CLUB in the demo's two shops before today: the same story each time, with dates counted
 * back from the day of its making. Each step is a request of a till, which the core decides. Therefore the story
 * contains only requests, and no results.
 */

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]
/** 8:00 and 19:00 UTC: within the hours of a shop in Warsaw, in summer and in winter. */
const [OPENS, CLOSES] = [8 * 3_600_000, 19 * 3_600_000]

/** 20:00 UTC: when the last timer has run and the last till has reported. */
const ENDS = 20 * 3_600_000

/** A step of the story: its time and its action. */
type Step = { readonly at: number; readonly play: () => void }

/** Plays `days` days that end with yesterday. */
export function playStory(books: Books, days: number, now: number): void {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const chance = seeded(13)
  const tills = openTills(books)
  const shelves = shelvesOf()
  const sold: number[] = []
  for (let day = 1; day <= days; day++) {
    const midnight = today - (days + 1 - day) * DAY_MS
    const steps = stepsOf({ day, midnight, chance, tills, shelves, sold })
    for (const { play } of steps.sort((a, b) => a.at - b.at)) play()
    for (const till of TILLS) tills.close(till, midnight + ENDS)
  }
}

/** Serials of the cards that are for sale, by store, in the order in which they hang there. */
function shelvesOf(): ReadonlyMap<string, number[]> {
  const shelves = new Map<string, number[]>()
  let serial = 1
  for (const { store, state, cards } of CLUB_PACKS) {
    const all = Array.from({ length: cards }, (_, i) => serial + i)
    if (state === 'active') shelves.set(store, all)
    serial += cards
  }
  return shelves
}

type Day = {
  readonly day: number
  readonly midnight: number
  readonly chance: Chance
  readonly tills: Tills
  readonly shelves: ReadonlyMap<string, number[]>
  /** Serials of the cards that have been sold. */
  readonly sold: number[]
}

/** The steps of one day, not sorted. */
function stepsOf({ day, midnight, chance, tills, shelves, sold }: Day): Step[] {
  const steps: Step[] = []
  const at = (): number => midnight + OPENS + chance.upTo(CLOSES - OPENS)
  const till = (): Till => chance.of(TILLS) ?? EXPLICIT
  const customer = (): number | undefined => chance.of(sold)
  const times = (count: number, make: (when: number) => void): void => {
    for (let i = 0; i < count; i++) make(at())
  }
  const step = (when: number, play: () => void): unknown => steps.push({ at: when, play })

  times(1 + chance.upTo(5), (when) => {
    const where = till()
    const serial = shelves.get(where.store)?.shift()
    const amount = chance.of([50_00, 100_00, 100_00, 150_00, 200_00, 300_00]) ?? 100_00
    if (serial !== undefined) step(when, () => tills.sale(where, when, serial, amount) && sold.push(serial))
  })
  // Sundays are quiet.
  const isSunday = new Date(midnight).getUTCDay() === 0
  times((isSunday ? 3 : 8) + chance.upTo(6), (when) => {
    const [where, amount, later] = [till(), 5_00 + chance.upTo(70_00), chance.upTo(100)]
    step(when, () => {
      const serial = customer()
      if (serial === undefined) return
      // Of a hundred payments seven are taken back: two since a line broke, the others at the till or by a receipt.
      if (later < 2) return tills.broken(when, serial, amount)
      const paid = tills.payment(where, when, serial, amount)
      // A customer whose card was reported as empty seldom comes again.
      if (paid === null && later < 90) return void sold.splice(sold.indexOf(serial), 1)
      if (paid === null) return
      if (later < 5) tills.cancel(paid, when + 3 * MINUTE_MS)
      else if (later < 7) tills.refund(paid, when + 30 * MINUTE_MS)
    })
  })
  times(chance.upTo(2), (when) => step(when, () => tills.topUp(till(), when, customer(), 50_00)))
  times(chance.upTo(3), (when) => step(when, () => tills.balance(till(), when, customer())))
  if (day % 9 === 0) times(1, (when) => step(when, () => tills.payment(till(), when, null, 20_00)))
  if (day % 11 === 0) times(1, (when) => step(when, () => tills.payment(till(), when, NOT_THERE_YET, 20_00)))
  if (day === 40) times(1, (when) => step(when, () => tills.disputed(when, customer())))
  // A till that sent nothing more: the timer reverses the payment, and a person has to look at it. Most of these tills
  // report later.
  if (day % 6 === 0) {
    times(1, (when) => step(when, () => tills.silent(when, customer(), { isToldLater: day % 18 !== 0 })))
  }
  return steps
}

/** A card of the pack that is on its way. */
const NOT_THERE_YET = 205

type Chance = { readonly upTo: (most: number) => number; readonly of: <T>(all: readonly T[]) => T | undefined }

/** The same draws each time: the generator of Park and Miller. */
function seeded(seed: number): Chance {
  let state = seed
  const upTo = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * most)
  }
  return { upTo, of: (all) => all[upTo(all.length)] }
}

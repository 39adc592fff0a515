import type { WorkerConnection } from '../../db/connection.ts'
import { salesUntil } from '../../db/reports/sales-until.ts'
import { lockCardCounts } from '../../db/sql/card-counts.ts'
import {
  beginDayEnd,
  type DayEnd,
  endDayEnd,
  forgetDayEnds,
  insertCardDays,
  selectBrokenDays,
  selectDayEnd,
  selectDayEnds,
  selectOtherSalesOfDay,
  selectSoldAfterDay,
  selectTransfersUntil,
  selectWrongMoves,
  setSaleOnDay,
  toDayEnds,
} from '../../db/sql/card-days.ts'
import { type Keeper, lastDayOver } from './kept-figures.ts'
import { isWhole, monthEnds } from './month-ends.ts'
import { dayBefore } from './roll-forward.ts'
import { monthEnd } from './spans.ts'

/** A day to keep, or that is kept, on the end of the month before it (null: it is in the first month). */
export type CardDay = DayEnd & { readonly base: string | null }

const monthBefore = (day: string): string => dayBefore(`${day.slice(0, 7)}-01`)
const isKept = ({ kept, keptOn, all, base }: CardDay): boolean => kept === all && keptOn === base

/** The last day up to which all days since a month's end are kept; null: the first one is not. */
export async function lastKeptDay(
  connection: WorkerConnection,
  base: string | null,
  asOf: string,
): Promise<string | null> {
  const [rows = []] = await connection.send(selectDayEnds(asOf))
  let last: string | null = null
  for (const day of toDayEnds(rows)) {
    if (base !== null && day.day <= base) continue
    // The days of one month: there is no chain over the end of another.
    if (!isKept({ ...day, base }) || (last !== null && monthEnd(day.day) !== monthEnd(last))) break
    last = day.day
  }
  return last
}

/** All days up to one whose month's end before is whole, those of the latest month first, each month's in their order. */
async function cardDays(office: Keeper, until: string): Promise<CardDay[]> {
  const ends = await monthEnds(office)
  const whole = new Set(ends.flatMap(({ month, written }) => (written !== null && isWhole(written) ? [month] : [])))
  const [rows = []] = await office.db.use((connection) => connection.send(selectDayEnds(until)))
  const days = toDayEnds(rows)
  const [first] = days
  const months = new Map<string, CardDay[]>()
  for (const each of days) {
    const isFirst = first !== undefined && monthEnd(first.day) === monthEnd(each.day)
    const base = isFirst ? null : monthBefore(each.day)
    if (base !== null && !whole.has(base)) continue
    const month = months.get(monthEnd(each.day)) ?? []
    months.set(monthEnd(each.day), [...month, { ...each, base }])
  }
  return [...months.values()].reverse().flat()
}

/**
 * The days to keep. Not the latest past day: tills book on it until their own day ends, so it would be recomputed each time.
 */
export const cardDaysToKeep = async (office: Keeper): Promise<CardDay[]> =>
  (await cardDays(office, dayBefore(lastDayOver(office)))).filter((day) => !isKept(day))

/**
 * Keeps the cards that moved on a day, in one database transaction, from the days before it.
 *
 * @returns whether it could: not where something came onto it, or onto a day before, meanwhile, or another process is at work
 */
export const keepCardDay = (office: Keeper, { day, base, all }: CardDay): Promise<boolean> =>
  office.db.use(async (connection) => {
    // Reads nothing with locks: payments go on beside it.
    await connection.send('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
    const [[locked] = [], [there] = []] = await connection.send(`BEGIN;${lockCardCounts};${selectDayEnd(day)}`)
    const isThere = there !== undefined && (there[0] ?? null) === base && Number(there[1]) === all
    if (locked === undefined || isThere) {
      await connection.rollback()
      return isThere
    }
    await connection.send(beginDayEnd(day, base))
    await connection.send(insertCardDays(day, base, dayBefore(day)))
    const [again = []] = await connection.send(selectSoldAfterDay(day))
    const sales = await salesUntil(connection, again.map(([card]) => Number(card)), day) // prettier-ignore
    for (const { cardId, soldIn, soldOn } of sales.values()) {
      await connection.send(setSaleOnDay(day, cardId, soldIn, soldOn))
    }
    const [[now] = []] = await connection.send(selectTransfersUntil(day))
    if (Number(now?.[0]) !== all) {
      await connection.rollback()
      return false
    }
    await connection.send(`${endDayEnd(day, all)};COMMIT`)
    return true
  })

/** Keeps the days that are not, until all are or something comes in between. */
export async function keepCardDays(
  office: Keeper,
  rested: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  isStopping: () => boolean = () => false,
): Promise<void> {
  for (const day of await cardDaysToKeep(office)) {
    if (isStopping() || !(await rested(() => keepCardDay(office, day)))) return
  }
}

/**
 * Proves the cards of each day that is kept: what moved them from the transfers, what they were before from the days before and the
 * month's end, where they were sold from their histories.
 *
 * @returns what is wrong, a line each, and the first day of each month that is
 */
export async function verifyCardDays(
  office: Keeper,
): Promise<{ readonly proven: number; readonly faults: readonly string[]; readonly wrong: readonly CardDay[] }> {
  const kept = (await cardDays(office, lastDayOver(office))).filter(isKept)
  const faults: string[] = []
  const wrong = new Map<string, CardDay>()
  for (const day of kept) {
    const found = await office.db.use((connection) => faultsOn(connection, day))
    faults.push(...found)
    if (found.length > 0 && !wrong.has(monthEnd(day.day))) wrong.set(monthEnd(day.day), day)
  }
  return { proven: kept.length, faults, wrong: [...wrong.values()] }
}

async function faultsOn(connection: WorkerConnection, { day, base, all }: CardDay): Promise<string[]> {
  const [moves = [], broken = [], sold = [], [now] = []] = await connection.send(
    [
      selectWrongMoves(day, dayBefore(day)),
      selectBrokenDays(day, base, dayBefore(day)),
      selectOtherSalesOfDay(day),
      selectTransfersUntil(day),
    ].join(';'),
  )
  // Something came late onto it meanwhile.
  if (Number(now?.[0]) !== all) return []
  const cards = sold.map(([card]) => Number(card))
  const sales = await salesUntil(connection, cards, day)
  return [
    ...moves.map(([card, has, wanted]) => `cards of ${day} card ${String(card)}: moved by ${String(has)}, the transactions give ${String(wanted)}`),
    ...broken.map(([card, has, wanted]) => `cards of ${day} card ${String(card)}: came with ${String(has)}, the days before give ${String(wanted)}`),
    ...sold.flatMap(([card, soldIn, soldOn]) => {
      const wanted = sales.get(Number(card))
      // One without a sale in the transactions was sold before there were any, or is archived.
      if (wanted === undefined || (wanted.soldIn === soldIn && wanted.soldOn === soldOn)) return []
      return [`cards of ${day} card ${String(card)}: sold in ${String(soldIn)} on ${String(soldOn)}, the transactions give ${wanted.soldIn} on ${wanted.soldOn}`]
    }),
  ] // prettier-ignore
}

/** Recomputes days, and the days after them in their months. */
export async function mendCardDays(office: Keeper, wrong: readonly CardDay[]): Promise<void> {
  for (const { day, base } of wrong) await office.db.use((connection) => connection.send(forgetDayEnds(day, base)))
  await keepCardDays(office)
}

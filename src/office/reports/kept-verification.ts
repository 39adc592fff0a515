import { selectIsArchived } from '../../db/sql/archived-figures.ts'
import type { DayFigures } from '../../db/sql/report-spans.ts'
import {
  forgetSpan,
  selectDay,
  selectKeptDays,
  selectWrongMonths,
  toCohortSum,
  toKeptDay,
  toMatrixSum,
  toTillActs,
} from '../../db/sql/report-spans.ts'
import { isRefused } from '../refusal.ts'
import { cardCountFaults, countAllCards } from './card-counts.ts'
import { type CardDay, mendCardDays, verifyCardDays } from './card-days.ts'
import { keepDay, type Keeper, keepMonth } from './kept-figures.ts'
import { restartMonthEnds, verifyMonthEnds, writeMonthEnds } from './month-ends.ts'
import { inSnapshot } from './snapshot.ts'
import { figuresOfDay } from './spans.ts'

/** Kept figures that differ from the transactions. */
type KeptFaults = {
  readonly days: number
  readonly monthEnds: number
  /** Days whose kept cards that moved are wrong. */
  readonly cardDays: number
  readonly faults: readonly string[]
  readonly wrongDays: readonly string[]
  /** The first month's end that is wrong; those after it are computed from it. */
  readonly wrongEnd: string | null
  /** The first day of each month whose kept cards are wrong. */
  readonly wrongCardDays: readonly CardDay[]
  /** The counts of cards by state are wrong. */
  readonly isMiscounted: boolean
}

/** Verifies the figures of days and months and the ends of months, each in its own snapshot. Figures that are out of date are no fault, because reports do not use them. */
export async function verifyKept(office: Keeper): Promise<KeptFaults> {
  const faults: string[] = []
  const wrongDays: string[] = []
  const [rows = []] = await office.db.use((connection) => connection.send(selectKeptDays({ from: null, to: null })))
  const kept = rows.map(toKeptDay).filter((each) => each.kept !== null && each.kept === each.transfers)
  for (const { day } of kept) {
    const found = await differencesOn(office, day)
    if (found.length > 0) wrongDays.push(day)
    faults.push(...found)
  }
  const months = await wrongMonthsOf(office)
  faults.push(...months.map(({ table, month }) => `${month} ${table}: the month is not the sum of its days`))
  const ends = await verifyMonthEnds(office)
  const cards = await verifyCardDays(office)
  const counts = await cardCountFaults(office)
  return {
    days: kept.length,
    monthEnds: ends.proven,
    cardDays: cards.proven,
    faults: [...faults, ...ends.faults, ...cards.faults, ...counts],
    wrongDays,
    wrongEnd: ends.wrong,
    wrongCardDays: cards.wrong,
    isMiscounted: counts.length > 0,
  }
}

/** Tables and months (by their last days) whose figures are not the sum of their days. */
async function wrongMonthsOf(office: Keeper): Promise<{ readonly table: string; readonly month: string }[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectWrongMonths))
  return rows.map(([table, month]) => ({ table: String(table), month: String(month) }))
}

async function differencesOn(office: Keeper, day: string): Promise<string[]> {
  const found = await inSnapshot(office, async (snapshot) => {
    const wanted = await figuresOfDay(snapshot, office.timeZone, day)
    const [[now] = [], matrix = [], cohorts = [], acts = [], isArchived = []] = await snapshot.connection.send(
      [selectKeptDays({ from: day, to: day }), selectDay(day), selectIsArchived(day)].join(';'),
    )
    const { transfers, kept } = now === undefined ? { transfers: 0, kept: null } : toKeptDay(now)
    // Something was booked late on this day meanwhile.
    if (wanted === null || kept !== transfers) return []
    const has = { transfers, matrix: matrix.map(toMatrixSum), cohorts: cohorts.map(toCohortSum), tillActs: acts.map(toTillActs) }
    // Acts of terminals are not archived.
    const proven = (figures: DayFigures): DayFigures => (isArchived.length === 0 ? figures : { ...figures, tillActs: [] })
    return differences(day, linesOf(proven(has)), linesOf(proven(wanted)))
  }) // prettier-ignore
  return isRefused(found) ? [] : found
}

const linesOf = ({ matrix, cohorts, tillActs }: DayFigures): ReadonlyMap<string, string> =>
  new Map([
    ...matrix.map((m): [string, string] => [
      `matrix issue ${m.issueId} from ${m.origin} to ${m.spentIn} ${m.currency}`,
      String(m.amount),
    ]),
    ...cohorts.map((c): [string, string] => [
      `cohort ${c.cohort} issue ${c.issueId} sold in ${c.soldIn} after ${c.months} months ${c.operation}`,
      String(c.amount),
    ]),
    ...tillActs.map((a): [string, string] => [
      `acts of ${a.store} ${a.terminal} at ${a.hour}`,
      `${a.refunds} ${a.cancellations} ${a.keyed}`,
    ]),
  ])

const differences = (day: string, has: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string[] =>
  [...new Set([...wanted.keys(), ...has.keys()])]
    .filter((what) => wanted.get(what) !== has.get(what))
    .map(
      (what) => `${day} ${what}: ${has.get(what) ?? 'nothing'}, the transactions give ${wanted.get(what) ?? 'nothing'}`,
    )

/** Computes wrong figures again. @returns what was wrong, in words */
export async function mendKept(office: Keeper, wrong: KeptFaults): Promise<string[]> {
  for (const day of wrong.wrongDays) {
    await office.db.transaction((connection) => connection.send(forgetSpan('day', day)))
    await keepDay(office, day)
  }
  // Verified again, because a month that was the sum of wrong days is wrong now that the days are right.
  const wrongMonths = await wrongMonthsOf(office)
  for (const { month } of wrongMonths) await keepMonth(office, month)
  if (wrong.wrongEnd !== null) {
    await restartMonthEnds(office, wrong.wrongEnd)
    await writeMonthEnds(office)
  }
  if (wrong.wrongCardDays.length > 0) await mendCardDays(office, wrong.wrongCardDays)
  if (wrong.isMiscounted) await countAllCards(office)
  return [
    ...wrong.wrongDays.map((day) => `figures of ${day}`),
    ...[...new Set(wrongMonths.map(({ month }) => month))].map((month) => `figures of the month until ${month}`),
    ...(wrong.wrongEnd === null ? [] : [`ends of months from ${wrong.wrongEnd}`]),
    ...wrong.wrongCardDays.map(({ day }) => `cards of ${day}`),
    ...(wrong.isMiscounted ? ['counts of cards by state'] : []),
  ]
}

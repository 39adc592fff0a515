import { readFacts } from '../../db/reports/sums.ts'
import { selectArchivedCohorts } from '../../db/sql/archived-figures.ts'
import { type Scope, selectTillActs } from '../../db/sql/report-queries.ts'
import {
  type CohortSum,
  type DayFigures,
  type MatrixSum,
  selectKeptDays,
  selectKeptMonths,
  type Spans,
  type TillActs,
  toCohortSum,
  toKeptDay,
  toTillActs,
} from '../../db/sql/report-spans.ts'
import { clockAround } from '../day-bounds.ts'
import { type CohortFact, cohortFacts } from '../../db/reports/cohorts.ts'
import { grouped, isWithin } from './definition.ts'
import { spentOn } from './spending.ts'
import type { Snapshot } from './snapshot.ts'

/** The parts of a period: months and days whose figures are kept, and days that are computed from transactions. */
export type Cover = Spans & { readonly open: readonly string[] }

/** The last day of the month that a day is in. */
export function monthEnd(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}

/**
 * The kept figures of a period's days, in one snapshot. They are used only if they were computed from as many transfers as the
 * day has now, so not if something was booked late on that day or is not folded yet.
 */
export async function coverOf(
  { connection, unfolded }: Pick<Snapshot, 'connection' | 'unfolded'>,
  period: Pick<Scope, 'from' | 'to'>,
): Promise<Cover> {
  const [days = [], keptMonths = []] = await connection.send(`${selectKeptDays(period)};${selectKeptMonths(period)}`)
  const touched = new Set(unfolded.facts.filter(({ day }) => isWithin(period, day)).map(({ day }) => day))
  const known = days.map(toKeptDay)
  const transfers = new Map<string, number>()
  for (const each of known) {
    const month = monthEnd(each.day)
    // If a day has changed, the figures of its month are out of date too.
    transfers.set(month, (transfers.get(month) ?? 0) + (touched.has(each.day) ? NaN : each.transfers))
  }
  const months = keptMonths.filter(([month, kept]) => transfers.get(String(month)) === Number(kept)).map(([month]) => String(month)) // prettier-ignore
  const inMonths = new Set(months)
  const rest = known.filter(({ day }) => !inMonths.has(monthEnd(day)))
  const isKept = (each: (typeof rest)[number]): boolean => each.kept === each.transfers && !touched.has(each.day)
  const open = new Set([...rest.filter((each) => !isKept(each)).map(({ day }) => day), ...touched])
  return { months, days: rest.filter(isKept).map(({ day }) => day), open: [...open].sort() }
}

/** Sums of cohorts, grouped by everything except the day. */
const cohortsOf = (facts: readonly CohortFact[]): CohortSum[] =>
  grouped(
    facts,
    ({ issueId, soldIn, cohort, months, operation }) => [issueId, soldIn, cohort, months, operation].join('\n'),
    ({ day: _day, ...sum }): CohortSum => ({ ...sum, amount: 0 }),
    (sum, { amount }) => ({ ...sum, amount: sum.amount + amount }),
  ).filter(({ amount }) => amount !== 0)

/** Cohorts of the folded and archived transfers of a day, without these ones. */
export async function cohortsOfDay(
  connection: Snapshot['connection'],
  day: string,
  but: ReadonlySet<number>,
): Promise<CohortFact[]> {
  const { facts, sales } = await readFacts(connection, { day })
  const [archived = []] = await connection.send(selectArchivedCohorts(day))
  const own = cohortFacts({ facts: facts.filter(({ id }) => !but.has(id)), sales })
  return [...own, ...archived.map((row) => ({ day, ...toCohortSum(row) }))]
}

/** Activity of some days by the stores' clocks; only hours with any. */
export async function tillActsOn(
  { connection }: Pick<Snapshot, 'connection'>,
  timeZone: string,
  days: readonly string[],
  stores: readonly string[] | null,
): Promise<TillActs[]> {
  const acts: TillActs[] = []
  for (const day of days) {
    const scope = { from: day, to: day, stores, issues: null }
    const [rows = []] = await connection.send(selectTillActs(scope, clockAround(day, timeZone)))
    acts.push(...rows.map(toTillActs))
  }
  return acts
}

/** All figures that are kept of a day, computed from its transactions; null: something of that day is not folded yet. */
export async function figuresOfDay(snapshot: Snapshot, timeZone: string, day: string): Promise<DayFigures | null> {
  const { connection, unfolded } = snapshot
  if (unfolded.facts.some((fact) => fact.day === day)) return null
  const [[kept] = []] = await connection.send(selectKeptDays({ from: day, to: day }))
  const spent = await spentOn(snapshot, { from: day, to: day, stores: null, issues: null }, [day])
  const matrix = grouped(
    spent,
    ({ issueId, origin, spentIn, currency }) => [issueId, origin, spentIn, currency].join('\n'),
    ({ issueId, origin, spentIn, currency }): MatrixSum => ({ issueId, origin, spentIn, currency, amount: 0 }),
    (sum, { amount }) => ({ ...sum, amount: sum.amount + amount }),
  )
  return {
    transfers: kept === undefined ? 0 : toKeptDay(kept).transfers,
    matrix: matrix.filter(({ amount }) => amount !== 0),
    cohorts: cohortsOf(await cohortsOfDay(connection, day, new Set())),
    tillActs: await tillActsOn(snapshot, timeZone, [day], null),
  }
}

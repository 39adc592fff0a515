import type { Fact } from '../../core/reports/fact.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { readRows, type Sums, sumsOf } from '../../db/reports/sums.ts'
import { rangeLeft } from '../../db/reports/folding.ts'
import { salesOf } from '../../db/reports/card-sales.ts'
import { selectBookedLoads, toFact, type CardSale, type Decline } from '../../db/sql/report-facts.ts'
import { selectExactAsOf } from '../../db/sql/report-sums.ts'
import { selectSettled, toSettled } from '../../db/sql/unfolded.ts'
import { fromInstant } from '../../db/sql/literal.ts'
import type { Office } from '../office.ts'
import { refused, type Refused } from '../refusal.ts'
import { type CohortFact, cohortFacts } from '../../db/reports/cohorts.ts'
import type { ExactAsOf } from './report.ts'

/** A consistent snapshot of the database, from which all figures of a report are read. */
export type Snapshot = {
  readonly connection: WorkerConnection
  readonly exactAsOf: ExactAsOf
  /** The latest booking day of a transfer; null: there is none. */
  readonly lastDay: string | null
  /** What is not in the sums yet: transfers and refusals that are not folded, and loads that are booked but not applied. */
  readonly unfolded: {
    readonly sums: Sums
    readonly facts: readonly Fact[]
    readonly sales: readonly CardSale[]
    readonly cohorts: readonly CohortFact[]
  }
}

/** Transactions read at a time. */
const LOT = 2_000

/** Runs the queries of a report in one snapshot. */
export const inSnapshot = <T>(
  { db }: { readonly db: Pick<Office['db'], 'use'> },
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T | Refused> =>
  db.use(async (connection) => {
    await connection.send('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await connection.send('BEGIN')
    try {
      const [[now] = [], [kept] = [], unsettled = [], booked = []] = await connection.send(
        `SELECT CURRENT_TIMESTAMP(3);${selectExactAsOf};${selectSettled};${selectBookedLoads}`,
      )
      const left = await rangeLeft(connection)
      if (left !== null) return refused('reports_preparing', { left: left.until - left.from })
      const { facts, declines } = await readLots(connection, unsettled.flatMap(toSettled))
      const loads = booked.map(toFact)
      // All of them at once, because the sale of a card may be among them, which is in no sum yet.
      const sales = await salesOf(connection, [...facts, ...loads])
      const read = sumsOf({ facts, declines, sales })
      const sums = joined(read, sumsOf({ facts: loads, declines: [], sales }))
      const { days } = read
      const [transfers, amount, lastDay] = kept ?? []
      return await work({
        connection,
        exactAsOf: {
          at: new Date(fromInstant(String(now?.[0]))).toISOString(),
          rows: days.reduce((sum, day) => sum + day.transfers, Number(transfers)),
          sum: days.reduce((sum, day) => sum + day.amount, Number(amount)),
        },
        lastDay: latest([...sums.days.map(({ day }) => day), ...(typeof lastDay === 'string' ? [lastDay] : [])]),
        unfolded: {
          sums,
          facts: [...facts, ...loads],
          sales: sales.added,
          cohorts: cohortFacts({ facts: [...facts, ...loads], sales }),
        },
      })
    } finally {
      await connection.rollback()
    }
  })

async function readLots(connection: WorkerConnection, ids: readonly number[]) {
  const facts: Fact[] = []
  const declines: Decline[] = []
  for (let i = 0; i < ids.length; i += LOT) {
    const read = await readRows(connection, { ids: ids.slice(i, i + LOT) })
    facts.push(...read.facts)
    declines.push(...read.declines)
  }
  return { facts, declines }
}

const joined = (a: Sums, b: Sums): Sums => ({
  activity: [...a.activity, ...b.activity],
  balances: [...a.balances, ...b.balances],
  declines: [...a.declines, ...b.declines],
  days: [...a.days, ...b.days],
})

const latest = (days: readonly string[]): string | null =>
  days.reduce<string | null>((a, b) => (a === null || b > a ? b : a), null)

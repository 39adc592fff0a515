import { activityOf, type Fact, gainOf } from '../../core/reports/fact.ts'
import type { WorkerConnection } from '../connection.ts'
import {
  type Decline,
  selectDeclines,
  selectFacts,
  toDecline,
  toFact,
  upsertSales,
  type Which,
} from '../sql/report-facts.ts'
import {
  type ActivitySum,
  addActivity,
  addBalances,
  addDays,
  addDeclines,
  type BalanceSum,
  type DaySum,
  type DeclineSum,
  selectSums,
  type SumsOf,
  toActivitySum,
  toBalanceSum,
  toDaySum,
  toDeclineSum,
} from '../sql/report-sums.ts'
import { type Sales, salesOf } from './card-sales.ts'

/** Daily sums of a set of transactions. */
export type Sums = {
  readonly activity: readonly ActivitySum[]
  readonly balances: readonly BalanceSum[]
  readonly declines: readonly DeclineSum[]
  readonly days: readonly DaySum[]
}

/** Sums without sales. */
export const NO_SALES: Sales = { ofFact: () => null, added: [] }

/** The data of some transactions: transfers, refusals, and where the cards were sold. */
export type Read = { readonly facts: readonly Fact[]; readonly declines: readonly Decline[]; readonly sales: Sales }

export async function readFacts(connection: WorkerConnection, which: Which): Promise<Read> {
  const read = await readRows(connection, which)
  return { ...read, sales: await salesOf(connection, read.facts) }
}

/** The same without the sales of the cards. */
export async function readRows(connection: WorkerConnection, which: Which): Promise<Omit<Read, 'sales'>> {
  const [rows = [], refused = []] = await connection.send(`${selectFacts(which)};${selectDeclines(which)}`)
  return { facts: rows.map(toFact), declines: refused.map(toDecline) }
}

/**
 * Computes the sums of these facts. Folding, verification and the addition of unfolded transactions use the same
 * function.
 */
export function sumsOf({ facts, declines, sales }: Read): Sums {
  const sums = addingSums()
  for (const fact of facts) {
    const { day, originalDay, store, operation, channel, currency } = fact
    const issueId = fact.card?.issueId ?? 0
    // Field by field: to spread one object over another took as long as all else that is done with a fact.
    const { count, amount, undoneCount, undoneAmount } = activityOf(fact)
    sums.activity({
      day, store, issueId, operation, channel, currency, originalDay, count, amount, undoneCount, undoneAmount,
    }) // prettier-ignore
    sums.day({ day, transfers: 1, amount: fact.amount })
    const gain = gainOf(fact)
    if (gain === 0) continue
    const soldIn = sales.ofFact(fact)?.soldIn ?? ''
    const [gross, undone] = fact.undoes ? [0, gain] : [gain, 0]
    sums.balance({ day, issueId, soldIn, operation, gross, undone })
  }
  for (const { day, store, terminal, reason } of declines) sums.decline({ day, store, terminal, reason, count: 1 })
  return sums.all()
}

/** Accumulates sums of rows that are equal in everything but their figures. */
export function addingSums() {
  const activity = adding<ActivitySum>(
    (s) => `${s.day}\n${s.store}\n${s.issueId}\n${s.operation}\n${s.channel}\n${s.currency}\n${s.originalDay}`,
    (into, s) => {
      into.count += s.count
      into.amount += s.amount
      into.undoneCount += s.undoneCount
      into.undoneAmount += s.undoneAmount
    },
  )
  const balances = adding<BalanceSum>(
    (s) => `${s.day}\n${s.issueId}\n${s.soldIn}\n${s.operation}`,
    (into, s) => {
      into.gross += s.gross
      into.undone += s.undone
    },
  )
  const declines = adding<DeclineSum>(
    (s) => `${s.day}\n${s.store}\n${s.terminal}\n${s.reason}`,
    (into, s) => {
      into.count += s.count
    },
  )
  const days = adding<DaySum>(
    (s) => s.day,
    (into, s) => {
      into.transfers += s.transfers
      into.amount += s.amount
    },
  )
  return {
    activity: activity.add,
    balance: balances.add,
    decline: declines.add,
    day: days.add,
    add: (sums: Sums): void => {
      for (const sum of sums.activity) activity.add(sum)
      for (const sum of sums.balances) balances.add(sum)
      for (const sum of sums.declines) declines.add(sum)
      for (const sum of sums.days) days.add(sum)
    },
    all: (): Sums => ({
      activity: activity.all(),
      balances: balances.all(),
      declines: declines.all(),
      days: days.all(),
    }),
  }
}

type Growing<Sum> = { -readonly [Field in keyof Sum]: Sum[Field] }

function adding<Sum extends object>(key: (sum: Sum) => string, plus: (into: Growing<Sum>, sum: Sum) => void) {
  const sums = new Map<string, Growing<Sum>>()
  return {
    add: (sum: Sum): void => {
      const name = key(sum)
      const before = sums.get(name)
      if (before === undefined) sums.set(name, { ...sum })
      else plus(before, sum)
    },
    all: (): Sum[] => [...sums.values()],
  }
}

/** Adds to the sums that are kept. */
export async function addSums(connection: WorkerConnection, sums: Sums, sales: Sales): Promise<void> {
  const writes = [...writesOf(sums, 'report'), ...(sales.added.length === 0 ? [] : [upsertSales(sales.added)])]
  if (writes.length > 0) await connection.send(writes.join(';'))
}

/** Adds to the part of the sums whose transactions are archived. */
export async function addArchivedSums(connection: WorkerConnection, sums: Sums): Promise<void> {
  const writes = writesOf(sums, 'archived')
  if (writes.length > 0) await connection.send(writes.join(';'))
}

const writesOf = (sums: Sums, of: SumsOf): string[] => [
  ...(sums.activity.length === 0 ? [] : [addActivity(sums.activity, of)]),
  ...(sums.balances.length === 0 ? [] : [addBalances(sums.balances, of)]),
  ...(sums.declines.length === 0 ? [] : [addDeclines(sums.declines, of)]),
  ...(sums.days.length === 0 ? [] : [addDays(sums.days, of)]),
]

/** The sums as they are kept, or the part whose transactions are archived; of all days, or of one. */
export async function readSums(connection: WorkerConnection, of: SumsOf, day: string | null = null): Promise<Sums> {
  const [activity = [], balances = [], declines = [], days = []] = await connection.send(selectSums(of, day))
  return {
    activity: activity.map(toActivitySum),
    balances: balances.map(toBalanceSum),
    declines: declines.map(toDeclineSum),
    days: days.map(toDaySum),
  }
}

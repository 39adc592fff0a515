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
} from '../sql/report-sums.ts'
import { type Sales, salesOf } from './card-sales.ts'

/** What some transactions add to the sums of their days. */
export type Sums = {
  readonly activity: readonly ActivitySum[]
  readonly balances: readonly BalanceSum[]
  readonly declines: readonly DeclineSum[]
  readonly days: readonly DaySum[]
}

export const NO_SUMS: Sums = { activity: [], balances: [], declines: [], days: [] }

/** What was read of some transactions: transfers, refusals, and where the cards were sold. */
export type Read = { readonly facts: readonly Fact[]; readonly declines: readonly Decline[]; readonly sales: Sales }

export async function readFacts(connection: WorkerConnection, which: Which): Promise<Read> {
  const [rows = [], refused = []] = await connection.send(`${selectFacts(which)};${selectDeclines(which)}`)
  const facts = rows.map(toFact)
  return { facts, declines: refused.map(toDecline), sales: await salesOf(connection, facts) }
}

/** The sums of these facts: the same function folds, proves and adds what is not folded yet. */
export function sumsOf({ facts, declines, sales }: Read): Sums {
  const sums = addingSums()
  for (const fact of facts) {
    const { day, originalDay, store, operation, channel, currency, amount } = fact
    const issueId = fact.card?.issueId ?? 0
    sums.activity({ day, store, issueId, operation, channel, currency, originalDay, ...activityOf(fact) })
    sums.day({ day, transfers: 1, amount })
    const gain = gainOf(fact)
    if (gain === 0) continue
    const soldIn = sales.ofFact(fact)?.soldIn ?? ''
    const [gross, undone] = fact.undoes ? [0, gain] : [gain, 0]
    sums.balance({ day, issueId, soldIn, operation, gross, undone })
  }
  for (const { day, store, terminal, reason } of declines) sums.decline({ day, store, terminal, reason, count: 1 })
  return sums.all()
}

/** Sums that grow: of what is alike in all but its figures. */
export function addingSums() {
  const activity = adding<ActivitySum>(
    (s) => [s.day, s.store, s.issueId, s.operation, s.channel, s.currency, s.originalDay],
    (a, b) => ({
      ...a,
      count: a.count + b.count,
      amount: a.amount + b.amount,
      undoneCount: a.undoneCount + b.undoneCount,
      undoneAmount: a.undoneAmount + b.undoneAmount,
    }),
  )
  const balances = adding<BalanceSum>(
    (s) => [s.day, s.issueId, s.soldIn, s.operation],
    (a, b) => ({ ...a, gross: a.gross + b.gross, undone: a.undone + b.undone }),
  )
  const declines = adding<DeclineSum>(
    (s) => [s.day, s.store, s.terminal, s.reason],
    (a, b) => ({ ...a, count: a.count + b.count }),
  )
  const days = adding<DaySum>(
    (s) => [s.day],
    (a, b) => ({ ...a, transfers: a.transfers + b.transfers, amount: a.amount + b.amount }),
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

function adding<Sum>(key: (sum: Sum) => readonly (string | number)[], plus: (a: Sum, b: Sum) => Sum) {
  const sums = new Map<string, Sum>()
  return {
    add: (sum: Sum): void => {
      const name = key(sum).join('\n')
      const before = sums.get(name)
      sums.set(name, before === undefined ? sum : plus(before, sum))
    },
    all: (): Sum[] => [...sums.values()],
  }
}

/** Adds to the sums that are kept. */
export async function addSums(connection: WorkerConnection, sums: Sums, sales: Sales): Promise<void> {
  const writes = [
    ...(sums.activity.length === 0 ? [] : [addActivity(sums.activity)]),
    ...(sums.balances.length === 0 ? [] : [addBalances(sums.balances)]),
    ...(sums.declines.length === 0 ? [] : [addDeclines(sums.declines)]),
    ...(sums.days.length === 0 ? [] : [addDays(sums.days)]),
    ...(sales.added.length === 0 ? [] : [upsertSales(sales.added)]),
  ]
  if (writes.length > 0) await connection.send(writes.join(';'))
}

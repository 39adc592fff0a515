import { activityOf, type Fact } from '../../core/reports/fact.ts'
import { type Operation, STORE_OPERATIONS } from '../../core/operations.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { readRows } from '../../db/reports/sums.ts'
import { selectArrivals, selectSeenUntil, toArrival, toSeenUntil } from '../../db/sql/late-transactions.ts'
import type { SettlementRow } from '../../db/sql/settlements.ts'
import type { Settlement } from './figures.ts'

/** A transaction that arrived after the settlement of its day was made; the line of a later settlement contains its amount. */
export type LateRow = {
  readonly id: number
  /** The settlement that has its day. */
  readonly corrects: number
  readonly store: string
  readonly day: string
  readonly operation: Operation
  readonly currency: number
  readonly receivable: number
  readonly payable: number
}

/** More are not named, but counted in the line. */
const MOST = 5_000
const LOT = 2_000

/**
 * The transactions of a settlement's late lines. They are those that arrived between the settlement that last looked at these
 * days and this one; a transaction never changes, so that they are the same whenever it is asked.
 */
export async function lateRows(
  connection: WorkerConnection,
  { lines, stores, exactAt }: Pick<Settlement, 'lines' | 'stores' | 'exactAt'>,
  corrected: ReadonlyMap<number, Pick<SettlementRow, 'from' | 'to'>>,
): Promise<LateRow[]> {
  const named = []
  for (const [id, { from, to }] of corrected) {
    if (!lines.some(({ kind, corrects }) => kind === 'late' && corrects === id)) continue
    const [seen = []] = await connection.send(selectSeenUntil(id, exactAt))
    const since = new Map(seen.map(toSeenUntil).filter(([store]) => stores.includes(store)))
    if (since.size === 0) continue
    const period = { from, to, after: Math.min(...since.values()), until: exactAt }
    const [rows = []] = await connection.send(selectArrivals(period, MOST))
    const arrived = new Map(rows.map(toArrival))
    for (const fact of await factsOf(connection, [...arrived.keys()])) {
      const seenUntil = since.get(fact.store)
      const row = lateRow(fact, id)
      if (row !== null && seenUntil !== undefined && (arrived.get(fact.id) ?? 0) > seenUntil) named.push(row)
    }
  }
  return named.toSorted((a, b) => a.corrects - b.corrects || compare(a.store, b.store) || compare(a.day, b.day) || a.id - b.id) // prettier-ignore
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function factsOf(connection: WorkerConnection, ids: readonly number[]): Promise<Fact[]> {
  const facts: Fact[] = []
  for (let i = 0; i < ids.length; i += LOT) {
    facts.push(...(await readRows(connection, { ids: ids.slice(i, i + LOT) })).facts)
  }
  return facts
}

/** Null: it moved no account of a store, or a card of another host. */
function lateRow(fact: Fact, corrects: number): LateRow | null {
  const moved = STORE_OPERATIONS.get(fact.operation)
  if (moved === undefined || fact.card === null) return null
  const { amount, undoneAmount } = activityOf(fact)
  const { id, store, day, operation, currency } = fact
  const sides = { receivable: 0, payable: 0, [moved.account]: moved.sign * (amount - undoneAmount) }
  return { id, corrects, store, day, operation, currency, ...sides }
}

/** Whether they add up to the late lines. They do not if some are archived, or if there are more than are named. */
export function isAllNamed({ lines }: Pick<Settlement, 'lines'>, named: readonly LateRow[]): boolean {
  const left = new Map<string, number>()
  const add = (key: readonly (string | number)[], amount: number): void => {
    left.set(key.join(' '), (left.get(key.join(' ')) ?? 0) + amount)
  }
  for (const [rows, sign] of [
    [lines.filter(({ kind }) => kind === 'late'), 1],
    [named, -1],
  ] as const) {
    for (const { corrects, store, currency, receivable, payable } of rows) {
      add(['receivable', corrects, store, currency], sign * receivable)
      add(['payable', corrects, store, currency], sign * payable)
    }
  }
  return [...left.values()].every((amount) => amount === 0)
}

import { createHash } from 'node:crypto'
import { STORE_OPERATIONS } from '../../core/operations.ts'
import type { SettlementCell, SettlementLine, SettlementRow } from '../../db/sql/settlements.ts'
import { selectSettledByOriginal, selectTransfersOf } from '../../db/sql/settlements.ts'
import { isIn, isWithin } from '../reports/definition.ts'
import { spentSums } from '../reports/settlement.ts'
import { undoneIn } from '../reports/spending.ts'
import type { Snapshot } from '../reports/snapshot.ts'

/** A settlement with all its figures. */
export type Settlement = SettlementRow & {
  readonly stores: readonly string[]
  readonly lines: readonly SettlementLine[]
  readonly matrix: readonly SettlementCell[]
  /** How many transfers the days of settlements had when this one was made, its own included. */
  readonly seen: ReadonlyMap<number, number>
}

export type SettlementFigures = Pick<Settlement, 'lines' | 'matrix' | 'seen'>
const OWN = { kind: 'own', corrects: 0 } as const

export type Period = { readonly from: string; readonly to: string; readonly stores: readonly string[] }

/** A digest of all closed figures in a fixed order, so that a change in the database is detected. */
export function digestOf({ from, to, stores }: Period, { lines, matrix }: Omit<SettlementFigures, 'seen'>): string {
  const texts = [
    ...lines.map((l) => ['line', l.kind, l.corrects, l.store, l.currency, l.receivable, l.payable].join(' ')),
    ...matrix.map((c) => ['cell', c.kind, c.corrects, c.origin, c.spentIn, c.currency, c.amount].join(' ')),
  ].sort()
  return createHash('sha256')
    .update([from, to, [...stores].sort().join(','), ...texts].join('\n'))
    .digest('hex')
}

type Names = Pick<Settlement, 'id' | 'from' | 'to' | 'stores'>

/** The closed settlement of a store that has a day; 0: none. */
function closedWith(closed: readonly Names[], store: string, day: string): number {
  return closed.find(({ from, to, stores }) => day >= from && day <= to && stores.includes(store))?.id ?? 0
}

/**
 * The figures of a new settlement: its own days; separately, reversals of transactions that another settlement has
 * closed; and late bookings on closed days, which are the present sums of those days less the settled ones.
 *
 * @param id of the new one; @param closed all closed ones
 */
export async function settlementFigures(
  snapshot: Snapshot,
  id: number,
  period: Period,
  closed: readonly Settlement[],
): Promise<SettlementFigures> {
  const { from, to, stores } = period
  const lines = new Lines()
  const matrix = new Matrix()
  const place = (store: string, day: string) => {
    const other = day >= from && day <= to ? 0 : closedWith(closed, store, day)
    return { kind: other === 0 ? ('own' as const) : ('undone' as const), corrects: other }
  }
  for (const row of await settledRows(snapshot, period)) lines.add({ ...place(row.store, row.originalDay), ...row })
  for (const cell of await spentSums(snapshot, { ...period, issues: null })) matrix.add({ ...OWN, ...cell })
  // A month of a large chain moves hundreds of thousands of cards: only those on which something was undone are played.
  for (const cell of closed.length === 0 ? [] : await undoneIn(snapshot, { ...period, issues: null })) {
    const { kind, corrects } = place(cell.spentIn, cell.originalDay)
    if (kind === 'own') continue
    matrix.add({ ...cell, kind, corrects })
    matrix.add({ ...cell, ...OWN, amount: -cell.amount })
  }
  const seen = new Map([[id, await transfersOf(snapshot, from, to)]])
  for (const other of closed) {
    const shared = other.stores.filter((store) => stores.includes(store))
    if (shared.length === 0) continue
    const transfers = await transfersOf(snapshot, other.from, other.to)
    seen.set(other.id, transfers)
    if (transfers === seenBefore(closed, other, shared)) continue
    const late = { kind: 'late', corrects: other.id } as const
    const days = { from: other.from, to: other.to, stores: shared }
    for (const row of await settledRows(snapshot, days)) lines.add({ ...late, ...row })
    for (const cell of await spentSums(snapshot, { ...days, issues: null })) matrix.add({ ...late, ...cell })
    for (const settled of closed) {
      // For days of a closed settlement: its own figures and later corrections.
      const counts = (line: { readonly kind: string; readonly corrects: number }): boolean =>
        settled.id === other.id ? line.kind !== 'late' : line.kind === 'late' && line.corrects === other.id
      for (const line of settled.lines.filter((one) => counts(one) && shared.includes(one.store))) {
        lines.add({ ...line, ...late, receivable: -line.receivable, payable: -line.payable })
      }
      for (const cell of settled.matrix.filter((one) => counts(one) && shared.includes(one.spentIn))) {
        matrix.add({ ...cell, ...late, amount: -cell.amount })
      }
    }
  }
  return { lines: lines.all(), matrix: matrix.all(), seen }
}

/** The number of transfers that was seen last by a settlement of all these stores. */
function seenBefore(closed: readonly Settlement[], { id }: Names, stores: readonly string[]): number | undefined {
  const [latest] = closed
    .filter((one) => one.seen.has(id) && stores.every((store) => one.stores.includes(store)))
    .sort((a, b) => b.id - a.id)
  return latest?.seen.get(id)
}

type Settled = Pick<SettlementLine, 'store' | 'currency' | 'receivable' | 'payable'> & { readonly originalDay: string }

async function settledRows({ connection, unfolded }: Snapshot, period: Period): Promise<Settled[]> {
  const operations = [...STORE_OPERATIONS.keys()]
  const scope = { ...period, issues: null }
  const [rows = []] = await connection.send(selectSettledByOriginal(scope, operations))
  const kept = rows.map((row) => {
    const [store, currency, originalDay, operation, amount] = row as [string, number, string, string, number]
    return { store, currency, originalDay, operation, amount }
  })
  const more = unfolded.sums.activity
    .filter(
      ({ day, store, issueId, operation }) =>
        isWithin(scope, day) && isIn(scope.stores, store) && issueId !== 0 && operations.includes(operation),
    )
    .map(({ amount, undoneAmount, ...sum }) => ({ ...sum, amount: amount - undoneAmount }))
  return [...kept, ...more].map(({ store, currency, originalDay, operation, amount }) => {
    const moved = STORE_OPERATIONS.get(operation)
    if (moved === undefined) throw new Error(`${operation} moves no account of a store`)
    const { account, sign } = moved
    return { store, currency, originalDay, receivable: 0, payable: 0, [account]: sign * amount }
  })
}

async function transfersOf({ connection, unfolded }: Snapshot, from: string, to: string): Promise<number> {
  const [[row] = []] = await connection.send(selectTransfersOf(from, to))
  return unfolded.sums.days
    .filter(({ day }) => day >= from && day <= to)
    .reduce((sum, { transfers }) => sum + transfers, Number(row?.[0]))
}

class Lines {
  readonly #sums = new Map<string, SettlementLine>()
  add({ kind, corrects, store, currency, receivable, payable }: SettlementLine): void {
    const key = [kind, corrects, store, currency].join(' ')
    const sum = this.#sums.get(key) ?? { kind, corrects, store, currency, receivable: 0, payable: 0 }
    this.#sums.set(key, { ...sum, receivable: sum.receivable + receivable, payable: sum.payable + payable })
  }
  all(): SettlementLine[] {
    return [...this.#sums.values()].filter(({ receivable, payable }) => receivable !== 0 || payable !== 0)
  }
}

class Matrix {
  readonly #sums = new Map<string, SettlementCell>()
  add({ kind, corrects, origin, spentIn: store, currency, amount }: SettlementCell): void {
    const key = [kind, corrects, origin, store, currency].join(' ')
    const sum = this.#sums.get(key) ?? { kind, corrects, origin, spentIn: store, currency, amount: 0 }
    this.#sums.set(key, { ...sum, amount: sum.amount + amount })
  }
  all(): SettlementCell[] {
    return [...this.#sums.values()].filter(({ amount }) => amount !== 0)
  }
}

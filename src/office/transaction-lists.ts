import {
  countFoundTransactions,
  selectFoundTransactions,
  toFoundTransaction,
  transactionOrder,
  type FoundTransaction,
  type TransactionCriteria,
  type TransactionOrder,
} from '../db/sql/transaction-search.ts'
import { idsOfApprovalCode } from '../messages/approval-code.ts'
import type { Actor } from './actor.ts'
import { COUNTED, type Counted, type Page, type PageInput } from './card-lists.ts'
import { cursorOf, placeOfCursor } from './list-place.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { NEVER, searchSlowly } from './slow-search.ts'
import { mayDoAnywhere, storesOf } from './rights.ts'

export type { FoundTransaction, TransactionCriteria, TransactionOrder }

/** For an actor limited to own stores: only transactions in these stores. */
export function ofOwnStores(actor: Actor, criteria: TransactionCriteria): TransactionCriteria {
  const own = storesOf(actor, 'transactions.find')
  if (own === 'all') return criteria
  return { ...criteria, stores: criteria.stores?.filter((code) => own.has(code)) ?? [...own] }
}

const VALUES = { time: 'instant', amount: 'integer' } as const

export async function listTransactions(
  office: Pick<Office, 'db' | 'clock'>,
  actor: Actor,
  criteria: TransactionCriteria,
  { order, descending, limit, cursor }: PageInput<TransactionOrder>,
  signal: AbortSignal = NEVER,
): Promise<Page<FoundTransaction> | Refused> {
  const objection = mayDoAnywhere(actor, 'transactions.find')
  if (objection !== null) return objection
  const after = cursor === null ? null : placeOfCursor(cursor, VALUES[order])
  if (isRefused(after)) return after
  const sql = selectFoundTransactions(
    ofOwnStores(actor, criteria),
    transactionOrder(order, descending),
    after,
    limit + 1,
  )
  const rows = isSlowForTransactions(criteria, office.clock())
    ? await searchSlowly(office, sql, signal)
    : ((await office.db.use((connection) => connection.send(sql)))[0] ?? [])
  if (isRefused(rows)) return rows
  const items = rows.slice(0, limit).map(toFoundTransaction)
  const last = items.at(-1)
  const value = last === undefined ? null : order === 'time' ? last.at : last.amount
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(value, last.id) : null }
}

export async function countTransactions(
  office: Pick<Office, 'db' | 'clock'>,
  actor: Actor,
  criteria: TransactionCriteria,
): Promise<Counted | Refused> {
  const objection = mayDoAnywhere(actor, 'transactions.find')
  if (objection !== null) return objection
  // Decided before the search, because counting would take as long.
  if (isSlowForTransactions(criteria, office.clock())) return { count: null, capped: false, slow: true }
  const [[row] = []] = await office.db.use((connection) =>
    connection.send(countFoundTransactions(ofOwnStores(actor, criteria), COUNTED)),
  )
  const count = Number(row?.[0])
  return { count: count > COUNTED ? null : count, capped: count > COUNTED, slow: false }
}

const INDEXED: readonly (keyof TransactionCriteria)[] = [
  'ids', 'card', 'hashes', 'ecodeHash', 'lastFour', 'reference', 'stan', 'original', 'day', 'operations', 'results',
] // prettier-ignore
const MONTH_MS = 31 * 24 * 3_600_000

/** `now`: ms by the office's clock. */
export function isSlowForTransactions(criteria: TransactionCriteria, now: number): boolean {
  const names = (Object.keys(criteria) as (keyof TransactionCriteria)[]).filter((name) => criteria[name] !== undefined)
  const { from, until, stores, terminal, hasCase } = criteria
  if (names.length === 0 || hasCase === true || names.some((name) => INDEXED.includes(name))) return false
  const span = from === undefined ? Infinity : (until ?? now) - from
  return span > (stores !== undefined || terminal !== undefined ? MONTH_MS : 24 * 3_600_000)
}

/** The ids that an approval code stands for: it is computed from the id. */
export const idsOfApproval = ({ nextId }: Pick<Office, 'nextId'>, code: string): number[] =>
  idsOfApprovalCode(code, nextId(), 4)

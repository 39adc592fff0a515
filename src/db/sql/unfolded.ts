import { fromInstant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Ids of transactions that are not folded yet. */
export type UnfoldedIds = {
  /** Their amounts are final: each transaction is in this list once. */
  readonly settled: readonly number[]
  /** Recorded without an answer yet, or with another fate than before. */
  readonly touched: readonly number[]
}

export type Unfolded = UnfoldedIds & { readonly id: number; readonly at: number }

export const insertUnfolded = ({ settled, touched }: UnfoldedIds): string =>
  `INSERT INTO unfolded (settled, touched) VALUES (${text(encodeIds(settled))},${text(encodeIds(touched))})`

/**
 * The same, in the packet of the INSERT of transaction `id`, after it. Should the transaction have been aborted between
 * the two statements (on Galera by another node's commit), that row is not there, and NULL is refused: error 1048.
 */
export const insertUnfoldedBeside = (id: number, { settled, touched }: UnfoldedIds): string =>
  `INSERT INTO unfolded (settled, touched) VALUES ((SELECT ${text(encodeIds(settled))} FROM transactions WHERE id = ${integer(id)}),${text(encodeIds(touched))})`

/** Whether the error means that what goes beside a transaction found no row of it. */
export function isWithoutTransaction(error: unknown): boolean {
  const { errno, sqlMessage } = error as { errno?: unknown; sqlMessage?: unknown }
  return errno === NOT_NULL && typeof sqlMessage === 'string' && COLUMNS.some((column) => sqlMessage.includes(column))
}
const NOT_NULL = 1048
/** Of `insertUnfoldedBeside` and `insertWebRequestsBeside`. */
const COLUMNS = ["'settled'", "'transaction_id'"]

/** The oldest ones that no other process works on; held until the end of the transaction. */
export const lockUnfolded = (most: number): string =>
  `SELECT id, at, settled, touched FROM unfolded ORDER BY id LIMIT ${integer(most)} FOR UPDATE SKIP LOCKED`

/** The newest ones, where they are younger than a second: how many requests come at once just now. */
export const selectNewest = (most: number): string =>
  `SELECT id, at, settled, touched FROM (SELECT id, at, settled, touched FROM unfolded ORDER BY id DESC LIMIT ${integer(most)}) AS newest
   WHERE at > CURRENT_TIMESTAMP(3) - INTERVAL 1 SECOND`

export const deleteUnfolded = (ids: readonly number[]): string =>
  `DELETE FROM unfolded WHERE id IN (${ids.map(integer).join(',')})`

/** Seconds since the oldest was inserted, by the clock of the database; NULL: there is none. */
export const selectUnfoldedAge = `SELECT TIMESTAMPDIFF(MICROSECOND, at, CURRENT_TIMESTAMP(3)) / 1000000 FROM unfolded
  ORDER BY id LIMIT 1`

/** The settled requests of all waiting rows. */
export const selectSettled = "SELECT settled FROM unfolded WHERE settled <> '' ORDER BY id"
export const toSettled = ([settled]: Row): number[] => decodeIds(String(settled))

export function toUnfolded(row: Row): Unfolded {
  const [id, at, settled, touched] = row as [number, string, string, string]
  return { id, at: fromInstant(at), settled: decodeIds(settled), touched: decodeIds(touched) }
}

/** `1000001,2,5`: the first as it is, the others as differences, since the ids of a batch are near to each other. */
export function encodeIds(ids: readonly number[]): string {
  let last = 0
  let encoded = ''
  for (const id of [...ids].sort((a, b) => a - b)) {
    if (encoded !== '' && id === last) continue
    encoded += `${encoded === '' ? '' : ','}${integer(id - last)}`
    last = id
  }
  return encoded
}

export function decodeIds(encoded: string): number[] {
  if (encoded === '') return []
  let last = 0
  return encoded.split(',').map((step) => (last += Number(step)))
}

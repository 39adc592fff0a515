import { binary, integer } from './literal.ts'
import type { Row } from './row.ts'

/** The columns of an audit row that are under its hash: all of them, as the database gives them. */
const AUDITED = `a.id, a.at, a.who, a.channel, a.action, a.object_kind, a.object_id, a.store_code, a.outcome, a.details`

/** Audit rows that wait for the chain. */
export const selectWaiting = (most: number): string =>
  `SELECT ${AUDITED} FROM audit_unchained u JOIN audit a ON a.id = u.audit_id ORDER BY u.audit_id LIMIT ${integer(most)}`

export const selectHead = 'SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1'

export const selectHash = (seq: number): string => `SELECT hash FROM audit_chain WHERE seq = ${integer(seq)}`

export type Link = { readonly seq: number; readonly auditId: number; readonly hash: string }

export const insertLinks = (links: readonly Link[]): string =>
  `INSERT INTO audit_chain (seq, audit_id, hash) VALUES ${links
    .map(({ seq, auditId, hash }) => `(${integer(seq)},${integer(auditId)},${binary(hash)})`)
    .join(',')}`

export const deleteWaiting = (ids: readonly number[]): string =>
  `DELETE FROM audit_unchained WHERE audit_id IN (${ids.map(integer).join(',')})`

/** Links in order with the rows that they are over; those are NULL where a row is gone. */
export const selectLinks = (after: number, most: number): string =>
  `SELECT c.seq, c.audit_id, c.hash, ${AUDITED} FROM audit_chain c LEFT JOIN audit a ON a.id = c.audit_id
   WHERE c.seq > ${integer(after)} ORDER BY c.seq LIMIT ${integer(most)}`

export type LinkedRow = Link & { readonly audited: Row | null }

export function toLinkedRow(row: Row): LinkedRow {
  const [seq, auditId, hash, ...audited] = row as [number, number, Buffer, ...unknown[]]
  return { seq, auditId, hash: hash.toString('hex'), audited: audited[0] === null ? null : audited }
}

/** Seconds since the oldest row that waits was written, by the clock of the database; no row: none waits. */
export const selectUnchainedAge = `SELECT TIMESTAMPDIFF(MICROSECOND, MIN(a.at), CURRENT_TIMESTAMP(3)) / 1000000
  FROM audit_unchained u JOIN audit a ON a.id = u.audit_id HAVING MIN(a.at) IS NOT NULL`

/** Audit rows that are not in the chain: whether they wait for it, and for how many seconds. */
export const selectUnchained = (most: number): string =>
  `SELECT a.id, u.audit_id IS NOT NULL, TIMESTAMPDIFF(SECOND, a.at, CURRENT_TIMESTAMP(3)) FROM audit a
   LEFT JOIN audit_chain c ON c.audit_id = a.id LEFT JOIN audit_unchained u ON u.audit_id = a.id
   WHERE c.audit_id IS NULL ORDER BY a.id LIMIT ${integer(most)}`

/** Changes of stores and terminals without an audit row of the same change: table, id, who. */
export const selectUnauditedChanges = (most: number): string =>
  `SELECT 'registry_changes', r.id, r.who FROM registry_changes r
   WHERE r.at >= (SELECT MIN(first.at) FROM audit first) AND NOT EXISTS (
     SELECT 1 FROM audit a WHERE a.object_kind = IF(r.store_code IS NULL, 'terminal', 'store')
       AND a.object_id = COALESCE(r.store_code, r.terminal_code) AND a.at = r.at AND a.who = r.who)
   ORDER BY r.id LIMIT ${integer(most)}`

/**
 * Acts of people on cards and money without an audit row, which would have the transaction's id. Excluded: transactions
 * from before roles existed, demo cards, and rows that follow from another row.
 */
export const selectUnauditedTransactions = (most: number): string =>
  `SELECT 'transactions', t.id, COALESCE(t.who, '') FROM transactions t LEFT JOIN audit a ON a.id = t.id
   WHERE t.id >= (SELECT until_id FROM backfills WHERE name = 'transactions') AND t.channel IN ('menu', 'cli')
     AND t.state <> 'declined' AND t.terminal_code NOT IN ('DEMO', 'STAGED', 'FOLLOW') AND a.id IS NULL
   ORDER BY t.id LIMIT ${integer(most)}`

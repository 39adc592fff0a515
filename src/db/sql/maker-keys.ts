import { boolean, fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

export type MakerKey = {
  readonly id: number
  readonly maker: string
  readonly encryption: 'age' | 'openpgp'
  readonly publicKey: string
  /** The age recipient, or the fingerprint of an OpenPGP key. */
  readonly recipient: string
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly decidedBy: string | null
}

const COLUMNS = 'id, maker, encryption, public_key, recipient, reason, proposed_by, proposed_at, decided_by'

/** Error 1062: one for this maker is open already. */
export const insertMakerKey = (k: Omit<MakerKey, 'decidedBy'>): string =>
  `INSERT INTO maker_keys (id, maker, open_for, encryption, public_key, recipient, reason, proposed_by, proposed_at) VALUES
   (${integer(k.id)},${text(k.maker)},${text(k.maker)},${text(k.encryption)},${text(k.publicKey)},${text(k.recipient)},
   ${text(k.reason)},${text(k.proposedBy)},${instant(k.proposedAt)})`

export const selectOpenMakerKeys = `SELECT ${COLUMNS} FROM maker_keys WHERE open_for IS NOT NULL ORDER BY id`
export const lockOpenMakerKey = (id: number): string =>
  `SELECT ${COLUMNS} FROM maker_keys WHERE id = ${integer(id)} AND open_for IS NOT NULL FOR UPDATE`

/** The ones in force: of each maker the latest that was approved. */
export const selectMakerKeys = `SELECT ${COLUMNS} FROM maker_keys WHERE id IN
  (SELECT MAX(id) FROM maker_keys WHERE approved = 1 GROUP BY maker) ORDER BY maker`

export const decideMakerKeyRow = (id: number, who: string, at: number, approved: boolean): string =>
  `UPDATE maker_keys SET open_for = NULL, decided_by = ${text(who)}, decided_at = ${instant(at)},
   approved = ${boolean(approved)} WHERE id = ${integer(id)}`

export function toMakerKey(row: Row): MakerKey {
  const [id, maker, encryption, publicKey, recipient, reason, proposedBy, proposedAt, decidedBy] = row as [
    number, string, 'age' | 'openpgp', string, string, string, string, string, string | null,
  ] // prettier-ignore
  return {
    id,
    maker,
    encryption,
    publicKey,
    recipient,
    reason,
    proposedBy,
    proposedAt: fromInstant(proposedAt),
    decidedBy,
  }
}

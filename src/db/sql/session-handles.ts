import { binary, binaryOrNull, boolean, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const HANDLE_KINDS = ['number', 'ecode'] as const
export type HandleRow = {
  readonly kind: (typeof HANDLE_KINDS)[number]
  /** Keyed hashes, 32 hex digits. */
  readonly hash: string
  readonly otherHash: string | null
  /** First six and last four, of a number. */
  readonly shown: string
}

export const insertHandle = (handle: string, session: number, row: HandleRow): string =>
  `INSERT INTO session_handles (handle, session_id, kind, hash, other_hash, shown) VALUES (${text(handle)},
   ${integer(session)},${text(row.kind)},${binary(row.hash)},${binaryOrNull(row.otherHash)},${text(row.shown)})`
export const selectHandle = (handle: string, session: number): string =>
  `SELECT kind, LOWER(HEX(hash)), LOWER(HEX(other_hash)), shown FROM session_handles
   WHERE handle = ${text(handle)} AND session_id = ${integer(session)}`
export const selectHandles = (handles: readonly string[], session: number): string =>
  `SELECT kind, LOWER(HEX(hash)), LOWER(HEX(other_hash)), shown FROM session_handles
   WHERE handle IN (${handles.map(text).join(',')}) AND session_id = ${integer(session)}`
export function toHandle(row: Row): HandleRow {
  const [kind, hash, otherHash, shown] = row as [string, string, string | null, string]
  return { kind: oneOf(HANDLE_KINDS, kind), hash, otherHash, shown }
}

export const insertPresented = (session: number, cardId: number, withSecret: boolean): string =>
  `INSERT INTO session_cards (session_id, card_id, with_secret) VALUES (${integer(session)},${integer(cardId)},
   ${boolean(withSecret)}) ON DUPLICATE KEY UPDATE with_secret = with_secret OR ${boolean(withSecret)}`
export const selectPresented = (session: number): string =>
  `SELECT card_id, with_secret FROM session_cards WHERE session_id = ${integer(session)} ORDER BY card_id LIMIT 10000`

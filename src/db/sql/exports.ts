import { binary, boolean, integer, text, textOrNull } from './literal.ts'
import type { Row } from './row.ts'

export type NewExport = {
  readonly id: number
  readonly issueId: number
  readonly maker: string
  readonly who: string
  readonly reason: string | null
  readonly fileName: string
  readonly encryptedTo: string | null
  readonly ecodes: boolean
  readonly firstSerial: number
  readonly lastSerial: number
}

/** Before the first line is written. */
export const insertExport = (e: NewExport): string =>
  `INSERT INTO exports (id, issue_id, maker, who, reason, file_name, encrypted_to, ecodes, first_serial, last_serial, started_at)
   VALUES (${integer(e.id)},${integer(e.issueId)},${text(e.maker)},${text(e.who)},${textOrNull(e.reason)},${text(e.fileName)},
   ${textOrNull(e.encryptedTo)},${boolean(e.ecodes)},${integer(e.firstSerial)},${integer(e.lastSerial)},UTC_TIMESTAMP(3))`

/** The facts of a complete file. */
export type FileFacts = { readonly cards: number; readonly bytes: number; readonly sha256: string }

export const endExport = (id: number, { cards, bytes, sha256 }: FileFacts): string =>
  `UPDATE exports SET ended_at = UTC_TIMESTAMP(3), cards = ${integer(cards)}, bytes = ${integer(bytes)}, sha256 = ${text(sha256)}
   WHERE id = ${integer(id)}`

/** A recorded export; one without `sha256` was interrupted. */
export type ExportView = {
  readonly id: number
  readonly maker: string
  readonly who: string
  readonly reason: string | null
  readonly fileName: string
  readonly encryptedTo: string | null
  readonly ecodes: boolean
  readonly startedAt: string
  readonly cards: number | null
  readonly sha256: string | null
}

export const selectExports = (issueId: number): string =>
  `SELECT id, maker, who, reason, file_name, encrypted_to, ecodes, started_at, cards, sha256 FROM exports
   WHERE issue_id = ${integer(issueId)} ORDER BY id`

export function toExportView(row: Row): ExportView {
  const [id, maker, who, reason, fileName, encryptedTo, ecodes, startedAt, cards, sha256] = row as [
    number, string, string, string | null, string, string | null, number, string, number | null, string | null,
  ] // prettier-ignore
  return { id, maker, who, reason, fileName, encryptedTo, ecodes: ecodes === 1, startedAt, cards, sha256 }
}

/** The cards of some serials with the data for printing. */
export const selectForExport = (issueId: number, first: number, last: number): string =>
  `SELECT id, serial, number_sealed, number_hash, ecode_hash, barcode_hash, version, expiry, pack_id FROM cards
   WHERE issue_id = ${integer(issueId)} AND serial BETWEEN ${integer(first)} AND ${integer(last)} ORDER BY serial`

/** The last of the cards that have their first plastic: new eCodes reach it last. */
export const selectLastFirstPlastic = (issueId: number): string =>
  `SELECT id, serial, number_sealed, number_hash, ecode_hash, barcode_hash, version, expiry, pack_id FROM cards
   WHERE issue_id = ${integer(issueId)} AND version = 0 ORDER BY serial DESC LIMIT 1`

/** The seed of the issue's eCodes; share-locked until the transaction ends. */
export const shareEcodeSeed = (issueId: number): string =>
  `SELECT ecode_seed FROM issues WHERE id = ${integer(issueId)} LOCK IN SHARE MODE`

export type KeptCard = {
  readonly id: number
  readonly serial: number
  readonly sealed: Buffer
  readonly numberHash: string
  readonly ecodeHash: string | null
  readonly barcodeHash: string | null
  readonly version: number
  readonly expiry: string
  readonly pack: number | null
}

export function toKeptCard(row: Row): KeptCard {
  const [id, serial, sealed, numberHash, ecodeHash, barcodeHash, version, expiry, pack] = row as [
    number, number, Buffer, Buffer, Buffer | null, Buffer | null, number, string, number | null,
  ] // prettier-ignore
  const hex = (bytes: Buffer | null): string | null => bytes?.toString('hex') ?? null
  return {
    id,
    serial,
    sealed,
    numberHash: numberHash.toString('hex'),
    ecodeHash: hex(ecodeHash),
    barcodeHash: hex(barcodeHash),
    version,
    expiry,
    pack,
  }
}

/** New eCodes: the hash of each, in the order of the cards. */
export function setEcodeHashes(cards: readonly KeptCard[], hashes: readonly string[]): string {
  const ids = cards.map(({ id }) => integer(id)).join(',')
  return `UPDATE cards SET ecode_hash = ELT(FIELD(id,${ids}),${hashes.map(binary).join(',')}) WHERE id IN (${ids})`
}

import { binary, fromInstant, instant, integer, text } from './literal.ts'
import type { CardSale } from './report-facts.ts'
import type { Row } from './row.ts'

/** A file of the archive. `month` is YYYY-MM, in UTC. */
export type Archive = {
  readonly id: number
  readonly month: string
  readonly part: number
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  readonly transactions: number
  readonly firstDay: string
  readonly lastDay: string
  readonly writtenBy: string
  readonly writtenAt: number
  /** The number of its transactions that have been removed from the database. */
  readonly removed: number
  /** The time when the removal ended; null: it has not ended. */
  readonly removedAt: number | null
}

const COLUMNS = `id, month, part, sha256, transactions, first_day, last_day, written_by, written_at, removed, removed_at`

export const selectArchives = `SELECT ${COLUMNS} FROM archives ORDER BY month, part`

export function toArchive(row: Row): Archive {
  const [id, month, part, sha256, transactions, firstDay, lastDay, writtenBy, writtenAt, removed, removedAt] = row as [
    number, string, number, Buffer, number, string, string, string, string, number, string | null,
  ] // prettier-ignore
  return {
    id,
    month,
    part,
    sha256: sha256.toString('hex'),
    transactions,
    firstDay,
    lastDay,
    writtenBy,
    writtenAt: fromInstant(writtenAt),
    removed,
    removedAt: removedAt === null ? null : fromInstant(removedAt),
  }
}

export const insertArchive = (a: Omit<Archive, 'removed' | 'removedAt'>): string =>
  `INSERT INTO archives (id, month, part, sha256, transactions, first_day, last_day, written_by, written_at) VALUES
   (${integer(a.id)},${text(a.month)},${integer(a.part)},${binary(a.sha256)},${integer(a.transactions)},
   ${text(a.firstDay)},${text(a.lastDay)},${text(a.writtenBy)},${instant(a.writtenAt)})`

export const countRemoved = (id: number, more: number): string =>
  `UPDATE archives SET removed = removed + ${integer(more)} WHERE id = ${integer(id)}`

export const endRemoval = (id: number, at: number): string =>
  `UPDATE archives SET removed_at = ${instant(at)} WHERE id = ${integer(id)}`

const list = (ids: readonly number[]): string => (ids.length === 0 ? 'NULL' : ids.map(integer).join(','))

/** Keeps the latest sales of these cards as they are now. */
export const insertArchivedCards = (archive: number, cards: readonly number[]): string =>
  `INSERT INTO archived_cards (card_id, archive_id, sale_id, seq, sold_in, sold_on)
   SELECT c.id, ${integer(archive)}, r.transaction_id, r.seq, r.sold_in, r.sold_on
   FROM cards c LEFT JOIN report_sales r ON r.card_id = c.id WHERE c.id IN (${list(cards)})`

/** The cards among these whose histories are in this archive and no longer in the database. */
export const selectArchivedCards = (archive: number, cards: readonly number[]): string =>
  `SELECT card_id FROM archived_cards WHERE archive_id = ${integer(archive)} AND card_id IN (${list(cards)})`

export const selectArchivesOfCard = (card: number): string =>
  `SELECT archive_id FROM archived_cards WHERE card_id = ${integer(card)}`

const SALE = 'card_id, sale_id, seq, sold_in, sold_on'

/** Sales of archived cards, in pages by card and archive. */
export const selectArchivedSalesAfter = (card: number, archive: number, most: number): string =>
  `SELECT ${SALE}, archive_id FROM archived_cards WHERE sale_id IS NOT NULL
   AND (card_id, archive_id) > (${integer(card)},${integer(archive)}) ORDER BY card_id, archive_id LIMIT ${integer(most)}`

export const selectArchivedSales = (cards: readonly number[]): string =>
  `SELECT ${SALE} FROM archived_cards WHERE sale_id IS NOT NULL AND card_id IN (${list(cards)})`

export function toArchivedSale(row: Row): CardSale {
  const [cardId, transactionId, seq, soldIn, soldOn] = row as [number, number, number, string, string]
  return { cardId, transactionId, seq, soldIn, soldOn }
}

import { binary, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A virtual card that one request of a shop has taken. */
export type WebSale = {
  readonly cardId: number
  readonly issueId: number
  readonly serial: number
  readonly shop: string
  /** Of the request's once-only key, 64 hex digits. */
  readonly digest: string
  /** 64 hex digits; null: destroyed. */
  readonly seed: string | null
}

export const selectWebSale = (digest: string): string =>
  `SELECT card_id, issue_id, serial, shop_code, key_digest, seed FROM web_sales WHERE key_digest = ${binary(digest)}`

/** Holds the card. Error 1062: another request was faster with it, or this request has one. */
export const insertWebSale = ({ cardId, issueId, serial, shop, digest, seed }: WebSale, at: number): string =>
  `INSERT INTO web_sales (key_digest, card_id, held_card_id, issue_id, serial, shop_code, seed, taken_at)
   VALUES (${binary(digest)},${integer(cardId)},${integer(cardId)},${integer(issueId)},${integer(serial)},${text(shop)},
   ${seed === null ? 'NULL' : binary(seed)},${instant(at)})`

/** The engine has refused the sale for good: another request may use the card. */
export const releaseWebSale = (digest: string): string =>
  `UPDATE web_sales SET held_card_id = NULL, seed = NULL WHERE key_digest = ${binary(digest)}`

/** Deletes cards that were taken but never decided or repeated: the books have no row with the key. */
export const forgetOrphans = (shop: string, before: number): string =>
  `DELETE w FROM web_sales w LEFT JOIN transactions t ON t.card_id = w.card_id AND t.key_digest = w.key_digest
   WHERE w.shop_code = ${text(shop)} AND w.seed IS NOT NULL AND w.taken_at < ${instant(before)} AND t.id IS NULL`

export function toWebSale(row: Row): WebSale {
  const [cardId, issueId, serial, shop, digest, seed] = row as [number, number, number, string, Buffer, Buffer | null]
  return {
    cardId,
    issueId,
    serial,
    shop,
    digest: digest.toString('hex'),
    seed: seed === null ? null : seed.toString('hex'),
  }
}

const freeCards = (issueId: number, most: number, condition: string): string =>
  `SELECT c.id, c.serial FROM cards c
   WHERE c.issue_id = ${integer(issueId)} AND c.state IN ('inactive', 'sellable') AND c.block IS NULL AND ${condition}
   ORDER BY c.serial LIMIT ${integer(most)}`

/** The next cards of an issue behind all that are held: no matter how many are sold, a few rows are read. */
export const selectNextCards = (issueId: number, most: number): string =>
  freeCards(
    issueId,
    most,
    `c.serial > COALESCE((SELECT MAX(w.serial) FROM web_sales w
       WHERE w.issue_id = ${integer(issueId)} AND w.held_card_id IS NOT NULL), 0)`,
  )

/** Cards that were given back; asked for only if no other is left. */
export const selectReleasedCards = (issueId: number, most: number): string =>
  freeCards(issueId, most, 'NOT EXISTS (SELECT 1 FROM web_sales w WHERE w.held_card_id = c.id)')

/** Destroys what the eCodes of a shop's sales were made from that wait for nothing any more. */
export const destroySeeds = (shop: string): string =>
  `UPDATE web_sales w JOIN transactions t ON t.key_digest = w.key_digest AND t.card_id = w.card_id
   SET w.seed = NULL WHERE w.shop_code = ${text(shop)} AND w.seed IS NOT NULL AND t.state <> 'unconfirmed'`

/** Sales of a shop that are not confirmed yet. */
export const countOpenSales = (shop: string): string =>
  `SELECT COUNT(*) FROM web_sales WHERE shop_code = ${text(shop)} AND seed IS NOT NULL`

export const selectSealedNumber = (cardId: number): string =>
  `SELECT number_sealed FROM cards WHERE id = ${integer(cardId)}`

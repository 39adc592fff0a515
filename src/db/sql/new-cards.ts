import { type CardPlan, type MadeCard, stripeExpiry } from '../../cards/made-card.ts'
import { insertCardMoves } from './card-counts.ts'
import { binary, integer, text, textOrNull } from './literal.ts'

/** With their count. Error 1062: a number is another card's already. */
export function insertCards(plan: CardPlan, cards: readonly MadeCard[]): string {
  const { issueId, firstId, validUntil } = plan
  const shared = `${text(stripeExpiry(validUntil))},0,'inactive',${textOrNull(validUntil)})`
  const rows = cards.map(
    (c) =>
      `(${integer(firstId + c.serial - 1)},${integer(issueId)},${integer(c.serial)},${binary(c.numberHash)},${binary(c.sealed)},` +
      `${text(c.firstSix)},${text(c.lastFour)},${binaryOrNull(c.ecodeHash)},${binaryOrNull(c.barcodeHash)},${shared}`,
  )
  const insert = `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, ecode_hash, barcode_hash,
   expiry, version, state, valid_until) VALUES ${rows.join(',')}`
  const made = { issueId, state: 'inactive', block: null, cards: cards.length, ledger: 0 } as const
  return `${insert};${insertCardMoves([made])}`
}

const binaryOrNull = (hex: string | null): string => (hex === null ? 'NULL' : binary(hex))

/** The hashes of this list that belong to existing cards. */
export const selectTakenNumbers = (hashes: readonly string[]): string =>
  `SELECT number_hash FROM cards WHERE number_hash IN (${hashes.map(binary).join(',')})`

import { BLOCKS, CARD_STATES, type Card, type CardSettings, type CardState } from '../../core/card.ts'
import {
  binary,
  binaryOrNull,
  boolean,
  fromInstant,
  instantOrNull,
  integer,
  integerOrNull,
  text,
  textOrNull,
} from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** Hash of a number → id. Needs no lock: a number keeps its id for ever. */
export const selectCardIds = (hashes: readonly string[]): string =>
  `SELECT id, number_hash FROM cards WHERE number_hash IN (${hashes.map(binary).join(',')})`

/** For a scanned EAN-13: hash of the EAN-13 → id; then the newest PAN key. */
export const selectCardIdsByBarcode = (hashes: readonly string[]): string =>
  `SELECT id, barcode_hash FROM cards WHERE barcode_hash IN (${hashes.map(binary).join(',')});
   SELECT MAX(id) FROM number_keys`

export const toCardId = (row: Row): { id: number; numberHash: string } => {
  const [id, numberHash] = row as [number, Buffer]
  return { id, numberHash: numberHash.toString('hex') }
}

/** All columns that the core needs; `toCard` reads such a row. */
export const selectCard = `SELECT id, issue_id, ecode_hash, expiry, version, state, block, valid_until, sold_at,
  replaced_by, day, day_count, day_amount, top_ups, tried, seq, ledger, available, pack_id, bound, was_sold, suspected_at, block_store,
  day_since, refund_day, refund_since, refund_amount, staged
  FROM cards`

/**
 * Locks the cards in id order, so that two executors never wait for each other in a circle. FORCE INDEX, since a scan of
 * a small table would also wait for cards that are not asked for.
 */
export const lockCards = (ids: readonly number[]): string =>
  `${selectCard} FORCE INDEX (PRIMARY) WHERE id IN (${ids.map(integer).join(',')}) ORDER BY id FOR UPDATE`

export function toCard(row: Row): Card {
  const [id, issueId, ecodeHash, expiry, version, state, block, validUntil, soldAt, replacedBy, day, dayCount, dayAmount, topUps, tried,
    seq, ledger, available, packId, bound, wasSold, suspectedAt, blockStore, daySince,
    refundDay, refundSince, refundAmount, staged] = row as [
    number, number, Buffer | null, string, number, string, string | null, string | null, string | null, number | null,
    string | null, number, number, number, number, number, number, number, number | null, number, number, string | null, string | null,
    string | null, string | null, string | null, number, number,
  ] // prettier-ignore
  return {
    id,
    issueId,
    ecodeHash: ecodeHash === null ? null : ecodeHash.toString('hex'),
    expiry,
    version,
    state: oneOf<CardState>(CARD_STATES, state),
    block: block === null ? null : oneOf(BLOCKS, block),
    blockStore,
    validUntil,
    soldAt: soldAt === null ? null : fromInstant(soldAt),
    replacedBy,
    day,
    daySince: daySince === null ? null : fromInstant(daySince),
    refundDay,
    refundSince: refundSince === null ? null : fromInstant(refundSince),
    refundAmount,
    dayCount,
    dayAmount,
    topUps,
    tried: tried === 1,
    packId,
    bound: bound === 1,
    wasSold: wasSold === 1,
    suspectedAt: suspectedAt === null ? null : fromInstant(suspectedAt),
    staged,
    seq,
    ledger,
    available,
  }
}

/**
 * Updates the cards of a batch in one statement. ELT(FIELD()) is within 7 % of a join with UNION rows and of CASE, and
 * shorter. Beside the money only the `settings` that the batch changed are written: with all of them, a statement of 64
 * cards would be five times as long for every payment that counts towards a daily limit.
 *
 * @param before the cards by id, as they were when they were locked
 */
export function updateCards(
  cards: readonly Card[],
  settings: ReadonlySet<keyof CardSettings>,
  before: ReadonlyMap<number, { readonly seq: number }>,
): string {
  const ids = cards.map((card) => integer(card.id)).join(',')
  const set = (column: string, value: (card: Card) => string): string =>
    `${column}=ELT(FIELD(id,${ids}),${cards.map(value).join(',')})`
  return `UPDATE cards FORCE INDEX (PRIMARY) SET ${[
    set('ledger', (c) => integer(c.ledger)),
    set('available', (c) => integer(c.available)),
    // Most cards are moved once in a batch: a sum needs no look-up by id.
    cards.every((c) => c.seq === (before.get(c.id)?.seq ?? 0) + 1) ? 'seq=seq+1' : set('seq', (c) => integer(c.seq)),
    ...SETTINGS.filter(([, name]) => settings.has(name)).map(([column, , value]) => set(column, value)),
  ].join(',')} WHERE id IN (${ids})`
}

/** Column, name and value of each of core's CardSettings. */
const SETTINGS: readonly (readonly [string, keyof CardSettings, (card: Card) => string])[] = [
  ['state', 'state', (c) => text(c.state)],
  ['block', 'block', (c) => textOrNull(c.block)],
  ['block_store', 'blockStore', (c) => textOrNull(c.blockStore)],
  ['valid_until', 'validUntil', (c) => textOrNull(c.validUntil)],
  ['sold_at', 'soldAt', (c) => instantOrNull(c.soldAt)],
  ['replaced_by', 'replacedBy', (c) => integerOrNull(c.replacedBy)],
  ['day', 'day', (c) => textOrNull(c.day)],
  ['day_since', 'daySince', (c) => instantOrNull(c.daySince)],
  ['refund_day', 'refundDay', (c) => textOrNull(c.refundDay)],
  ['refund_since', 'refundSince', (c) => instantOrNull(c.refundSince)],
  ['refund_amount', 'refundAmount', (c) => integer(c.refundAmount)],
  ['day_count', 'dayCount', (c) => integer(c.dayCount)],
  ['day_amount', 'dayAmount', (c) => integer(c.dayAmount)],
  ['top_ups', 'topUps', (c) => integer(c.topUps)],
  ['tried', 'tried', (c) => boolean(c.tried)],
  ['ecode_hash', 'ecodeHash', (c) => binaryOrNull(c.ecodeHash)],
  ['version', 'version', (c) => integer(c.version)],
  ['bound', 'bound', (c) => boolean(c.bound)],
  ['was_sold', 'wasSold', (c) => boolean(c.wasSold)],
  ['suspected_at', 'suspectedAt', (c) => instantOrNull(c.suspectedAt)],
  ['staged', 'staged', (c) => integer(c.staged)],
]

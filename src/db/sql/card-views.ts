import { BLOCKS, CARD_STATES, type Block, type CardState } from '../../core/card.ts'
import type { Amount } from '../../core/money.ts'
import type { NumberHashes } from '../../core/request.ts'
import { type Key, KIND } from '../../core/key.ts'
import { binary, fromInstant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'
import { SHOWN, type ShownCard, toShownCard } from './shown-cards.ts'
import { bookedFor } from './staged.ts'

/** A card as people see it. */
export type CardView = ShownCard & {
  readonly issue: string
  readonly currency: number
  readonly serial: number
  readonly state: CardState
  readonly block: Block | null
  readonly packId: number | null
  readonly packState: string | null
  readonly expiry: string
  readonly version: number
  readonly hasEcode: boolean
  readonly validUntil: string | null
  readonly soldAt: string | null
  /** ms since 1970. */
  readonly suspectedAt: number | null
  readonly replacedBy: number | null
  readonly ledger: Amount
  readonly available: Amount
  /** AES-256-GCM; opened only to produce the plastic card. */
  readonly sealed: Buffer
}

const SELECT = `SELECT ${SHOWN}, i.code, i.currency, c.serial, c.state, c.block, c.pack_id, p.state, c.expiry, c.version,
  c.ecode_hash IS NOT NULL, c.valid_until, c.sold_at, c.suspected_at, c.replaced_by,
  c.ledger + ${bookedFor('c.id')}, c.available + ${bookedFor('c.id')}, c.number_sealed
  FROM cards c JOIN issues i ON i.id = c.issue_id LEFT JOIN packs p ON p.id = c.pack_id WHERE`

export const selectCardOfId = (id: number): string => `${SELECT} c.id = ${integer(id)}`

export const selectCardOfSerial = (issue: string, serial: number): string =>
  `${SELECT} i.code = ${text(issue)} AND c.serial = ${integer(serial)}`

export function selectCardOfNumber({ numberHash, otherHash }: NumberHashes): string {
  const list = [numberHash, ...(otherHash === null ? [] : [otherHash])].map(binary).join(',')
  return `${SELECT} c.number_hash IN (${list}) OR c.barcode_hash IN (${list})`
}

export function toCardView(row: Row): CardView {
  const [issue, currency, serial, state, block, packId, packState, expiry, version, ecode, validUntil, soldAt, suspectedAt,
    replacedBy, ledger, available, sealed] = row.slice(6) as [
    string, number, number, string, string | null, number | null, string | null, string, number, number, string | null,
    string | null, string | null, number | null, number, number, Buffer,
  ] // prettier-ignore
  return {
    ...toShownCard(row),
    issue,
    currency,
    serial,
    state: oneOf(CARD_STATES, state),
    block: block === null ? null : oneOf(BLOCKS, block),
    packId,
    packState,
    expiry,
    version,
    hasEcode: ecode === 1,
    validUntil,
    soldAt,
    suspectedAt: suspectedAt === null ? null : fromInstant(suspectedAt),
    replacedBy,
    ledger,
    available,
    sealed,
  }
}

export type CardEventView = {
  readonly at: string
  readonly event: string
  readonly who: string
  readonly reason: string | null
  readonly detail: string | null
}

export const selectCardEvents = (cardId: number): string =>
  `SELECT at, event, who, reason, detail FROM card_events WHERE card_id = ${integer(cardId)} ORDER BY id`

export function toCardEventView(row: Row): CardEventView {
  const [at, event, who, reason, detail] = row as [string, string, string, string | null, string | null]
  return { at, event, who, reason, detail }
}

export type CardTransactionView = {
  readonly at: string
  readonly store: string
  readonly terminal: string
  readonly operation: string | null
  readonly amount: Amount
  readonly result: string
  readonly state: string
}

/** The latest ones first; `stores`: only those that happened in one of them. */
export function selectCardTransactions(cardId: number, stores: 'all' | ReadonlySet<string>, most: number): string {
  const where = stores === 'all' ? '' : `AND store_code IN (${[...stores, ''].map(text).join(',')})`
  return `SELECT received_at, store_code, terminal_code, operation, amount, result, state FROM transactions
    WHERE card_id = ${integer(cardId)} ${where} ORDER BY id DESC LIMIT ${integer(most)}`
}

export function toCardTransactionView(row: Row): CardTransactionView {
  const [at, store, terminal, operation, amount, result, state] = row as [
    string, string, string, string | null, number, string, string,
  ] // prettier-ignore
  return { at, store, terminal, operation, amount, result, state }
}

/** The expiry of a card that stands: what an extension undoes. */
export const selectStandingExpiry = (cardId: number): string =>
  `SELECT store_code, terminal_code, stan, transmitted FROM transactions
   WHERE card_id = ${integer(cardId)} AND operation = 'expiry' AND kind = ${KIND.office} AND state = 'confirmed'
   ORDER BY id DESC LIMIT 1`

export function toExpiryKey(row: Row): Key {
  const [store, terminal, stan, transmitted] = row as [string, string, number, number]
  return { store, terminal, kind: KIND.office, stan, transmitted }
}

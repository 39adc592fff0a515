import { setUpError } from '../config/set-up-error.ts'
import { BLOCKS, CARD_STATES, type Block, type CardState } from '../core/card.ts'
import type { Amount } from '../core/money.ts'
import { type Key, type NumberHashes, KIND } from '../core/request.ts'
import type { Access } from '../db/access.ts'
import { binary, fromInstant, integer, text } from '../db/sql/literal.ts'
import { oneOf, type Row } from '../db/sql/row.ts'
import { SHOWN, type ShownCard, toShownCard } from '../db/sql/shown-cards.ts'
import { onConnection } from '../db/unit-of-work.ts'

/** How a person names a card: by its number or barcode, or as a serial of an issue. */
export type CardName =
  | { readonly by: 'number'; readonly hashes: NumberHashes; readonly shown: string }
  | { readonly by: 'serial'; readonly issue: string; readonly serial: number }

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
  /** AES-256-GCM; opened only to make plastic of it. */
  readonly sealed: Buffer
}

/** @throws a set-up error where there is no such card */
export const readCard = (access: Access, name: CardName): Promise<CardView> =>
  onConnection(access, async (connection) => {
    const [[row] = []] = await connection.send(
      `${SELECT} ${name.by === 'serial' ? bySerial(name) : byHashes(name.hashes)}`,
    )
    if (row !== undefined) return toCardView(row)
    throw setUpError(
      name.by === 'serial' ? `there is no card ${name.issue}:${name.serial}` : `no card has the number ${name.shown}`,
    )
  })

const SELECT = `SELECT ${SHOWN}, i.code, i.currency, c.serial, c.state, c.block, c.pack_id, p.state, c.expiry, c.version,
  c.ecode_hash IS NOT NULL, c.valid_until, c.sold_at, c.suspected_at, c.replaced_by, c.ledger, c.available, c.number_sealed
  FROM cards c JOIN issues i ON i.id = c.issue_id LEFT JOIN packs p ON p.id = c.pack_id WHERE`

const bySerial = ({ issue, serial }: { issue: string; serial: number }): string =>
  `i.code = ${text(issue)} AND c.serial = ${integer(serial)}`

function byHashes({ numberHash, otherHash }: NumberHashes): string {
  const list = [numberHash, ...(otherHash === null ? [] : [otherHash])].map(binary).join(',')
  return `c.number_hash IN (${list}) OR c.barcode_hash IN (${list})`
}

function toCardView(row: Row): CardView {
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

export type CardHistory = {
  readonly events: readonly {
    readonly at: string
    readonly event: string
    readonly who: string
    readonly reason: string | null
    readonly detail: string | null
  }[]
  /** The latest ones first. */
  readonly transactions: readonly {
    readonly at: string
    readonly store: string
    readonly terminal: string
    readonly operation: string | null
    readonly amount: Amount
    readonly result: string
    readonly state: string
  }[]
}

export const readHistory = (access: Access, cardId: number, most: number): Promise<CardHistory> =>
  onConnection(access, async (connection) => {
    const [events = [], transactions = []] = await connection.send(
      `SELECT at, event, who, reason, detail FROM card_events WHERE card_id = ${integer(cardId)} ORDER BY id;
       SELECT received_at, store_code, terminal_code, operation, amount, result, state FROM transactions
       WHERE card_id = ${integer(cardId)} ORDER BY id DESC LIMIT ${integer(most)}`,
    )
    return {
      events: events.map((row) => {
        const [at, event, who, reason, detail] = row as [string, string, string, string | null, string | null]
        return { at, event, who, reason, detail }
      }),
      transactions: transactions.map((row) => {
        const [at, store, terminal, operation, amount, result, state] = row as [
          string, string, string, string | null, number, string, string,
        ] // prettier-ignore
        return { at, store, terminal, operation, amount, result, state }
      }),
    }
  })

/** The expiry of a card that stands: what an extension undoes. */
export const readExpiry = (access: Access, cardId: number): Promise<Key | null> =>
  onConnection(access, async (connection) => {
    const [[row] = []] = await connection.send(
      `SELECT store_code, terminal_code, stan, transmitted FROM transactions
       WHERE card_id = ${integer(cardId)} AND operation = 'expiry' AND kind = ${KIND.office} AND state = 'confirmed'
       ORDER BY id DESC LIMIT 1`,
    )
    if (row === undefined) return null
    const [store, terminal, stan, transmitted] = row as [string, string, number, number]
    return { store, terminal, kind: KIND.office, stan, transmitted }
  })

import { BLOCKS, CARD_STATES, type Block, type CardState } from '../../core/card.ts'
import { binary, fromInstant, instant, integer, oneOfWords, text, word } from './literal.ts'
import { beyond, orderBy, type Order, type Place } from './keyset.ts'
import { oneOf, type Row } from './row.ts'

/** Criteria of a list of cards; all of them hold. Instants in ms. */
export type CardCriteria = {
  readonly ids?: readonly number[]
  readonly hashes?: readonly string[]
  readonly ecodeHash?: string
  readonly firstSix?: string
  readonly lastFour?: string
  readonly serialFrom?: number
  readonly serialTo?: number
  readonly issues?: readonly string[]
  readonly pack?: number
  readonly recipient?: string
  readonly states?: readonly string[]
  /** Kinds, or `any`, `none`. */
  readonly blocks?: readonly string[]
  readonly balanceFrom?: number
  readonly balanceTo?: number
  readonly soldFrom?: number
  readonly soldUntil?: number
  readonly soldIn?: string
  readonly usedFrom?: number
  readonly usedUntil?: number
  readonly validFrom?: string
  readonly validTo?: string
  readonly suspected?: boolean
}

type Part<Name extends keyof CardCriteria> = (value: NonNullable<CardCriteria[Name]>) => string

/** One condition for each criterion. */
const CONDITIONS: { readonly [Name in keyof CardCriteria]-?: Part<Name> } = {
  ids: (ids) => `c.id IN (${[0, ...ids].map(integer).join(',')})`,
  hashes: (hashes) => {
    const all = hashes.map(binary).join(',')
    return `(c.number_hash IN (${all}) OR c.barcode_hash IN (${all}))`
  },
  ecodeHash: (hash) => `c.ecode_hash = ${binary(hash)}`,
  firstSix: (digits) => `c.first_six = ${text(digits)}`,
  lastFour: (digits) => `c.last_four = ${text(digits)}`,
  serialFrom: (serial) => `c.serial >= ${integer(serial)}`,
  serialTo: (serial) => `c.serial <= ${integer(serial)}`,
  issues: (codes) =>
    codes.length === 1
      ? `c.issue_id = (SELECT id FROM issues WHERE ${oneOfWords('code', codes)})`
      : `c.issue_id IN (SELECT id FROM issues WHERE ${oneOfWords('code', codes)})`,
  pack: (id) => `c.pack_id = ${integer(id)}`,
  recipient: (code) =>
    `c.pack_id IN (SELECT id FROM packs WHERE store_code = ${word(code)} OR counterparty_code = ${word(code)})`,
  states: (states) => oneOfWords('c.state', states),
  blocks: (kinds) =>
    kinds.includes('none')
      ? 'c.block IS NULL'
      : kinds.includes('any')
        ? 'c.block IS NOT NULL'
        : oneOfWords('c.block', kinds),
  balanceFrom: (amount) => `c.available >= ${integer(amount)}`,
  balanceTo: (amount) => `c.available <= ${integer(amount)}`,
  soldFrom: (at) => `c.sold_at >= ${instant(at)}`,
  soldUntil: (at) => `c.sold_at < ${instant(at)}`,
  soldIn: (store) =>
    `EXISTS (SELECT 1 FROM search_transactions s WHERE s.card_id = c.id AND s.operation = 'sale' AND s.role = 'books'
     AND s.state IN ('confirmed', 'unconfirmed') AND s.store_code = ${word(store)})`,
  usedFrom: (at) => `${USED} >= ${instant(at)}`,
  usedUntil: (at) => `${USED} < ${instant(at)}`,
  validFrom: (day) => `c.valid_until >= ${text(day)}`,
  validTo: (day) => `c.valid_until <= ${text(day)}`,
  suspected: (is) => (is ? 'c.suspected_at IS NOT NULL' : 'c.suspected_at IS NULL'),
}

const USED = `(SELECT MAX(s.at) FROM search_transactions s WHERE s.card_id = c.id AND s.amount > 0)`
const SOLD_IN = `(SELECT s.store_code FROM search_transactions s WHERE s.card_id = c.id AND s.operation = 'sale'
  AND s.role = 'books' AND s.state IN ('confirmed', 'unconfirmed') ORDER BY s.at DESC LIMIT 1)`

export const CARD_ORDERS = {
  sold: 'c.sold_at',
  used: USED,
  available: 'c.available',
  serial: 'c.serial',
  validUntil: 'c.valid_until',
} as const
export type CardOrder = keyof typeof CARD_ORDERS

export const cardOrder = (order: CardOrder, descending: boolean): Order => ({
  expression: CARD_ORDERS[order],
  id: 'c.id',
  descending,
})

/** @param names of which criteria; all of them, unless said */
export function conditionsOf(
  criteria: CardCriteria,
  names: readonly (keyof CardCriteria)[] = Object.keys(CONDITIONS) as (keyof CardCriteria)[],
): string[] {
  return names.flatMap((name) => {
    const value = criteria[name]
    return value === undefined ? [] : [(CONDITIONS[name] as (value: unknown) => string)(value)]
  })
}

const whereOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`

export type FoundCard = {
  readonly id: number
  readonly firstSix: string
  readonly lastFour: string
  readonly issue: string
  readonly issueName: string
  readonly currency: number
  /** Card numbers are in the order of the serials, so a serial reveals the number (docs/spec/abuse.md, 8). */
  readonly sequential: boolean
  readonly serial: number
  readonly state: CardState
  readonly block: Block | null
  readonly ledger: number
  readonly available: number
  readonly pack: number | null
  readonly soldAt: number | null
  readonly soldIn: string | null
  readonly usedAt: number | null
  readonly validUntil: string | null
  readonly suspectedAt: number | null
}

const SELECT = `SELECT c.id, c.first_six, c.last_four, i.code, i.name, i.currency, i.number_body = 'sequential', c.serial,
  c.state, c.block, c.ledger, c.available, c.pack_id, c.sold_at, ${SOLD_IN}, ${USED}, c.valid_until, c.suspected_at
  FROM cards c JOIN issues i ON i.id = c.issue_id`

const atOrNull = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))

export function toFoundCard(row: Row): FoundCard {
  const [id, firstSix, lastFour, issue, issueName, currency, sequential, serial, state, block, ledger, available, pack,
    soldAt, soldIn, usedAt, validUntil, suspectedAt] = row as [
    number, string, string, string, string, number, number, number, string, string | null, number, number, number | null,
    string | null, string | null, string | null, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    firstSix,
    lastFour,
    issue,
    issueName,
    currency,
    sequential: sequential === 1,
    serial,
    state: oneOf(CARD_STATES, state),
    block: block === null ? null : oneOf(BLOCKS, block),
    ledger,
    available,
    pack,
    soldAt: atOrNull(soldAt),
    soldIn,
    usedAt: atOrNull(usedAt),
    validUntil,
    suspectedAt: atOrNull(suspectedAt),
  }
}

/**
 * The page is found among the cards alone, and only then is each of its rows looked up in full: joined at once, the
 * optimizer reads and sorts all cards of the installation.
 */
export function selectFoundCards(criteria: CardCriteria, order: Order, after: Place | null, most: number): string {
  const where = whereOf([...conditionsOf(criteria), ...(after === null ? [] : [beyond(order, after)])])
  return `${SELECT} JOIN (SELECT c.id FROM cards c ${indexFor(criteria, order)} ${where}
     ${orderBy(order)} LIMIT ${integer(most)}) page ON page.id = c.id
   ${orderBy(order)}`
}

/**
 * So many serials are read and sorted for a first page: with 2,000,000 cards 30 ms where they are in memory and 190 where the
 * machine is full and they are not. A longer range is looked through in the order of the list.
 */
const SORTED = 5_000

/** A range of serials of one issue that is read by itself. */
export function isShortRange({ issues, serialFrom, serialTo }: CardCriteria): boolean {
  if (issues?.length !== 1 || (serialFrom === undefined && serialTo === undefined)) return false
  return (serialTo ?? Infinity) - (serialFrom ?? 1) <= SORTED
}

/**
 * Which index, where the optimizer, who knows how many rows there are and not how they lie, takes the wrong one: a short
 * range of serials is read by itself; an issue in one state in the order of the list.
 */
function indexFor(criteria: CardCriteria, order: Order): string {
  const { ids, hashes, ecodeHash, lastFour, pack, recipient, issues, states } = criteria
  if ([ids, hashes, ecodeHash, lastFour, pack, recipient].some((value) => value !== undefined)) return ''
  if (isShortRange(criteria)) return 'FORCE INDEX (cards_serial)'
  const isOneState = issues?.length === 1 && states?.length === 1 && order.expression === CARD_ORDERS.sold
  return isOneState ? 'FORCE INDEX (cards_issue_state_sold)' : ''
}

/** At most one more than `most`. */
export const countFoundCards = (criteria: CardCriteria, most: number): string =>
  `SELECT COUNT(*) FROM (SELECT 1 FROM cards c ${whereOf(conditionsOf(criteria))} LIMIT ${integer(most + 1)}) found`

import { stampText, type Key } from '../../core/key.ts'
import { BY_KEY, inKeys, integer, KEY_COLUMNS, text } from './literal.ts'
import type { Row } from './row.ts'
import { books } from './transactions.ts'

/** The cards to lock for requests that refer to these keys: the original's, its parent's, its grandparent's. */
export const selectCardsOfKeys = (keys: readonly Key[]): string => cardsOf(BY_KEY, inKeys('t', keys))

/** The same for originals that are named by their ids. */
export const selectCardsOfIds = (ids: readonly number[]): string =>
  cardsOf('', `t.id IN (${ids.map(integer).join(',')})`)

const cardsOf = (index: string, where: string): string =>
  `SELECT ${KEY_COLUMNS.map((column) => `t.${column}`).join(',')}, t.card_id, t.original_id, p.card_id, g.card_id,
   t.debit_account, t.credit_account, t.id
   FROM transactions t ${index} LEFT JOIN transactions p ON p.id = t.original_id LEFT JOIN transactions g ON g.id = p.original_id
   WHERE ${where}`

/** CHECK accounts_below_rows: the account of a card has the card's id; those of stores and the issuer are below. */
export const isCardAccount = (id: number): boolean => id > 1_000_000

export type CardsOfOriginal = {
  readonly id: number
  readonly key: Key
  readonly cards: readonly number[]
  readonly hasParent: boolean
}

export function toCardsOfOriginal(row: Row): CardsOfOriginal {
  const [transmitted, stan, terminal, store, kind, own, originalId, parent, grandparent, debit, credit, id] = row as [
    number, number, string, string, number, number | null, number | null, number | null, number | null, number | null,
    number | null, number,
  ] // prettier-ignore
  return {
    id,
    key: { transmitted, stan, terminal, store, kind },
    cards: [own, parent, grandparent, debit, credit].filter((id) => id !== null).filter(isCardAccount),
    hasParent: originalId !== null,
  }
}

/**
 * The stores in which money was moved under the kind, STAN and DE 7 of these keys, because DE 90 does not name a store.
 */
export const selectStoresByStamp = (keys: readonly Key[]): string =>
  `SELECT DISTINCT transmitted, stan, kind, store_code FROM transactions ${BY_KEY}
   WHERE amount > 0 AND (${keys.map(stamp).join(' OR ')})`

/** As a plain AND, which the optimizer turns into a range over the first columns of the unique key. */
const stamp = ({ transmitted, stan, kind }: Key): string =>
  `(transmitted = ${integer(transmitted)} AND stan = ${integer(stan)} AND kind = ${integer(kind)})`

export function toStoresByStamp(rows: readonly Row[]): ReadonlyMap<string, ReadonlySet<string>> {
  const stores = new Map<string, Set<string>>()
  for (const row of rows) {
    const [transmitted, stan, kind, store] = row as [number, number, number, string]
    const named = stampText({ transmitted, stan, kind })
    stores.set(named, (stores.get(named) ?? new Set()).add(store))
  }
  return stores
}

/** The cards of the payments that these references may mean. */
export const selectCardsOfPayments = (rrns: readonly string[]): string =>
  `SELECT DISTINCT t.card_id FROM transactions t
   WHERE t.rrn IN (${rrns.map(text).join(',')}) AND t.operation = 'payment' AND ${books('t')} AND t.amount > 0`

/**
 * Locks terminals whose next request confirms the last one, so that two connections of a terminal do not both confirm
 * it.
 */
export const lockTerminals = (codes: readonly string[]): string =>
  `SELECT code FROM terminals WHERE code IN (${codes.map(text).join(',')}) ORDER BY code FOR UPDATE`

import type { Key } from '../../core/key.ts'
import type { Totals } from '../../core/totals.ts'
import { boolean, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** Serialises the ends of day of one terminal. */
export const lockTerminal = (code: string): string =>
  `SELECT business_date FROM terminals WHERE code = ${text(code)} FOR UPDATE`

/** The first row id that is a card's, so that an account above it is one. */
const CARDS_FROM = 1_000_001

/** Is this the side of a card: one of ours, or those of another host, which are one account together? */
const isCards = (account: string): string =>
  `(${account} >= ${CARDS_FROM} OR ${account} IN (SELECT id FROM accounts WHERE kind = 'upstream_settlement'))`

/**
 * Sums of what moved money between cards and accounts since `since`: the terminal's own rows, and the timer's reversals
 * of its transactions. A duplicate moves money from card to card and is neither credit nor debit.
 */
export const selectTotals = ({ store, terminal }: Pick<Key, 'store' | 'terminal'>, since: string | null): string => `
  SELECT IF(kind IN (400, 420), 'undone', 'done'), IF(${isCards('credit_account')}, 'credit', 'debit'), COUNT(*), SUM(amount) FROM (
    SELECT kind, credit_account, amount FROM transactions
    WHERE terminal_code = ${text(terminal)} AND store_code = ${text(store)} ${after('', since)}
      AND amount > 0 AND operation <> 'duplicate'
    UNION ALL
    SELECT t.kind, t.credit_account, t.amount FROM transactions t JOIN transactions o ON o.id = t.original_id
    WHERE t.terminal_code = 'TIMER' ${after('t.', since)} AND t.amount > 0 AND t.operation <> 'duplicate'
      AND o.terminal_code = ${text(terminal)} AND o.store_code = ${text(store)}
  ) AS moved GROUP BY 1, 2`

const after = (alias: string, since: string | null): string =>
  since === null ? '' : `AND ${alias}business_date >= ${text(since)}`

const NAMES = {
  'done credit': 'credits',
  'done debit': 'debits',
  // The reversal of a credit is a debit of the card, and vice versa.
  'undone debit': 'reversedCredits',
  'undone credit': 'reversedDebits',
} as const satisfies Record<string, keyof Totals>

export function toTotal(row: Row): { name: keyof Totals; number: number; amount: number } {
  const [done, side, number, amount] = row as [string, string, number, string]
  const name = oneOf(Object.keys(NAMES) as (keyof typeof NAMES)[], `${done} ${side}`)
  return { name: NAMES[name], number, amount: Number(amount) }
}

export type DayEnd = {
  readonly id: number
  readonly key: Key
  readonly since: string | null
  readonly businessDate: string
  readonly totals: Totals
  readonly agreed: boolean
  /** The totals that the till claimed; null: none. */
  readonly claimed: { readonly totals: Totals; readonly net: number } | null
}

const columnsOf = (t: Totals): readonly number[] =>
  [t.credits, t.reversedCredits, t.debits, t.reversedDebits].flatMap(({ number, amount }) => [number, amount])

export const insertDayEnd = ({ id, key, since, businessDate, totals, agreed, claimed }: DayEnd): string =>
  `INSERT INTO day_ends (id, terminal_code, store_code, since, business_date, credits, credits_amount, reversed_credits,
     reversed_credits_amount, debits, debits_amount, reversed_debits, reversed_debits_amount, agreed, claimed_credits,
     claimed_credits_amount, claimed_reversed_credits, claimed_reversed_credits_amount, claimed_debits, claimed_debits_amount,
     claimed_reversed_debits, claimed_reversed_debits_amount, claimed_net)
   VALUES (${integer(id)},${text(key.terminal)},${text(key.store)},${textOrNull(since)},${text(businessDate)},${columnsOf(totals).map(integer).join(',')},
   ${boolean(agreed)},${(claimed === null ? Array<null>(8).fill(null) : columnsOf(claimed.totals)).map(integerOrNull).join(',')},
   ${integerOrNull(claimed?.net ?? null)})`

export const selectDayEnd = (id: number): string =>
  `SELECT credits, credits_amount, reversed_credits, reversed_credits_amount, debits, debits_amount, reversed_debits,
     reversed_debits_amount FROM day_ends WHERE id = ${integer(id)}`

export function toDayEndTotals(row: Row): Totals {
  const [credits, creditsAmount, reversedCredits, reversedCreditsAmount, debits, debitsAmount, reversedDebits, rest] =
    row as number[]
  const total = (number = 0, amount = 0) => ({ number, amount })
  return {
    credits: total(credits, creditsAmount),
    reversedCredits: total(reversedCredits, reversedCreditsAmount),
    debits: total(debits, debitsAmount),
    reversedDebits: total(reversedDebits, rest),
  }
}

/** One in the list of a terminal's. */
export type DayEndView = {
  readonly id: number
  readonly businessDate: string
  readonly totals: Totals
  /** The till counted the same. */
  readonly agreed: boolean
}

/** The newest first. */
export const selectDayEndsOf = (terminal: string, most: number): string =>
  `SELECT id, business_date, agreed, credits, credits_amount, reversed_credits, reversed_credits_amount, debits, debits_amount,
     reversed_debits, reversed_debits_amount FROM day_ends WHERE terminal_code = ${text(terminal)}
   ORDER BY business_date DESC, id DESC LIMIT ${integer(most)}`

export function toDayEndView([id, businessDate, agreed, ...totals]: Row): DayEndView {
  return {
    id: Number(id),
    businessDate: String(businessDate).slice(0, 10),
    totals: toDayEndTotals(totals),
    agreed: agreed === 1,
  }
}

/** Opens the next business day and raises the registry's version. */
export const openBusinessDate = (code: string, date: string): string =>
  `UPDATE terminals SET business_date = ${text(date)} WHERE code = ${text(code)}`
export const touchRegistry = 'UPDATE registry_version SET version = version + 1 WHERE id = 1'

import { binary, fromInstant, instant, integer, oneOfWords, text, word } from './literal.ts'
import { beyond, orderBy, type Order, type Place } from './keyset.ts'
import type { Row } from './row.ts'

/** Criteria of a list of transactions; all of them hold. Instants in ms. */
export type TransactionCriteria = {
  readonly ids?: readonly number[]
  readonly card?: number
  readonly hashes?: readonly string[]
  readonly ecodeHash?: string
  readonly firstSix?: string
  readonly lastFour?: string
  readonly from?: number
  readonly until?: number
  readonly day?: string
  readonly stores?: readonly string[]
  readonly terminal?: string
  readonly issues?: readonly string[]
  readonly operations?: readonly string[]
  readonly results?: readonly string[]
  readonly states?: readonly string[]
  readonly amountFrom?: number
  readonly amountTo?: number
  readonly entryModes?: readonly string[]
  readonly reference?: string
  readonly stan?: number
  readonly original?: number
  readonly who?: string
  readonly channels?: readonly string[]
  readonly hasCase?: boolean
}

const ofCards = (where: string): string => `s.card_id IN (SELECT id FROM cards WHERE ${where})`

type Part<Name extends keyof TransactionCriteria> = (value: NonNullable<TransactionCriteria[Name]>) => string

const CONDITIONS: { readonly [Name in keyof TransactionCriteria]-?: Part<Name> } = {
  // Rows are in the order of time: the books give the time of each id.
  ids: (ids) =>
    `(s.at, s.id) IN (SELECT received_at, id FROM transactions WHERE id IN (${[0, ...ids].map(integer).join(',')}))`,
  card: (id) => `(s.card_id = ${integer(id)} OR s.other_card_id = ${integer(id)})`,
  hashes: (hashes) => {
    const all = hashes.map(binary).join(',')
    return ofCards(`number_hash IN (${all}) OR barcode_hash IN (${all})`)
  },
  ecodeHash: (hash) => ofCards(`ecode_hash = ${binary(hash)}`),
  firstSix: (digits) => ofCards(`first_six = ${text(digits)}`),
  lastFour: (digits) => ofCards(`last_four = ${text(digits)}`),
  from: (at) => `s.at >= ${instant(at)}`,
  until: (at) => `s.at < ${instant(at)}`,
  day: (day) =>
    `s.business_date = ${text(day)} AND s.at >= ${text(day)} - INTERVAL 3 DAY AND s.at < ${text(day)} + INTERVAL 4 DAY`,
  stores: (codes) => oneOfWords('s.store_code', codes),
  terminal: (code) => `s.terminal_code = ${word(code)}`,
  issues: (codes) => `s.issue_id IN (SELECT id FROM issues WHERE ${oneOfWords('code', codes)})`,
  operations: (names) => oneOfWords('s.operation', names),
  results: (names) => oneOfWords('s.result', names),
  states: (names) => oneOfWords('s.state', names),
  amountFrom: (amount) => `COALESCE(NULLIF(s.amount, 0), s.amount_asked) >= ${integer(amount)}`,
  amountTo: (amount) => `COALESCE(NULLIF(s.amount, 0), s.amount_asked) <= ${integer(amount)}`,
  entryModes: (modes) => oneOfWords('LEFT(s.entry_mode, 2)', modes),
  reference: (rrn) => `s.rrn = ${word(rrn)}`,
  stan: (stan) => `s.stan = ${integer(stan)}`,
  original: (id) => `s.original_id = ${integer(id)}`,
  who: (login) => `s.who = ${word(login)}`,
  channels: (names) => oneOfWords('s.channel', names),
  hasCase: (has) => `${has ? '' : 'NOT '}EXISTS (SELECT 1 FROM cases k WHERE k.transaction_id = s.id)`,
}

export const TRANSACTION_ORDERS = { time: 's.at', amount: 's.amount' } as const
export type TransactionOrder = keyof typeof TRANSACTION_ORDERS
export const transactionOrder = (order: TransactionOrder, descending: boolean): Order => ({
  expression: TRANSACTION_ORDERS[order],
  id: 's.id',
  descending,
})

/** Criteria by which an index finds so few rows that a case is best looked for at each. */
const FEW = [
  'ids', 'card', 'hashes', 'ecodeHash', 'reference', 'stan', 'original',
] as const satisfies readonly (keyof TransactionCriteria)[] // prettier-ignore

const isByCases = (criteria: TransactionCriteria): boolean =>
  criteria.hasCase === true && FEW.every((name) => criteria[name] === undefined)

/**
 * Cases are few, a day's transactions many: those that have one are entered by the cases, and the books give the time by
 * which their rows are found. A case is opened after its transaction came in; a day is for clocks that differ.
 */
function tableOf(criteria: TransactionCriteria): string {
  if (!isByCases(criteria)) return 'search_transactions s'
  const { from, until } = criteria
  const bounds = [
    ...(from === undefined
      ? []
      : [`k.opened_at >= ${instant(from)} - INTERVAL 1 DAY`, `b.received_at >= ${instant(from)}`]),
    ...(until === undefined ? [] : [`b.received_at < ${instant(until)}`]),
  ]
  return `(SELECT DISTINCT b.received_at AS at, b.id FROM cases k STRAIGHT_JOIN transactions b ON b.id = k.transaction_id
    ${bounds.length === 0 ? '' : `WHERE ${bounds.join(' AND ')}`}) h
    STRAIGHT_JOIN search_transactions s ON s.at = h.at AND s.id = h.id`
}

function whereOf(criteria: TransactionCriteria, more: readonly string[]): string {
  const conditions = (Object.keys(CONDITIONS) as (keyof TransactionCriteria)[]).flatMap((name) => {
    const value = name === 'hasCase' && isByCases(criteria) ? undefined : criteria[name]
    return value === undefined ? [] : [(CONDITIONS[name] as (value: unknown) => string)(value)]
  })
  const all = [...conditions, ...more]
  return all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`
}

export type FoundTransaction = {
  readonly id: number
  readonly at: number
  readonly businessDate: string
  readonly store: string
  readonly terminal: string
  readonly operation: string | null
  readonly role: string
  readonly cardId: number | null
  readonly firstSix: string | null
  readonly lastFour: string | null
  readonly asked: number | null
  readonly amount: number
  readonly currency: number | null
  readonly result: string
  readonly state: string
  readonly rrn: string
  readonly stan: number
  readonly entryMode: string
  readonly channel: string
  readonly who: string | null
  readonly originalId: number | null
  readonly hasCase: boolean
  /** Money arrived at the presented card. */
  readonly credits: boolean
  readonly approvalCode: string
}

const SELECT = `SELECT s.id, s.at, s.business_date, s.store_code, s.terminal_code, s.operation, s.role, s.card_id, c.first_six,
  c.last_four, s.amount_asked, s.amount, COALESCE(s.currency, i.currency), s.result, s.state, s.rrn, s.stan, s.entry_mode,
  s.channel, s.who, s.original_id, EXISTS (SELECT 1 FROM cases k WHERE k.transaction_id = s.id),
  COALESCE(t.credit_account = s.card_id, 0), t.approval_code`

const JOINED = `JOIN transactions t ON t.id = s.id LEFT JOIN cards c ON c.id = s.card_id
  LEFT JOIN issues i ON i.id = s.issue_id`

export function toFoundTransaction(row: Row): FoundTransaction {
  const [id, at, businessDate, store, terminal, operation, role, cardId, firstSix, lastFour, asked, amount, currency,
    result, state, rrn, stan, entryMode, channel, who, originalId, hasCase, credits, approvalCode] = row as [
    number, string, string, string, string, string | null, string, number | null, string | null, string | null,
    number | null, number, number | null, string, string, string, number, string, string, string | null, number | null,
    number, number, string,
  ] // prettier-ignore
  return {
    id,
    at: fromInstant(at),
    businessDate,
    store,
    terminal,
    operation,
    role,
    cardId,
    firstSix,
    lastFour,
    asked,
    amount,
    currency,
    result,
    state,
    rrn,
    stan,
    entryMode,
    channel,
    who,
    originalId,
    hasCase: hasCase === 1,
    credits: credits === 1,
    approvalCode,
  }
}

export const selectFoundTransactions = (
  criteria: TransactionCriteria,
  order: Order,
  after: Place | null,
  most: number,
): string =>
  `${SELECT} FROM ${tableOf(criteria)} ${JOINED}
   ${whereOf(criteria, after === null ? [] : [beyond(order, after)])} ${orderBy(order)} LIMIT ${integer(most)}`

/** At most one more than `most`. */
export const countFoundTransactions = (criteria: TransactionCriteria, most: number): string =>
  `SELECT COUNT(*) FROM (SELECT 1 FROM ${tableOf(criteria)} ${whereOf(criteria, [])} LIMIT ${integer(most + 1)}) found`

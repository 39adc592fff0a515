import { OPERATION_NAMES, type Operation } from '../../core/operations.ts'
import { CHANNELS } from '../../core/channel.ts'
import { RESULTS, type Result } from '../../core/result.ts'
import { ROLES, type Role, roleOfKind } from '../../core/role.ts'
import { TRANSACTION_STATES, UNDOERS, type Transaction, type TransactionState } from '../../core/transaction.ts'
import type { Key } from '../../core/key.ts'
import {
  BY_KEY,
  boolean,
  binary,
  binaryOrNull,
  fromInstant,
  inKeys,
  instant,
  instantOrNull,
  integer,
  integerOrNull,
  text,
  textOrNull,
} from './literal.ts'
import { oneOf, type Row } from './row.ts'

const COLUMNS = [
  'id', 'store_code', 'terminal_code', 'kind', 'stan', 'transmitted', 'content', 'received_at', 'business_date',
  'local_time', 'line', 'trace', 'processing_code', 'operation', 'entry_mode', 'card_id', 'amount_asked', 'currency',
  'debit_account', 'credit_account', 'amount', 'sells', 'result', 'rrn', 'approval_code', 'original_id',
  'ledger_after', 'available_after', 'balance_currency', 'echo_digest', 'state', 'undone_by', 'confirm_by', 'returned',
  'role', 'channel', 'who', 'for_store', 'card_seq', 'other_seq', 'available_seq', 'key_digest',
  'released', 'final_at_once',
] as const // prettier-ignore

/** In the order that `toTransaction` reads. */
export const transactionColumns = (alias: string): string => COLUMNS.map((column) => `${alias}.${column}`).join(',')

/** The transactions under these keys. */
export const selectByKeys = (keys: readonly Key[]): string =>
  `SELECT ${transactionColumns('t')} FROM transactions t ${BY_KEY} WHERE ${inKeys('t', keys)}`

export const selectByIds = (ids: readonly number[]): string =>
  `SELECT ${transactionColumns('t')} FROM transactions t WHERE t.id IN (${ids.map(integer).join(',')}) ORDER BY t.id`

/** The parents and grandparents of the transactions under these keys: a refund's payment, a cancellation's original. */
export const selectParents = (keys: readonly Key[]): string => parents(BY_KEY, inKeys('t', keys))

export const selectParentsOfIds = (ids: readonly number[]): string =>
  parents('', `t.id IN (${ids.map(integer).join(',')})`)

const parents = (index: string, where: string): string =>
  `SELECT ${transactionColumns('p')} FROM transactions t ${index} JOIN transactions p ON p.id = t.original_id WHERE ${where}
   UNION ALL
   SELECT ${transactionColumns('g')} FROM transactions t ${index} JOIN transactions p ON p.id = t.original_id
   JOIN transactions g ON g.id = p.original_id WHERE ${where}`

/** The payments that these references may mean. */
export const selectPayments = (rrns: readonly string[]): string =>
  `SELECT ${transactionColumns('t')} FROM transactions t
   WHERE t.rrn IN (${rrns.map(text).join(',')}) AND t.operation = 'payment' AND ${books('t')} AND t.amount > 0`

/** A row that books an operation itself; NULL: from before roles were kept, and not filled yet. */
export const books = (alias: string): string =>
  `(${alias}.role = 'books' OR (${alias}.role IS NULL AND ${alias}.kind IN (200, 220)))`

/**
 * The transactions that the next requests of these terminals confirm. 9999-12-31 23:59:59 is NEXT_REQUEST of
 * core/transaction.ts.
 */
export const selectAwaitingNext = (terminals: readonly { store: string; terminal: string }[]): string =>
  `SELECT ${transactionColumns('t')} FROM transactions t WHERE t.confirm_by = '9999-12-31 23:59:59.000'
   AND (t.terminal_code, t.store_code) IN (${terminals.map((t) => `(${text(t.terminal)},${text(t.store)})`).join(',')})
   ORDER BY t.id`

/**
 * A plain INSERT: if another process inserted the key first, error 1062 shows it. Columns in which all rows of a batch
 * have the table's default are left out, because each column costs text and parsing.
 */
export function insertTransactions(rows: readonly Transaction[]): string {
  const columns = SELDOM.filter(({ isDefault }) => !rows.every(isDefault))
  const names = [...ALWAYS, ...columns.map(({ column }) => column)]
  let values = ''
  for (const row of rows) {
    values += `${values === '' ? '' : ','}(${always(row)}`
    for (const { value } of columns) values += `,${value(row)}`
    values += ')'
  }
  return `INSERT INTO transactions (${names.join(',')}) VALUES ${values}`
}

type Seldom = {
  readonly column: (typeof COLUMNS)[number]
  readonly isDefault: (t: Transaction) => boolean
  readonly value: (t: Transaction) => string
}

const SELDOM: readonly Seldom[] = [
  { column: 'sells', isDefault: (t) => !t.sells, value: (t) => boolean(t.sells) },
  { column: 'original_id', isDefault: (t) => t.originalId === null, value: (t) => integerOrNull(t.originalId) },
  { column: 'echo_digest', isDefault: (t) => t.labels.echo === null, value: (t) => binaryOrNull(t.labels.echo) },
  { column: 'undone_by', isDefault: (t) => t.undoneBy === null, value: (t) => textOrNull(t.undoneBy) },
  { column: 'confirm_by', isDefault: (t) => t.confirmBy === null, value: (t) => instantOrNull(t.confirmBy) },
  { column: 'returned', isDefault: (t) => t.returned === 0, value: (t) => integer(t.returned) },
  { column: 'who', isDefault: (t) => t.requester.who === null, value: (t) => textOrNull(t.requester.who) },
  { column: 'for_store', isDefault: (t) => t.forStore === null, value: (t) => textOrNull(t.forStore) },
  { column: 'card_seq', isDefault: (t) => t.cardSeq === null, value: (t) => integerOrNull(t.cardSeq) },
  { column: 'other_seq', isDefault: (t) => t.otherSeq === null, value: (t) => integerOrNull(t.otherSeq) },
  { column: 'available_seq', isDefault: (t) => t.availableSeq === null, value: (t) => integerOrNull(t.availableSeq) },
  {
    column: 'key_digest',
    isDefault: (t) => t.key.digest === undefined,
    value: (t) => binaryOrNull(t.key.digest ?? null),
  },
  { column: 'released', isDefault: (t) => t.released === 0, value: (t) => integer(t.released) },
  { column: 'final_at_once', isDefault: (t) => !t.finalAtOnce, value: (t) => (t.finalAtOnce ? '1' : 'NULL') },
]
const ALWAYS = COLUMNS.filter((name) => !SELDOM.some(({ column }) => column === name))

/** In the order of ALWAYS. */
function always(t: Transaction): string {
  const { key, labels, transfer, balances } = t
  return `${integer(t.id)},${text(key.store)},${text(key.terminal)},${integer(key.kind)},${integer(key.stan)},${integer(key.transmitted)},${binary(t.content)},${instant(t.at)},${text(t.businessDate)},${text(labels.localTime)},${text(labels.line)},${text(labels.trace)},${text(labels.processingCode)},${textOrNull(t.operation)},${text(labels.entryMode)},${integerOrNull(t.cardId)},${integerOrNull(labels.amount)},${integerOrNull(labels.currency)},${integerOrNull(transfer?.debit ?? null)},${integerOrNull(transfer?.credit ?? null)},${integer(transfer?.amount ?? 0)},${text(t.result)},${text(labels.rrn)},${text(labels.approvalCode)},${integerOrNull(balances?.ledger ?? null)},${integerOrNull(balances?.available ?? null)},${integerOrNull(balances?.currency ?? null)},${text(t.state)},${text(t.role)},${text(t.requester.channel)}`
}

/** Writes the fate of transactions that were there before: nothing else of a row ever changes. */
export function updateFates(transactions: readonly Transaction[]): string {
  const ids = transactions.map((t) => integer(t.id)).join(',')
  const first = transactions[0]
  if (first !== undefined && transactions.every((t) => fateOf(t) === fateOf(first))) {
    return `UPDATE transactions SET ${fateOf(first)}${becameAvailable(transactions)} WHERE id IN (${ids})`
  }
  const pick = (value: (t: Transaction) => string): string =>
    `CASE id ${transactions.map((t) => `WHEN ${integer(t.id)} THEN ${value(t)}`).join(' ')} END`
  return `UPDATE transactions SET state = ${pick((t) => text(t.state))}, undone_by = ${pick((t) => textOrNull(t.undoneBy))},
    confirm_by = ${pick((t) => instantOrNull(t.confirmBy))}, returned = ${pick((t) => integer(t.returned))},
    released = ${pick((t) => integer(t.released))}${becameAvailable(transactions)} WHERE id IN (${ids})`
}

/** Writes at which step of its card an amount became available; only loads have one. */
function becameAvailable(transactions: readonly Transaction[]): string {
  const loads = transactions.filter((t) => t.availableSeq !== null)
  if (loads.length === 0) return ''
  const seqs = loads.map((t) => `WHEN ${integer(t.id)} THEN ${integerOrNull(t.availableSeq)}`)
  return `, available_seq = CASE id ${seqs.join(' ')} ELSE available_seq END`
}

const fateOf = (t: Transaction): string =>
  `state = ${text(t.state)}, undone_by = ${textOrNull(t.undoneBy)}, confirm_by = ${instantOrNull(t.confirmBy)}, returned = ${integer(t.returned)}, released = ${integer(t.released)}`

/** The row shape stops here. */
export function toTransaction(row: Row): Transaction {
  const [
    id, store, terminal, kind, stan, transmitted, content, receivedAt, businessDate,
    localTime, line, trace, processingCode, operation, entryMode, cardId, amountAsked, currency,
    debit, credit, amount, sells, result, rrn, approvalCode, originalId,
    ledgerAfter, availableAfter, balanceCurrency, echo, state, undoneBy, confirmBy, returned,
    role, channel, who, forStore, cardSeq, otherSeq, availableSeq, digest, released, finalAtOnce,
  ] = row as TransactionRow // prettier-ignore
  return {
    id,
    key: {
      store,
      terminal,
      kind,
      stan,
      transmitted,
      ...(digest === null ? {} : { digest: digest.toString('hex') }),
    },
    content: content.toString('hex'),
    at: fromInstant(receivedAt),
    businessDate,
    labels: {
      processingCode,
      localTime,
      rrn,
      approvalCode,
      entryMode,
      amount: amountAsked,
      currency,
      echo: echo === null ? null : echo.toString('hex'),
      line,
      trace,
    },
    operation: operation === null ? null : oneOf<Operation>(OPERATION_NAMES, operation),
    cardId,
    transfer: debit === null || credit === null ? null : { debit, credit, amount },
    sells: sells === 1,
    result: oneOf<Result>(RESULTS, result),
    originalId,
    balances:
      ledgerAfter === null || availableAfter === null || balanceCurrency === null
        ? null
        : { ledger: ledgerAfter, available: availableAfter, currency: balanceCurrency },
    state: oneOf<TransactionState>(TRANSACTION_STATES, state),
    undoneBy: undoneBy === null ? null : oneOf(UNDOERS, undoneBy),
    confirmBy: confirmBy === null ? null : fromInstant(confirmBy),
    returned,
    released: released ?? 0,
    finalAtOnce: finalAtOnce === 1,
    requester: { channel: channel === null ? channelOfOld(store) : oneOf(CHANNELS, channel), who },
    role: role === null ? roleOfKind(kind) : oneOf<Role>(ROLES, role),
    forStore,
    cardSeq,
    otherSeq,
    availableSeq,
  }
}

/** The channel of rows from before channels were stored: requests without a terminal have a reserved store. */
const channelOfOld = (store: string): 'terminal' | 'job' => (store === 'AKART' ? 'job' : 'terminal')

type TransactionRow = [
  number, string, string, number, number, number, Buffer, string, string,
  string, string, string, string, string | null, string, number | null, number | null, number | null,
  number | null, number | null, number, number, string, string, string, number | null,
  number | null, number | null, number | null, Buffer | null, string, string | null, string | null, number,
  string | null, string | null, string | null, string | null, number | null, number | null, number | null,
  Buffer | null, number | null, number | null,
] // prettier-ignore

import type { Owed, Routed } from '../../core/routed.ts'
import type { Transaction } from '../../core/transaction.ts'
import { boolean, fromInstant, instant, instantOrNull, integer, integerOrNull, text, textOrNull } from './literal.ts'
import type { Row } from './row.ts'

const COLUMNS = [
  'id', 'upstream', 'confirms', 'card', 'stan', 'transmitted', 'answer_by', 'host_code',
  'host_reference', 'late_code', 'cancelling',
] as const // prettier-ignore

/** Locks what there is about these transactions at other hosts, in id order; `toRouted` reads a row of it. */
export const lockRouted = (ids: readonly number[]): string =>
  `SELECT ${COLUMNS.join(',')} FROM routed FORCE INDEX (PRIMARY) WHERE id IN (${ids.map(integer).join(',')})
   ORDER BY id FOR UPDATE`

/** The same without a lock. */
export const selectRouted = (ids: readonly number[]): string =>
  `SELECT ${COLUMNS.join(',')} FROM routed WHERE id IN (${ids.map(integer).join(',')}) ORDER BY id`

export function toRouted(row: Row): Routed {
  const [
    id, upstream, confirms, card, stan, transmitted, answerBy, hostCode, hostReference, lateCode,
    cancelling,
  ] = row as [
    number, string, number, string, number, number, string | null, string | null, string | null,
    string | null, number | null,
  ] // prettier-ignore
  return {
    id,
    upstream,
    confirms: confirms === 1,
    card,
    stan,
    transmitted,
    answerBy: answerBy === null ? null : fromInstant(answerBy),
    hostCode,
    hostReference,
    lateCode,
    cancelling,
  }
}

export const insertRouted = (rows: readonly Routed[]): string =>
  `INSERT INTO routed (${COLUMNS.join(',')}) VALUES ${rows
    .map(
      (r) =>
        `(${integer(r.id)},${text(r.upstream)},${boolean(r.confirms)},${text(r.card)},${integer(r.stan)},${integer(r.transmitted)},${instantOrNull(r.answerBy)},${textOrNull(r.hostCode)},${textOrNull(r.hostReference)},${textOrNull(r.lateCode)},${integerOrNull(r.cancelling)})`,
    )
    .join(',')}`

/** Writes what can change of them; which host and which card it is never does. */
export function updateRouted(rows: readonly Routed[]): string {
  const ids = rows.map(({ id }) => integer(id)).join(',')
  const set = (column: string, value: (routed: Routed) => string): string =>
    `${column} = ELT(FIELD(id,${ids}),${rows.map(value).join(',')})`
  return `UPDATE routed FORCE INDEX (PRIMARY) SET ${[
    set('answer_by', (r) => instantOrNull(r.answerBy)),
    set('host_code', (r) => textOrNull(r.hostCode)),
    set('host_reference', (r) => textOrNull(r.hostReference)),
    set('late_code', (r) => textOrNull(r.lateCode)),
    set('cancelling', (r) => integerOrNull(r.cancelling)),
  ].join(', ')} WHERE id IN (${ids})`
}

/** Pending rows with their answer: once, under the lock of their row in `routed`, and never again. */
export function answerTransactions(rows: readonly Transaction[]): string {
  const ids = rows.map(({ id }) => integer(id)).join(',')
  const set = (column: string, value: (row: Transaction) => string): string =>
    `${column} = ELT(FIELD(id,${ids}),${rows.map(value).join(',')})`
  return `UPDATE transactions FORCE INDEX (PRIMARY) SET ${[
    set('state', (t) => text(t.state)),
    set('undone_by', (t) => textOrNull(t.undoneBy)),
    set('confirm_by', (t) => instantOrNull(t.confirmBy)),
    set('result', (t) => text(t.result)),
    set('business_date', (t) => text(t.businessDate)),
    set('debit_account', (t) => integerOrNull(t.transfer?.debit ?? null)),
    set('credit_account', (t) => integerOrNull(t.transfer?.credit ?? null)),
    set('amount', (t) => integer(t.transfer?.amount ?? 0)),
    set('approval_code', (t) => text(t.labels.approvalCode)),
    set('ledger_after', (t) => integerOrNull(t.balances?.ledger ?? null)),
    set('available_after', (t) => integerOrNull(t.balances?.available ?? null)),
    set('balance_currency', (t) => integerOrNull(t.balances?.currency ?? null)),
  ].join(', ')} WHERE id IN (${ids})`
}

/** What is owed already is owed once; it may be due earlier now. */
export const insertOwed = (owed: readonly Owed[]): string =>
  `INSERT INTO owed (transaction_id, kind, upstream, waiting_for, owed_since, due_at) VALUES ${owed
    .map(
      (o) =>
        `(${integer(o.transactionId)},${integer(o.kind)},${text(o.upstream)},${text(o.upstream)},${instant(o.since)},${instant(o.since)})`,
    )
    .join(',')}
   ON DUPLICATE KEY UPDATE owed_since = LEAST(owed_since, VALUES(owed_since)), due_at = LEAST(due_at, VALUES(due_at))`

/** Requests whose host nobody waits for any more: the process that sent them is gone, or could not settle them. */
export const selectUnanswered = (now: number, most: number): string =>
  `SELECT t.id, t.transmitted, t.stan, t.terminal_code, t.store_code, t.kind, t.processing_code, t.currency FROM routed r
   JOIN transactions t ON t.id = r.id WHERE r.answer_by <= ${instant(now)} ORDER BY r.answer_by LIMIT ${integer(most)}`

import { fromInstant, instant, integer, integerOrNull, text } from './literal.ts'
import type { Row } from './row.ts'

/** A payment as it was entered. */
export type PaymentEntry = {
  readonly line: number
  readonly counterparty: string
  readonly currency: number
  /** Below zero: paid back to the counterparty. */
  readonly amount: number
  readonly paidOn: string
  readonly reference: string
  readonly note: string
  /** The payment that it takes back. */
  readonly corrects: number | null
}

const ENTRY = 'e.line_number, e.counterparty_code, e.currency, e.amount, e.paid_on, e.reference, e.note, e.corrects'

/** Rows whose reference is recorded already are skipped; the row count shows it. */
export const insertEntries = (proposal: number, entries: readonly PaymentEntry[]): string =>
  `INSERT IGNORE INTO payment_entries (proposal_id, line_number, counterparty_code, currency, amount, paid_on, reference,
     held_reference, note, corrects) VALUES ${entries
       .map(
         (e) =>
           `(${integer(proposal)},${integer(e.line)},${text(e.counterparty)},${integer(e.currency)},${integer(e.amount)},${text(e.paidOn)},${text(e.reference)},${text(e.reference)},${text(e.note)},${integerOrNull(e.corrects)})`,
       )
       .join(',')}`

export const selectEntries = (proposal: number): string =>
  `SELECT ${ENTRY} FROM payment_entries e WHERE e.proposal_id = ${integer(proposal)} ORDER BY e.line_number`

/** Waiting entries of a counterparty; null: of all. */
export const selectWaitingEntries = (counterparty: string | null, most: number): string =>
  `SELECT ${ENTRY}, p.id, p.by_login, p.at FROM proposals p JOIN payment_entries e ON e.proposal_id = p.id
   WHERE p.kind = 'payment' AND p.open_for IS NOT NULL
     ${counterparty === null ? '' : `AND e.counterparty_code = ${text(counterparty)}`}
   ORDER BY p.id DESC, e.line_number LIMIT ${integer(most)}`

export function toEntry(row: Row): PaymentEntry {
  const [line, counterparty, currency, amount, paidOn, reference, note, corrects] = row as [
    number, string, number, number, string, string, string, number | null,
  ] // prettier-ignore
  return { line, counterparty, currency, amount, paidOn, reference, note, corrects }
}

export type WaitingEntry = PaymentEntry & { readonly proposal: number; readonly by: string; readonly at: number }

export function toWaitingEntry(row: Row): WaitingEntry {
  const [proposal, by, at] = row.slice(8) as [number, string, string]
  return { ...toEntry(row), proposal, by, at: fromInstant(at) }
}

/** References of these that are taken, by what waits or stands. */
export const selectTakenReferences = (references: readonly string[]): string => {
  const list = references.map(text).join(',')
  return `SELECT held_reference FROM payment_entries WHERE held_reference IN (${list})
   UNION SELECT reference FROM counterparty_payments WHERE reference IN (${list})`
}

export const releaseEntries = (proposal: number): string =>
  `UPDATE payment_entries SET held_reference = NULL WHERE proposal_id = ${integer(proposal)}`

/** A payment that stands. */
export type Payment = Omit<PaymentEntry, 'line'> & {
  readonly id: number
  readonly enteredBy: string
  readonly approvedBy: string
  readonly at: number
}

export const insertPayments = (payments: readonly Payment[]): string =>
  `INSERT INTO counterparty_payments (id, counterparty_code, currency, amount, paid_on, reference, entered_by, approved_by, at,
     note, corrects) VALUES ${payments
       .map(
         (p) =>
           `(${integer(p.id)},${text(p.counterparty)},${integer(p.currency)},${integer(p.amount)},${text(p.paidOn)},${text(p.reference)},${text(p.enteredBy)},${text(p.approvedBy)},${instant(p.at)},${text(p.note)},${integerOrNull(p.corrects)})`,
       )
       .join(',')}`

const PAYMENT =
  'SELECT id, counterparty_code, currency, amount, paid_on, reference, note, corrects, entered_by, approved_by, at FROM counterparty_payments'

export const selectPayment = (id: number): string => `${PAYMENT} WHERE id = ${integer(id)}`

/** The latest of a counterparty; null: of all. */
export const selectPayments = (counterparty: string | null, most: number): string =>
  `${PAYMENT} ${counterparty === null ? '' : `WHERE counterparty_code = ${text(counterparty)}`}
   ORDER BY paid_on DESC, id DESC LIMIT ${integer(most)}`

/** Payments of a period, oldest first. */
export const selectPaymentsOf = (counterparty: string, from: string, to: string): string =>
  `${PAYMENT} WHERE counterparty_code = ${text(counterparty)} AND paid_on BETWEEN ${text(from)} AND ${text(to)} ORDER BY paid_on, id`

export function toPayment(row: Row): Payment {
  const [id, counterparty, currency, amount, paidOn, reference, note, corrects, enteredBy, approvedBy, at] = row as [
    number, string, number, number, string, string, string, number | null, string, string, string,
  ] // prettier-ignore
  return {
    id,
    counterparty,
    currency,
    amount,
    paidOn,
    reference,
    note,
    corrects,
    enteredBy,
    approvedBy,
    at: fromInstant(at),
  }
}

export const selectCounterpartyCodes = (codes: readonly string[]): string =>
  `SELECT code FROM counterparties WHERE code IN (${codes.map(text).join(',')})`

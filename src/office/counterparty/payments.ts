import type { WorkerConnection } from '../../db/connection.ts'
import {
  insertEntries,
  insertPayments,
  type Payment,
  type PaymentEntry,
  releaseEntries,
  selectCounterpartyCodes,
  selectEntries,
  selectPayment,
  selectPayments,
  selectTakenReferences,
  selectWaitingEntries,
  toEntry,
  toPayment,
  toWaitingEntry,
  type WaitingEntry,
} from '../../db/sql/payments.ts'
import { hasControls } from '../../text/controls.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import { isDay } from '../day-words.ts'
import { inTransaction, type Office } from '../office.ts'
import { decideProposal, propose } from '../proposals.ts'
import { type Fault, isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import type { Upload } from '../welfare/list-file.ts'
import { type Column, FIELDS_PL, readBankFile } from './bank-file.ts'

export type { Payment, WaitingEntry }

export type PaymentInput = Omit<PaymentEntry, 'line' | 'corrects'>
/** Payments that wait for a second person. */
export type Entered = { readonly proposal: number; readonly entries: readonly PaymentEntry[] }

/** A payment that one person has seen on the bank's statement. */
export async function enterPayment(office: Office, actor: Actor, input: PaymentInput): Promise<Entered | Refused> {
  const no = mayDo(actor, 'counterparties.payments')
  if (no !== null) return no
  const { counterparty, currency, amount, paidOn, reference, note } = input
  const entry = { line: 1, counterparty, currency, amount, paidOn, reference: reference.trim(), note, corrects: null }
  const [fault] = faultsOf(office, entry)
  if (fault !== undefined) return refused('payment_not_valid', fault)
  return enter(office, actor, [entry], {})
}

/** Imports all payments of a bank's file, or none; faults are reported row by row. */
export async function importPayments(office: Office, actor: Actor, file: Upload): Promise<Entered | Refused> {
  const no = mayDo(actor, 'counterparties.payments')
  if (no !== null) return no
  const read = await readBankFile(file)
  if (isRefused(read)) return read
  const faults: Fault[] = [...read.faults]
  const seen = new Map<string, number>()
  for (const entry of read.entries) {
    const at = `${file.name}:${entry.line}`
    const { line } = entry
    for (const { field, value } of faultsOf(office, entry)) {
      faults.push({ at, line, text: `${field}: ${value}`, pl: `${FIELDS_PL[field]}: ${value}` })
    }
    const before = seen.get(entry.reference)
    if (before !== undefined) {
      const [text, pl] = [`reference ${entry.reference} as in line ${before}`, `referencja jak w wierszu ${before}`]
      faults.push({ at, line, text, pl })
    }
    seen.set(entry.reference, entry.line)
  }
  if (faults.length > 0) {
    const most = 100
    return {
      ...refused('payments_not_valid', { file: file.name, count: faults.length }),
      faults: faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, most),
    }
  }
  return enter(office, actor, read.entries, { file: file.name, sha256: read.sha256 })
}

/** Reverses a wrongly entered payment by a row of its own; the correct one is entered again. */
export async function correctPayment(
  office: Office,
  actor: Actor,
  { payment: id, note }: { readonly payment: number; readonly note: string },
): Promise<Entered | Refused> {
  const no = mayDo(actor, 'counterparties.payments')
  if (no !== null) return no
  const [[row] = []] = await office.db.use((connection) => connection.send(selectPayment(id)))
  if (row === undefined) return refused('no_such_payment', { payment: id })
  const { counterparty, currency, amount, paidOn, corrects } = toPayment(row)
  if (corrects !== null) return refused('payment_is_correction', { payment: id })
  // Its reference is made of the payment's number: so a payment is taken back once.
  const reference = `${CORRECTION}${id}`
  const entry = { line: 1, counterparty, currency, amount: -amount, paidOn, reference, note, corrects: id }
  const [fault] = faultsOf(office, entry)
  if (fault !== undefined) return refused('payment_not_valid', fault)
  return enter(office, actor, [entry], {})
}

const MOST_AMOUNT = 999_999_999_99
/** The prefix of references of corrections. Payments must not use it, because a correction could then not be entered. */
const CORRECTION = 'COR-'

function faultsOf(
  { timeZone, clock }: Pick<Office, 'timeZone' | 'clock'>,
  { amount, currency, paidOn, reference, note, corrects }: PaymentEntry,
): { readonly field: Column; readonly value: string | number }[] {
  const today = dateIn(timeZone, clock())
  const isFine = (value: string, least: number, most: number): boolean =>
    value.trim().length >= least && value.length <= most && !hasControls(value)
  const fault = (field: Column, value: string | number) => ({ field, value })
  return [
    ...(Number.isSafeInteger(amount) && amount !== 0 && Math.abs(amount) <= MOST_AMOUNT
      ? []
      : [fault('amount', amount)]),
    ...(currency > 0 && currency < 1_000 ? [] : [fault('currency', currency)]),
    ...(isDay(paidOn) && paidOn <= today ? [] : [fault('date', paidOn)]),
    ...(isFine(reference, 1, 35) && (corrects !== null || !reference.startsWith(CORRECTION))
      ? []
      : [fault('reference', reference.slice(0, 40))]),
    ...(isFine(note, 0, 200) ? [] : [fault('note', note.slice(0, 40))]),
  ]
}

/** Lines of an INSERT. */
const LOT = 500
const lots = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LOT) }, (_, i) => all.slice(i * LOT, (i + 1) * LOT))

function enter(
  office: Office,
  actor: Actor,
  entries: readonly PaymentEntry[],
  source: { readonly file?: string; readonly sha256?: string },
): Promise<Entered | Refused> {
  const subject = office.nextId()
  return inTransaction(office, async (connection) => {
    const against = await unknownOrTaken(connection, entries)
    if (against !== null) return against
    const input = { ...source, rows: entries.length }
    const details = { ...input, references: entries.slice(0, 20).map(({ reference }) => reference) }
    const reason = entries[0]?.note ?? ''
    const proposal = await propose(connection, office, actor, { kind: 'payment', subject, input, reason, details })
    if (isRefused(proposal)) return proposal
    for (const lot of lots(entries)) {
      const [[added] = []] = await connection.send(`${insertEntries(proposal, lot)};SELECT ROW_COUNT()`)
      // Somebody else entered one of these references in the meantime.
      if (added?.[0] !== lot.length) return refused('payment_reference_used', { reference: lot[0]?.reference ?? '' })
    }
    return { proposal, entries }
  })
}

async function unknownOrTaken(connection: WorkerConnection, entries: readonly PaymentEntry[]): Promise<Refused | null> {
  const codes = [...new Set(entries.map(({ counterparty }) => counterparty))]
  const [rows = []] = await connection.send(selectCounterpartyCodes(codes))
  const known = new Set(rows.map(([code]) => String(code)))
  const unknown = codes.find((code) => !known.has(code))
  if (unknown !== undefined) return refused('no_such_counterparty', { code: unknown })
  for (const lot of lots(entries)) {
    const [[taken] = []] = await connection.send(selectTakenReferences(lot.map(({ reference }) => reference)))
    if (taken !== undefined) return refused('payment_reference_used', { reference: String(taken[0]) })
  }
  return null
}

/**
 * A second person's decision about payments that were entered together; the person who entered them may withdraw them.
 */
export async function decidePayments(
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<readonly PaymentEntry[] | Refused> {
  const entries: PaymentEntry[] = []
  const decided = await decideProposal(
    office,
    actor,
    { kind: 'payment', ...input },
    async (connection, proposal, at) => {
      if (!input.approve) {
        await connection.send(releaseEntries(proposal.id))
        return null
      }
      const [rows = []] = await connection.send(selectEntries(proposal.id))
      entries.splice(0, entries.length, ...rows.map(toEntry))
      for (const lot of lots(entries)) {
        const payments = lot.map(({ line: _line, ...entry }) => {
          return { ...entry, id: office.nextId(), enteredBy: proposal.by, approvedBy: actor.login, at }
        })
        await connection.send(insertPayments(payments))
      }
      return null
    },
  )
  return isRefused(decided) ? decided : entries
}

export type PaymentList = { readonly payments: readonly Payment[]; readonly waiting: readonly WaitingEntry[] }

/** The latest that stand, and those that wait for a second person. */
export async function listPayments(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { counterparty, most }: { readonly counterparty: string | null; readonly most: number },
): Promise<PaymentList | Refused> {
  const no = mayDo(actor, 'counterparties.find')
  if (no !== null) return no
  const [payments = [], waiting = []] = await office.db.use((connection) =>
    connection.send(`${selectPayments(counterparty, most)};${selectWaitingEntries(counterparty, most)}`),
  )
  return { payments: payments.map(toPayment), waiting: waiting.map(toWaitingEntry) }
}

/** Sums by currency, for the approver. */
export function sumsOf(entries: readonly Pick<PaymentEntry, 'currency' | 'amount'>[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { currency, amount } of entries) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return sums
}

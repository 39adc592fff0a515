import type { TextForm } from '../core/registry.ts'
import { type Key, KIND } from '../core/key.ts'
import { isApproved, type Result } from '../core/result.ts'
import type { Transfer } from '../core/money.ts'
import type { Totals } from '../core/totals.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Fields, Message } from '../iso8583/message.ts'
import { responseMti } from '../iso8583/mti.ts'
import { RESPONSE_CODES } from './response-code.ts'
import { writeTotals } from './totals.ts'
import { textOf } from './texts.ts'
import { referenceOf } from './transmission-time.ts'

/** Fields of an answer that come from the transaction row. */
export type AnsweredRow = Pick<Transaction, 'key' | 'result' | 'balances'> & {
  readonly labels: Pick<Transaction['labels'], 'localTime' | 'rrn' | 'approvalCode' | 'amount'>
  readonly transfer: Pick<Transfer, 'amount'> | null
}

/** The elements that every response echoes if the request had them. */
const ECHOED = [3, 7, 11, 12, 13, 37, 41, 42, 49, 59, 70] as const
/**
 * The elements of an unparsable message that are echoed (docs/spec/terminal.md, section 1); elements after the fault are
 * unknown.
 */
const ECHOED_OF_UNPARSABLE = [3, 7, 11, 12, 13, 37, 41, 42] as const

/**
 * The answer to a request. Every value that could differ between the first answer and a repeat's is taken from the row, so
 * that a repeat gets identical bytes. The other fields are echoed; they belong to the key or the content and are the same.
 */
export function toDayEndResponse(
  request: Message,
  result: Result,
  row: AnsweredRow | null,
  totals: Totals,
  form: TextForm,
): Message {
  const response = toResponse(request, result, row, form)
  if (result === 'totals_differ') writeTotals(response.fields, totals)
  return response
}

/** The answer to an 0800; DE 48 has the key block if a key was requested. */
export function toNetworkResponse(request: Message, result: Result, keyBlock: string | null, form: TextForm): Message {
  const response = toResponse(request, result, null, form)
  if (keyBlock !== null) response.fields[48] = keyBlock
  return response
}

export function toResponse(request: Message, result: Result, row: AnsweredRow | null, form: TextForm): Message {
  const fields = echo(request, ECHOED)
  answer(fields, result, form)
  if (row !== null) fromRow(fields, request, result, row)
  return { mti: responseMti(request.mti), fields }
}

/** Sets DE 37 if neither the request nor a row has one. Every answer to a request with a key gets one; an 0810 does not. */
export function giveReference({ fields }: Message, { transmitted, stan }: Key): void {
  fields[37] ??= referenceOf(transmitted, stan)
}

/** The answer 30 to a message that can be parsed but is invalid. `where` as `F022 missing`. */
export const toFormatError = (request: Message, where: string): Message => formatError(request, where, ECHOED)

/** The answer 30 to a message of which only the first fields could be parsed. `where` as `F035 length`. */
export const toUnparsable = (readable: Message, where: string): Message =>
  formatError(readable, where, ECHOED_OF_UNPARSABLE)

function formatError(request: Message, where: string, echoed: readonly number[]): Message {
  const fields = echo(request, echoed)
  fields[39] = RESPONSE_CODES.format_error.code
  fields[44] = where.slice(0, 25)
  return { mti: responseMti(request.mti), fields }
}

function echo(request: Message, echoed: readonly number[]): Fields {
  const fields: Fields = {}
  for (const field of echoed) if (request.fields[field] !== undefined) fields[field] = request.fields[field]
  return fields
}

function answer(fields: Fields, result: Result, form: TextForm): void {
  const { code, reason } = RESPONSE_CODES[result]
  fields[39] = code
  if (reason !== null) fields[44] = reason
  const text = textOf(result, form)
  if (text !== null) fields[63] = text
}

function fromRow(fields: Fields, { fields: asked }: Message, result: Result, row: AnsweredRow): void {
  const { labels, transfer, balances, key } = row
  if (asked[12] !== undefined && labels.localTime.length === 10) fields[12] = labels.localTime.slice(4)
  if (asked[13] !== undefined && labels.localTime.length === 10) fields[13] = labels.localTime.slice(0, 4)
  fields[37] = labels.rrn

  // A refusal before the engine, under an existing key, is answered without the amounts of the stored row.
  if (result !== row.result || !SHOWS_MONEY.has(key.kind)) return
  if (transfer !== null && isApproved(result)) {
    fields[4] = amountText(transfer.amount)
    fields[38] = labels.approvalCode
  }
  if (balances !== null) {
    const { ledger, available, currency } = balances
    const groups = [balanceText('01', currency, ledger), balanceText('02', currency, available)]
    if (result === 'approved_partially') groups.push(balanceText('57', currency, labels.amount ?? 0))
    fields[54] = groups.join('')
  }
}

/** 0212 and 0430 carry neither amounts nor balances. */
const SHOWS_MONEY: ReadonlySet<number> = new Set([
  KIND.inquiry,
  KIND.financial,
  KIND.advice,
  KIND.cancellation,
  KIND.administration,
])

const amountText = (amount: number): string => String(amount).padStart(12, '0')

/** One group of DE 54: account type 60, amount type, currency, sign, amount. */
const balanceText = (type: '01' | '02' | '57', currency: number, amount: number): string =>
  `60${type}${String(currency).padStart(3, '0')}C${amountText(amount)}`

import type { CardKeys } from '../../cards/keys.ts'
import { maskNumber, shownNumber } from '../../cards/number.ts'
import type { Currency } from '../../core/currency.ts'
import type { NumberHashes } from '../../core/request.ts'
import type { WelfareRow } from '../../db/sql/welfare-rows.ts'
import { holdsCardNumber } from '../card-in-text.ts'
import { readNumber } from '../card-name.ts'
import { isRefused } from '../refusal.ts'
import { type DecimalSign, namesOtherCurrency, readAmountNumber, readAmountText } from './amount-reading.ts'
import type { Finding, FindingCode } from './findings.ts'
import type { Cell } from './list-file.ts'
import type { LIST_COLUMNS, ListColumn } from './list-columns.ts'
import type { ListRow } from './open-list.ts'

/** The card that a row names. */
export type NamedCard =
  | { readonly by: 'link' }
  | { readonly by: 'number'; readonly hashes: NumberHashes }
  /** First six and last four digits, as in our own files. */
  | { readonly by: 'shown'; readonly shown: string }
  /** The card found before; `isFrozen`: the batch was proposed with it, and it stays. */
  | { readonly by: 'id'; readonly id: number; readonly isFrozen: boolean }
  /** The card cannot be read; there is a finding about it. */
  | { readonly by: 'fault' }

/** A parsed row with its unreadable cells. */
export type ParsedRow = Omit<WelfareRow, 'employeeId' | 'cardId'> & {
  readonly card: NamedCard
  readonly faults: readonly Finding[]
}

export type ParseSetting = {
  readonly keys: CardKeys
  readonly decimal: DecimalSign | null
  /** The employer's currency. */
  readonly currency: Pick<Currency, 'letters' | 'exponent'>
  /** Prefixes of our card numbers, which no other column may contain. */
  readonly prefixes: readonly string[]
}

const LENGTHS = { employee: 40, name: 100, card: 500, amount: 40, fund: 40, already_used: 40, note: 200, sell: 10, row: 10, email: 254 } as const satisfies Record<ListColumn, number> // prettier-ignore
const SHOWN_AT_MOST = 100

const YES = new Set(['yes', 'y', 'tak', 't', 'x', '1', 'true', 'prawda'])
const NO = new Set(['', 'no', 'n', 'nie', '0', 'false', 'fałsz'])

export function parseRow(row: ListRow, { keys, decimal, currency, prefixes }: ParseSetting): ParsedRow {
  const { line } = row
  const faults: Finding[] = []
  const fault = (field: ListColumn, code: FindingCode, value: string, details: Finding['details'] = {}): void => {
    faults.push({ line, field, code, value: maskedText(value).slice(0, SHOWN_AT_MOST), details })
  }
  const cellOf = (column: ListColumn): Cell => {
    const cell = row.cell(column)
    if (cell.kind === 'formula') fault(column, 'formula', cell.text)
    if (cell.kind === 'error') fault(column, 'cell_error', cell.text)
    if (cell.text.length > LENGTHS[column]) fault(column, 'text_too_long', cell.text, { most: LENGTHS[column] })
    return cell
  }
  const cells: Record<(typeof LIST_COLUMNS)[number], Cell> = {
    employee: cellOf('employee'),
    name: cellOf('name'),
    card: cellOf('card'),
    amount: cellOf('amount'),
    fund: cellOf('fund'),
    already_used: cellOf('already_used'),
    note: cellOf('note'),
    sell: cellOf('sell'),
  }
  const text = (column: keyof typeof cells): string => maskedText(plain(cells[column].text).slice(0, LENGTHS[column]))
  const number = employeeNumber(cells.employee.text, prefixes)
  if (number === '') fault('employee', 'employee_missing', '')
  if (row.surplus !== null) fault('row', 'surplus_cell', row.surplus)

  const amount = readable(cells.amount) ? amountOf(cells.amount, decimal, currency) : null
  if (typeof amount === 'string') fault('amount', amount, cells.amount.text)
  const used = readable(cells.already_used) ? amountOf(cells.already_used, decimal, currency) : null
  if (typeof used === 'string' && used !== 'amount_missing')
    fault('already_used', 'already_used_wrong', cells.already_used.text)
  const sell = cells.sell.text.trim().toLowerCase()
  if (!YES.has(sell) && !NO.has(sell)) fault('sell', 'sell_wrong', cells.sell.text)
  const card = cardOf(cells.card, keys, (code) => fault('card', code, cells.card.text))
  return {
    line,
    number,
    name: text('name'),
    cardShown: asciiOf(maskedText(cells.card.text)).slice(0, 25),
    amountShown: text('amount'),
    fund: text('fund'),
    usedShown: text('already_used'),
    note: text('note'),
    sell: YES.has(sell),
    amount: typeof amount === 'number' ? amount : null,
    alreadyUsed: typeof used === 'number' ? used : 0,
    card,
    faults,
  }
}

/** The card column is ASCII. A name that stands there by mistake is stored without the marks of its letters. */
const asciiOf = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .replace(/[^\x20-\x7e]/gu, '?')

/** The employee's number as the employer writes it. A card number in this column is masked, so that it matches no employee. */
export function employeeNumber(text: string, prefixes: readonly string[]): string {
  const number = plain(text)
  return (holdsCardNumber(number, prefixes) ? maskedText(number) : number).slice(0, LENGTHS.employee)
}

/** Removes the apostrophe that our files put before text that a spreadsheet would take for a formula. */
const plain = (text: string): string => text.trim().replace(/^'(?=[=+\-@])/u, '')

const readable = ({ kind }: Cell): boolean => kind !== 'formula' && kind !== 'error'

function amountOf(
  { kind, text, number }: Cell,
  decimal: DecimalSign | null,
  { letters, exponent }: ParseSetting['currency'],
): number | FindingCode {
  if (kind === 'date') return 'amount_is_a_date'
  if (kind === 'text' && namesOtherCurrency(text, letters)) return 'amount_of_another_currency'
  return kind === 'number' && number !== null
    ? readAmountNumber(number, exponent)
    : readAmountText(text, decimal, exponent)
}

/** More digits than a spreadsheet keeps of a number. */
const EXACT_DIGITS = 15

function cardOf({ kind, text, number }: Cell, keys: CardKeys, fault: (code: FindingCode) => void): NamedCard {
  const given = plain(text)
  if (given === '') return { by: 'link' }
  if (kind === 'number' && number !== null && Math.abs(number) >= 10 ** EXACT_DIGITS) {
    fault('card_lost_digits')
    return { by: 'fault' }
  }
  if (/^\d{6}[*•]{2,13}\d{4}$/u.test(given))
    return { by: 'shown', shown: shownNumber(given.slice(0, 6), given.slice(-4)) }
  const read = readNumber(keys, given, 'card')
  if (!isRefused(read)) return { by: 'number', hashes: read }
  if (kind !== 'formula' && kind !== 'error') fault('card_wrong')
  return { by: 'fault' }
}

const FEWEST_DIGITS = 13

/** Masks digits that may be a card number: they are never shown or stored whole, in any column. */
export const maskedText = (text: string): string =>
  text.length < FEWEST_DIGITS
    ? text
    : text.replace(/\d(?:[ -]?\d){12,18}/gu, (digits) => maskNumber(digits.replace(/\D/gu, '')))

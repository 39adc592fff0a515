/** Parses a bank's CSV file of payments. */

import { createHash } from 'node:crypto'
import { currencyLettered } from '../../core/currency.ts'
import type { PaymentEntry } from '../../db/sql/payments.ts'
import { type Fault, isRefused, refused, type Refused } from '../refusal.ts'
import { guessDecimal, namesOtherCurrency, readAmountText } from '../welfare/amount-reading.ts'
import { csvRows, firstLineOf, guessSeparator } from '../welfare/csv-rows.ts'
import { countWords, type FileRow, type Upload } from '../welfare/list-file.ts'
import { guessEncoding } from '../welfare/text-encoding.ts'

export type BankFile = {
  readonly entries: readonly PaymentEntry[]
  readonly faults: readonly Fault[]
  readonly sha256: string
}

const MOST_BYTES = 5 * 1024 * 1024
const MOST_ROWS = 5_000

const HEADINGS = {
  reference: ['reference', 'referencja', 'numer referencyjny', 'nr referencyjny'],
  counterparty: ['counterparty', 'kontrahent', 'kod kontrahenta'],
  amount: ['amount', 'kwota'],
  currency: ['currency', 'waluta'],
  date: ['date', 'data', 'paid on', 'data ksiegowania', 'data operacji'],
  note: ['note', 'title', 'uwagi', 'opis', 'tytul'],
} as const satisfies Record<string, readonly string[]>
export type Column = keyof typeof HEADINGS
/** Columns in the words of a Polish reader. */
export const FIELDS_PL: Readonly<Record<Column, string>> = {
  reference: 'referencja',
  counterparty: 'kontrahent',
  amount: 'kwota',
  currency: 'waluta',
  date: 'data',
  note: 'uwagi',
}
const REQUIRED: readonly Column[] = ['reference', 'counterparty', 'amount', 'date']

/** Of two of these nobody could say which is meant. Banks write two days and two texts, of which the first is taken. */
const ONCE: readonly Column[] = ['reference', 'counterparty', 'amount', 'currency']
const isOf = (column: Column, heading: string): boolean => (HEADINGS[column] as readonly string[]).includes(heading)

const plain = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll(/[łŁ]/gu, 'l')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, ' ')
    .trim()

/** A bank's CSV file in any encoding and with any separator; headings in English or Polish, in any order. */
export async function readBankFile(file: Upload): Promise<BankFile | Refused> {
  const { name, content } = file
  if (content.length > MOST_BYTES) return refused('list_too_large', { file: name, most: MOST_BYTES / 1024 / 1024 })
  const encoding = guessEncoding(content)
  const rows: FileRow[] = []
  for await (const row of csvRows(file, encoding, guessSeparator(firstLineOf(content, encoding)))) {
    if (isRefused(row)) return row
    rows.push(row)
    if (rows.length > MOST_ROWS + 1) return refused('list_too_long', { file: name, most: countWords(MOST_ROWS) })
  }
  const [head, ...lines] = rows
  if (head === undefined || lines.length === 0) return refused('list_empty', { file: name })
  const headings = head.cells.map(({ text }) => plain(text))
  const placeOf = (column: Column): number => headings.findIndex((heading) => isOf(column, heading))
  const missing = REQUIRED.find((column) => placeOf(column) < 0)
  if (missing !== undefined) return refused('list_column_missing', { file: name, column: missing })
  const twice = ONCE.find((column) => headings.filter((heading) => isOf(column, heading)).length > 1)
  if (twice !== undefined) return refused('list_column_twice', { file: name, column: twice })
  const cellOf = (row: FileRow, column: Column): string => row.cells[placeOf(column)]?.text.trim() ?? ''
  const decimal = guessDecimal(lines.map((row) => cellOf(row, 'amount').replace(/^[-−]/u, '')))
  const faults: Fault[] = []
  const entries = lines.flatMap((row): PaymentEntry[] => {
    const known = faults.length
    const fault = (column: Column, value: string, why = ''): void => {
      const { line } = row
      faults.push({
        at: `${name}:${line}`,
        line,
        text: `${column}: ${value}${why}`,
        pl: `${FIELDS_PL[column]}: ${value}`,
      })
    }
    // `5,50` in a file with commas: it would be read as 5.
    const surplus = row.cells.slice(head.cells.length).find(({ text }) => text !== '')
    if (surplus !== undefined) {
      const [text, pl] = [`more cells than headings: ${surplus.text}`, `więcej komórek niż nagłówków: ${surplus.text}`]
      faults.push({ at: `${name}:${row.line}`, line: row.line, text, pl })
      return []
    }
    const letters = cellOf(row, 'currency') || 'PLN'
    const currency = currencyLettered(letters.toUpperCase())
    if (currency === null) fault('currency', letters)
    const written = cellOf(row, 'amount')
    // Banks write outgoing payments with a minus sign.
    const amount = readAmountText(written.replace(/^[-−]/u, ''), decimal, currency?.exponent ?? 2)
    if (typeof amount === 'string') fault('amount', written, ` (${amount.replaceAll('_', ' ')})`)
    else if (currency !== null && namesOtherCurrency(written, currency.letters))
      fault('amount', written, ' (another currency)')
    const paidOn = dayOf(cellOf(row, 'date'))
    if (paidOn === null) fault('date', cellOf(row, 'date'))
    if (faults.length > known || currency === null || typeof amount === 'string' || paidOn === null) return []
    return [
      {
        line: row.line,
        counterparty: cellOf(row, 'counterparty'),
        currency: currency.number,
        amount: /^[-−]/u.test(written) ? -amount : amount,
        paidOn,
        reference: cellOf(row, 'reference'),
        note: cellOf(row, 'note').slice(0, 200),
        corrects: null,
      },
    ]
  })
  return { entries, faults, sha256: createHash('sha256').update(content).digest('hex') }
}

/** `2026-11-29`, `29.11.2026` or `29/11/2026`. */
function dayOf(written: string): string | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(written) ?? []
  if (year !== undefined) return `${year}-${month}-${day}`
  const [, d = '', m = '', y] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/u.exec(written) ?? []
  return y === undefined ? null : `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
}

import { currencyOf } from '../core/currency.ts'
import { csvLines, delimiterOf, textFile } from './csv-lines.ts'
import { dayStart } from './day-bounds.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { rowsOfXlsx } from './xlsx-read.ts'

/** The compared columns of a till's journal. */
export const MEANINGS = ['terminal', 'stan', 'time', 'amount', 'lastFour', 'outcome'] as const
export type Meaning = (typeof MEANINGS)[number]
export type Mapping = Readonly<Partial<Record<Meaning, string>>>

export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

const MOST_ROWS = 5_000
const MOST_COLUMNS = 60

/** A journal as CSV or XLSX, its first line naming the columns. */
export function tableOf(fileName: string, bytes: Uint8Array): Table | Refused {
  const all = bytes[0] === 0x50 && bytes[1] === 0x4b ? xlsxRows(fileName, bytes) : csvRows(fileName, bytes)
  if (isRefused(all)) return all
  const [head = [], ...rows] = all
  const columns = head.slice(0, MOST_COLUMNS).map((name, at) => (name === '' ? `#${at + 1}` : name.slice(0, 100)))
  if (columns.length === 0) return refused('no_columns', { file: fileName, columns: MEANINGS.join(', ') })
  const filled = rows.filter((row) => row.some((cell) => cell !== ''))
  if (filled.length === 0) return refused('no_lines', { file: fileName })
  if (filled.length > MOST_ROWS) return refused('file_too_large', { file: fileName, most: `${MOST_ROWS}` })
  return { columns, rows: filled }
}

const xlsxRows = (fileName: string, bytes: Uint8Array): string[][] | Refused =>
  rowsOfXlsx(bytes) ?? refused('file_not_read', { file: fileName, why: 'XLSX' })

function csvRows(fileName: string, bytes: Uint8Array): string[][] | Refused {
  const file = textFile(fileName, bytes)
  if (isRefused(file)) return file
  const lines = csvLines(file, [delimiterOf(file)])
  return isRefused(lines) ? lines : lines.map(({ cells }) => [...cells])
}

/** The values of one row of a journal; null: missing or unreadable. */
export type SaidRow = {
  readonly row: number
  readonly terminal: string
  readonly stan: number | null
  readonly said: string | null
  readonly at: number | null
  readonly amount: number | null
  readonly lastFour: string | null
  readonly happened: boolean | null
}

/** The rows by their meanings, with amounts in the store's currency and times by its clock. Of a card's number only its end is read. */
export function saidRows(
  { columns, rows }: Table,
  mapping: Mapping,
  { currency, timeZone }: { readonly currency: number; readonly timeZone: string },
): SaidRow[] {
  const at = (meaning: Meaning): number => columns.indexOf(mapping[meaning] ?? '')
  const indexes = Object.fromEntries(MEANINGS.map((meaning) => [meaning, at(meaning)])) as Record<Meaning, number>
  return rows.map((cells, index) => {
    const cell = (meaning: Meaning): string => (cells[indexes[meaning]] ?? '').trim()
    const stan = /^\d{1,6}$/u.test(cell('stan')) ? Number(cell('stan')) : null
    return {
      row: index + 2,
      terminal: cell('terminal').slice(0, 8),
      stan,
      said: cell('time') === '' ? null : cell('time').slice(0, 40),
      at: instantOf(cell('time'), timeZone),
      amount: amountOf(cell('amount'), currency),
      lastFour: /(\d{4})\D*$/u.exec(cell('lastFour'))?.[1] ?? null,
      happened: indexes.outcome === -1 ? true : outcomeOf(cell('outcome')),
    }
  })
}

/**
 * Reads `1 234,50`, `1,234.50`, `12.5`: the last separator is the decimal one unless three digits follow it, in a currency that
 * has no three. What is no whole number of minor units is no amount.
 */
export function amountOf(text: string, currency: number): number | null {
  const { exponent } = currencyOf(currency)
  const bare = text.replace(/[\s\u00a0\u202f'a-zł]/giu, '').replace(/^[-−+]/u, '')
  const form = exponent === 3 ? /^([\d.,]*?)(?:[.,](\d+))?$/u : /^([\d.,]*?)(?:[.,](\d{1,2}|\d{4,}))?$/u
  const [, whole = '', decimals = ''] = form.exec(bare) ?? []
  const digits = whole.replace(/[.,]/gu, '')
  if (digits === '' || !/^\d{1,12}$/u.test(digits)) return null
  const part = Number(`0.${decimals || '0'}`) * 10 ** exponent
  // Spreadsheets write 12.34 as 12.340000000000002.
  if (Math.abs(part - Math.round(part)) > 1e-4) return null
  const minor = Number(digits) * 10 ** exponent + Math.round(part)
  return Number.isSafeInteger(minor) ? minor : null
}

const DAY_MS = 24 * 3_600_000
/** Day 0 of spreadsheets. */
const SHEET_EPOCH = Date.UTC(1899, 11, 30)

function instantOf(text: string, timeZone: string): number | null {
  if (/^\d{5}(\.\d+)?$/u.test(text)) {
    const local = new Date(SHEET_EPOCH + Math.round(Number(text) * DAY_MS)).toISOString()
    return instantOf(local.slice(0, 19), timeZone)
  }
  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(Z?)/u.exec(text)
  const polish = /^(\d\d?)[./](\d\d?)[./](\d{4})[T ,]+(\d\d?):(\d\d)(?::(\d\d))?/u.exec(text)
  const [year, month, day] = iso !== null ? iso.slice(1, 4) : polish !== null ? polish.slice(1, 4).toReversed() : []
  const [hour = '0', minute = '0', second = '0'] = (iso ?? polish ?? []).slice(4, 7)
  if (year === undefined || month === undefined || day === undefined) return null
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (Number.isNaN(Date.parse(date))) return null
  const clock = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second || '0')) * 1000
  return iso?.[7] === 'Z' ? Date.parse(`${date}T00:00:00Z`) + clock : dayStart(date, timeZone) + clock
}

const HAPPENED =
  /^(1|true|yes|y|ok|00|approved|accepted|success|paid|done|tak|t|zatwierdz|zaakcept|zrealiz|op[lł]acon)/iu
const DID_NOT =
  /^(0|false|no|n|declin|refus|cancel|void|revers|fail|error|nie|anulow|odrzuc|odmow|wycofan|b[lł][aą]d)/iu
const outcomeOf = (text: string): boolean | null => (DID_NOT.test(text) ? false : HAPPENED.test(text) ? true : null)

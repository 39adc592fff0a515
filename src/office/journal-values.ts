/** The values of a till's journal: amounts, times and outcomes as tills and spreadsheets write them. */

import { currencyOf } from '../core/currency.ts'
import { dayEnd, dayStart } from './day-bounds.ts'
import { clockTime } from './clock-time.ts'

/** Signs of currencies that stand for their letters. */
const SIGNS: Readonly<Record<string, string>> = { PLN: 'zł|zl', EUR: '€', USD: '\\$', GBP: '£' }
/** Blanks and apostrophes between groups of three digits. */
const BETWEEN_GROUPS = /(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))/gu
const WHOLE = /^(?:\d{1,12}|\d{1,3}(?:([.,])\d{3}(?:\1\d{3})*)?)$/u

/**
 * Reads `1 234,50`, `1,234.50`, `12.5 zł`, `12,50-`: the last separator is the decimal one unless three digits follow it, in a
 * currency that has no three. A sign is left out: cases have none. What is no whole number of minor units, or of another
 * currency, is no amount.
 */
export function amountOf(text: string, currency: number): number | null {
  const { exponent, letters } = currencyOf(currency)
  const own = `(?:${letters}|${SIGNS[letters] ?? letters})\\.?`
  const bare = text
    .trim()
    .replace(new RegExp(`^${own}\\s*|\\s*${own}$`, 'giu'), '')
    .replace(/^[-−+]\s*|\s*[-−]$/gu, '')
    .replace(BETWEEN_GROUPS, '')
  const form = exponent === 3 ? /^([\d.,]+?)(?:([.,])(\d+))?$/u : /^([\d.,]+?)(?:([.,])(\d{1,2}|\d{4,}))?$/u
  const [, whole = '', decimal, decimals = ''] = form.exec(bare) ?? []
  const group = WHOLE.exec(whole)
  // `1,234,50`: the same sign cannot be both.
  if (group === null || (decimal !== undefined && group[1] === decimal)) return null
  const part = Number(`0.${decimals || '0'}`) * 10 ** exponent
  // Spreadsheets write 12.34 as 12.340000000000002.
  if (Math.abs(part - Math.round(part)) > 1e-4) return null
  const minor = Number(whole.replace(/[.,]/gu, '')) * 10 ** exponent + Math.round(part)
  return Number.isSafeInteger(minor) ? minor : null
}

const DAY_MS = 24 * 3_600_000
/** Day 0 of spreadsheets. */
const SHEET_EPOCH = Date.UTC(1899, 11, 30)

const CLOCK = String.raw`[T ,]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$`
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-./](\d\d?)[-./](\d\d?)${CLOCK}`, 'iu')
const DAY_FIRST = new RegExp(String.raw`^(\d\d?)[-./](\d\d?)[-./](\d{4})${CLOCK}`, 'iu')

/** Reads date and time by the store's clock, or by UTC where the text says so; null: not a time. */
export function instantReader(timeZone: string): (text: string) => number | null {
  // Rows of a journal are of few days.
  const days = new Map<string, { readonly start: number; readonly isPlain: boolean }>()
  const dayOf = (date: string) => {
    const known = days.get(date)
    if (known !== undefined) return known
    const start = dayStart(date, timeZone)
    const day = { start, isPlain: dayEnd(date, timeZone) - start === DAY_MS }
    days.set(date, day)
    return day
  }
  const instantOf = (text: string): number | null => {
    if (/^\d{5}(\.\d+)?$/u.test(text)) {
      const local = new Date(SHEET_EPOCH + Math.round(Number(text) * DAY_MS)).toISOString()
      return instantOf(local.slice(0, 19))
    }
    const yearFirst = YEAR_FIRST.exec(text)
    const parts = yearFirst ?? DAY_FIRST.exec(text)
    if (parts === null) return null
    const [year = '', month = '', day = ''] = yearFirst === null ? parts.slice(1, 4).toReversed() : parts.slice(1, 4)
    const [hour = '', minute = '', second = '0', zone] = parts.slice(4)
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const clock = `${hour.padStart(2, '0')}:${minute}`
    const seconds = Number(second) * 1000
    const utc = new Date(`${date}T${clock}:00Z`)
    // Dates that there are not, such as February 30, become others.
    if (Number.isNaN(utc.getTime()) || !utc.toISOString().startsWith(`${date}T${clock}`) || seconds >= 60_000)
      return null
    if (zone !== undefined) return utc.getTime() - offsetMs(zone) + seconds
    const { start, isPlain } = dayOf(date)
    if (!isPlain) return clockTime(date, clock, timeZone) + seconds
    return start + (utc.getTime() - Date.parse(`${date}T00:00:00Z`)) + seconds
  }
  return instantOf
}

/** `Z`, `+01:00`, `-0530`. */
function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/u.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}

const DONE = String.raw`approv|accept|success|paid\b|done\b|complet|confirm|settled|zatwierdz|zaakcept|zrealiz|op[lł]ac|potwierdz|zako[nń]cz|rozlicz|udan`
const HAPPENED = new RegExp(
  String.raw`(?<![\p{L}\d])(?:${DONE}|ok(?!\p{L})|yes(?!\p{L})|true(?!\p{L})|tak(?!\p{L}))`,
  'iu',
)
const DID_NOT = new RegExp(
  String.raw`(?<![\p{L}\d])(?:declin|refus|reject|denied|cancel|void|revers|fail|error|abort|unsuccess|unpaid|false(?!\p{L})|anulow|odrzuc|odmow|odm[oó]w|wycofan|storn|b[lł][aą]d|b[lł][eę]d|nie(?:${DONE}))`,
  'iu',
)
const NOT_DONE = new RegExp(String.raw`^(?:not|no|nie)\s+(?:\p{L}+\s+)?(?:${DONE})`, 'iu')

/** A text that stands for yes or no alone. */
const ALONE: Readonly<Record<string, boolean>> = {
  y: true,
  t: true,
  '1': true,
  n: false,
  no: false,
  nie: false,
  '0': false,
}

/**
 * Reads a column of outcomes: words, yes and no, 1 and 0, or response codes (`00` is approved, others are not). Spreadsheets
 * write `00` as 0, so a column with other codes has no yes and no, and a column of nothing but 0 could be either. Null: not said.
 */
export function outcomeReader(column: readonly string[]): (text: string) => boolean | null {
  const numbers = new Set(column.filter((text) => /^\d{1,3}$/u.test(text)))
  const hasCodes = [...numbers].some((text) => text !== '0' && text !== '1')
  const isZeros = !numbers.has('1')
  return (text) => {
    if (hasCodes && numbers.has(text)) return Number(text) === 0
    if (text === '0' && isZeros) return null
    return ALONE[text.toLowerCase()] ?? outcomeOfWords(text)
  }
}

function outcomeOfWords(text: string): boolean | null {
  if (NOT_DONE.test(text)) return false
  const [happened, didNot] = [HAPPENED.test(text), DID_NOT.test(text)]
  return happened === didNot ? null : happened
}

/** Parses amounts as people write them in lists. */

import type { FindingCode } from './findings.ts'

export type DecimalSign = ',' | '.'

/** Characters between digits beside the decimal sign: blanks of any width, an apostrophe. */
const BETWEEN = /[^\S\r\n\u2028\u2029]|['’]/gu
const CURRENCY = /\s*(zł|zl|pln|eur|€)\.?$/iu
/** Sign behind an amount → letters of its currency. */
const LETTERS: Readonly<Record<string, string>> = { zł: 'PLN', zl: 'PLN', pln: 'PLN', eur: 'EUR', '€': 'EUR' }
const LARGEST = 999_999_999_99

const ENDS_IN_DECIMALS = /(?:^|\d)([.,])\d{1,2}$/u

/** The decimal sign of a list: the sign before the last one or two digits; null: undetermined. */
export function guessDecimal(samples: Iterable<string>): DecimalSign | null {
  const seen = { ',': 0, '.': 0 }
  for (const sample of samples) {
    const sign = ENDS_IN_DECIMALS.exec(cleaned(sample))?.[1]
    if (sign === ',' || sign === '.') seen[sign] += 1
  }
  if (seen[','] === 0 && seen['.'] === 0) return null
  return seen[','] >= seen['.'] ? ',' : '.'
}

const cleaned = (given: string): string => given.trim().replace(CURRENCY, '').replace(BETWEEN, '')

/** Whether another currency than this one stands behind the amount. */
export function namesOtherCurrency(given: string, letters: string): boolean {
  const sign = CURRENCY.exec(given.trim())?.[1]
  return sign !== undefined && LETTERS[sign.toLowerCase()] !== letters
}

/**
 * Parses a typed amount into minor units: `1 234,56`, `1,234.56`, `1234.5`, `100 zł`. An ambiguous sign (`1.500`) is
 * refused unless the list's other amounts resolve it.
 */
export function readAmountText(given: string, decimal: DecimalSign | null, exponent: number): number | FindingCode {
  const digits = cleaned(given)
  if (digits === '') return 'amount_missing'
  if (/^[-−]/u.test(digits)) return 'amount_negative'
  const split = splitAt(digits, decimal, exponent)
  if (typeof split === 'string') return split
  const [whole, decimals] = split
  if (decimals.replace(/0+$/u, '').length > exponent) return 'amount_decimals'
  const amount = Number(whole) * 10 ** exponent + Number(decimals.slice(0, exponent).padEnd(exponent, '0') || '0')
  return amount > LARGEST ? 'amount_too_large' : amount
}

function splitAt(
  digits: string,
  decimal: DecimalSign | null,
  exponent: number,
): readonly [string, string] | FindingCode {
  if (/^\d+$/u.test(digits)) return [digits, '']
  const [, whole = '', sign, last = ''] = /^([\d.,]*)([.,])(\d*)$/u.exec(digits) ?? []
  if ((sign !== ',' && sign !== '.') || whole === '' || last === '') return 'amount_not_a_number'
  const other = sign === ',' ? '.' : ','
  if (whole.includes(sign)) {
    // The sign occurs twice, so it separates thousands.
    return isGrouped(digits, sign) ? [digits.replaceAll(sign, ''), ''] : 'amount_not_a_number'
  }
  if (whole.includes(other)) {
    return isGrouped(whole, other) ? [whole.replaceAll(other, ''), last] : 'amount_not_a_number'
  }
  if (last.length !== 3 || exponent === 3) return [whole, last]
  if (decimal === null || decimal === sign) return 'amount_ambiguous'
  return [whole + last, '']
}

const isGrouped = (digits: string, sign: DecimalSign): boolean => {
  const [first = '', ...groups] = digits.split(sign)
  return /^\d{1,3}$/u.test(first) && groups.every((group) => /^\d{3}$/u.test(group))
}

/** A numeric cell as an amount: a rounding error such as that of 0.1 + 0.2 is not a third decimal. */
export function readAmountNumber(value: number, exponent: number): number | FindingCode {
  if (!Number.isFinite(value)) return 'amount_not_a_number'
  if (value < 0) return 'amount_negative'
  const minor = Math.round(value * 10 ** exponent)
  if (minor > LARGEST) return 'amount_too_large'
  return Math.abs(value * 10 ** exponent - minor) > 1e-4 ? 'amount_decimals' : minor
}

import { currencyOf } from '../core/currency.ts'
import { UsageError } from './usage-error.ts'

/** PLN: where a command is not about one currency. */
const USUAL = 985

/** Minor units as people read them, with the decimals of the currency (ISO 4217 number); an en dash for none. */
export function amountText(amount: number | null, currency: number | null = USUAL): string {
  if (amount === null) return '–'
  const { exponent } = currencyOf(currency ?? USUAL)
  return (amount / 10 ** exponent).toFixed(exponent)
}

/** `50` or `50.00` as minor units of a currency. @throws UsageError naming the option */
export function readAmount(text: string, option: string, currency = USUAL): number {
  const { exponent, letters } = currencyOf(currency)
  const [, sign = '', whole = '', decimals = ''] = /^([+-]?)(\d{1,10})(?:\.(\d{1,3}))?$/u.exec(text.trim()) ?? []
  if (whole === '' || decimals.length > exponent) {
    const example = exponent === 0 ? '50' : `50 or ${(50).toFixed(exponent)}`
    throw new UsageError(`${option} takes an amount${currency === USUAL ? '' : ` of ${letters}`} such as ${example}`)
  }
  return Number(`${sign}${whole}${decimals.padEnd(exponent, '0')}`)
}

/** The same with its currency: `150.00 PLN`. */
export const moneyText = (amount: number | null, currency: number | null = USUAL): string =>
  amount === null ? amountText(null) : `${amountText(amount, currency)} ${currencyOf(currency ?? USUAL).letters}`

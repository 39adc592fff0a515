import { currencyOf } from '../core/currency.ts'

/* How values of use cases are written in answers. */

export const time = (at: number): string => new Date(at).toISOString()
export const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at))

export function money(value: number, currency: number): { value: number; currency: string; exponent: number } {
  const { letters, exponent } = currencyOf(currency)
  return { value, currency: letters, exponent }
}

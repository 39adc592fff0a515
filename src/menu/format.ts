import { currencyOf } from '../core/currency.ts'
import type { Office } from '../office/office.ts'

/* How values of use cases are written in answers. */

export const time = (at: number): string => new Date(at).toISOString()
export const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at))

export function money(value: number, currency: number): { value: number; currency: string; exponent: number } {
  const { letters, exponent } = currencyOf(currency)
  return { value, currency: letters, exponent }
}

export const masked = (firstSix: string, lastFour: string): { firstSix: string; lastFour: string } => ({
  firstSix,
  lastFour,
})
export const dayOrNull = (stored: string | null): string | null => stored?.slice(0, 10) ?? null

export const storeNamed = ({ registry }: Pick<Office, 'registry'>, code: string): { code: string; name: string } => ({
  code,
  name: registry().stores.get(code)?.name ?? code,
})

/** An instant as the database keeps it. */
export const storedTime = (stored: string): string => new Date(`${stored.replace(' ', 'T')}Z`).toISOString()

import { UsageError } from './usage-error.ts'

/** Minor units of a currency with two decimals, as people read them; an en dash for none. */
export const amountText = (amount: number | null): string => (amount === null ? '–' : (amount / 100).toFixed(2))

/** `50` or `50.00` as minor units. @throws UsageError naming the option */
export function readAmount(text: string, option: string): number {
  const [, sign = '', whole = '', cents = ''] = /^([+-]?)(\d{1,10})(?:\.(\d{1,2}))?$/u.exec(text.trim()) ?? []
  if (whole === '') throw new UsageError(`${option} takes an amount such as 50 or 50.00`)
  return Number(`${sign}${whole}${cents.padEnd(2, '0')}`)
}

/** `1 234,50` or `1,234.50` in minor units; null: it is no amount, or has more decimals than the currency. */
export function parseMoney(text: string, exponent: number): number | null {
  const tight = text.replace(/[\s\u00a0\u202f]/g, '').replace('−', '-')
  const match = /^(-?)(\d[\d.,]*?)(?:[.,](\d{1,3}))?$/.exec(tight)
  if (match === null) return null
  const [, sign = '', whole = '', decimals = ''] = match
  // A last group of three after a separator is thousands, unless the currency has three decimals.
  const isGrouped = decimals.length === 3 && exponent < 3
  const units = (isGrouped ? whole + decimals : whole).replace(/[.,]/g, '')
  const fraction = isGrouped ? '' : decimals
  if (fraction.length > exponent || units.length > 12) return null
  const minor = Number(units + fraction.padEnd(exponent, '0'))
  return Number.isSafeInteger(minor) ? (sign === '-' ? -minor : minor) : null
}

/** What parseMoney reads again. */
export const moneyText = (minor: number, exponent: number): string => (minor / 10 ** exponent).toFixed(exponent)

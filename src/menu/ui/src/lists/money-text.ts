const PLAIN = /^(-?)(\d+)(?:[.,](\d+))?$/
const GROUPED = /^(-?)(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d+))?$/

/** `1 234,50` or `1,234.50` in minor units; null: not an amount, or more decimals than the currency has. */
export function parseMoney(text: string, exponent: number): number | null {
  const tight = text.replace(/[\s\u00a0\u202f]/g, '').replace('−', '-')
  for (const form of [PLAIN, GROUPED]) {
    const [, sign = '', whole = '', decimals = ''] = form.exec(tight) ?? []
    const units = whole.replace(/[.,]/g, '')
    if (units === '' || units.length > 12 || decimals.length > exponent) continue
    const minor = Number(units + decimals.padEnd(exponent, '0'))
    return sign === '-' ? -minor : minor
  }
  return null
}

/** The inverse of parseMoney, with the decimal mark of the reader's language. */
export const moneyText = (minor: number, exponent: number, mark: string): string =>
  (minor / 10 ** exponent).toFixed(exponent).replace('.', mark)

/** `1 234,50` or `1,234.50` as `1234.50`, with the decimals that were typed; text that is not an amount is returned unchanged. */
export function plainAmount(text: string): string {
  const tight = text.replace(/[\s\u00a0\u202f]/g, '')
  const [, sign = '', whole, decimals] = PLAIN.exec(tight) ?? GROUPED.exec(tight) ?? []
  if (whole === undefined) return text.trim()
  return `${sign}${whole.replace(/[.,]/g, '')}${decimals === undefined ? '' : `.${decimals}`}`
}

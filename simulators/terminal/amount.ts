/** ISO 4217 numbers that the demo data and its neighbours use. */
const currencyCodes: Readonly<Record<string, string>> = { '985': 'PLN', '978': 'EUR', '840': 'USD', '203': 'CZK' }

/** `100`, `100.5` or `100.00` as minor units; null when it is not an amount of at most two decimals. */
export function parseAmount(text: string): number | null {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text)
  if (!found) return null
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'))
}

/** Minor units as `1234.50`, with the currency's letters where its number is known. */
export function formatAmount(minor: number, currency?: string): string {
  const plain = `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
  return currency === undefined ? plain : `${plain} ${currencyCodes[currency] ?? currency}`
}

/** The amount field: n12. */
export function toAmountField(minor: number): string {
  return String(minor).padStart(12, '0')
}

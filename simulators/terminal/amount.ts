/** ISO 4217 numbers of the currencies of the demo data, and of some others. */
const currencyCodes: Readonly<Record<string, string>> = {
  '985': 'PLN', '978': 'EUR', '840': 'USD', '203': 'CZK', '392': 'JPY', '348': 'HUF', '414': 'KWD', '048': 'BHD',
} // prettier-ignore

/** Decimals of ISO 4217 where they are not two. */
const decimals: Readonly<Record<string, number>> = {
  '108': 0, '152': 0, '174': 0, '262': 0, '324': 0, '352': 0, '392': 0, '410': 0, '548': 0, '600': 0, '646': 0,
  '704': 0, '800': 0, '940': 0, '950': 0, '952': 0, '953': 0,
  '048': 3, '368': 3, '400': 3, '414': 3, '434': 3, '512': 3, '788': 3,
} // prettier-ignore
const decimalsOf = (currency: string | undefined): number => (currency === undefined ? 2 : (decimals[currency] ?? 2))

/** `100`, `100.5` or `100.00` as minor units of a currency; null when it is not an amount of at most its decimals. */
export function parseAmount(text: string, currency?: string): number | null {
  const [, whole, part = ''] = /^(\d{1,10})(?:\.(\d{1,3}))?$/.exec(text) ?? []
  const places = decimalsOf(currency)
  if (whole === undefined || part.length > places) return null
  return Number(whole) * 10 ** places + Number(part.padEnd(places, '0'))
}

/** Minor units as `1234.50`, with the currency's letters where its number is known. */
export function formatAmount(minor: number, currency?: string): string {
  const places = decimalsOf(currency)
  const plain = (minor / 10 ** places).toFixed(places)
  return currency === undefined ? plain : `${plain} ${currencyCodes[currency] ?? currency}`
}

/** The amount field: n12. */
export function toAmountField(minor: number): string {
  return String(minor).padStart(12, '0')
}

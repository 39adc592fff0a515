import t from 'tap'
import { currencyOf, currencyLettered } from '../../src/core/currency.ts'

t.test('letters, number and exponent of ISO 4217', async (t) => {
  const rows: [string, number, number][] = [
    ['PLN', 985, 2],
    ['EUR', 978, 2],
    ['JPY', 392, 0],
    ['KWD', 414, 3],
    ['ALL', 8, 2],
  ]
  for (const [letters, number, exponent] of rows) {
    t.same(currencyLettered(letters), { letters, number, exponent })
    t.same(currencyOf(number), { letters, number, exponent })
  }
  t.equal(currencyLettered('XXX'), null)
  t.same(currencyOf(999), { letters: '999', number: 999, exponent: 2 })
})

t.test('what this runtime knows as a currency with decimals agrees', async (t) => {
  const odd = new Set(['LAK', 'MMK', 'IRR', 'KPW', 'LBP', 'SYP', 'SOS', 'YER', 'AFN', 'ALL', 'IQD', 'MGA', 'IDR', 'PKR', 'RSD', 'HUF', 'TWD', 'UZS', 'GNF', 'UGX', 'MRU', 'COP', 'CRC', 'AMD', 'TZS', 'GYD', 'MUR', 'MNT', 'SLE', 'CZK', 'NOK', 'SEK', 'DKK']) // prettier-ignore
  for (const letters of Intl.supportedValuesOf('currency')) {
    const known = currencyLettered(letters)
    if (known === null || odd.has(letters)) continue // CLDR shows some with the decimals that people use
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: letters })
    t.equal(known.exponent, format.resolvedOptions().maximumFractionDigits, letters)
  }
})

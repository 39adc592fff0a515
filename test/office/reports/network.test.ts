import t from 'tap'
import { compared, yearBefore } from '../../../src/office/reports/network.ts'

t.test('one threshold for all currencies, each at its rate', (t) => {
  const pln = { currency: 985, payments: 3, amount: 240_000_000 }
  const eur = { currency: 978, payments: 2, amount: 45_000_000 }
  const yen = { currency: 392, payments: 1, amount: 1_000_000 }
  const rows: [string, Parameters<typeof compared>, object[]][] = [
    ['half of it in each of two currencies is above', [[pln, eur], new Map([['PLN', '0.235']]), 1_000_000n], [
      { code: 'PLN', rate: '0.235', euros: 564_000, together: 1_014_000, comparison: 'above' },
      { code: 'EUR', rate: '1', euros: 450_000, together: 1_014_000, comparison: 'above' },
    ]],
    ['without a rate a currency is not part of it', [[pln, eur], new Map(), 1_000_000n], [
      { code: 'PLN', rate: null, euros: null, together: null, comparison: 'no rate' },
      { code: 'EUR', rate: '1', euros: 450_000, together: 450_000, comparison: 'below' },
    ]],
    ['a currency without decimals; the sum is rounded up, not the parts', [[yen, { ...eur, amount: 50 }], new Map([['JPY', '0.0000005']]), 1n], [
      { code: 'JPY', rate: '0.0000005', euros: 1, together: 1, comparison: 'below' },
      { code: 'EUR', rate: '1', euros: 1, together: 1, comparison: 'below' },
    ]],
    ['a cent beyond it is above', [[{ ...eur, amount: 100_000_001 }], new Map(), 1_000_000n], [{ code: 'EUR', rate: '1', euros: 1_000_001, together: 1_000_001, comparison: 'above' }]],
  ] // prettier-ignore
  for (const [title, given, wanted] of rows) t.match(compared(...given), wanted, title)
  t.end()
})

t.test('twelve months end with their day, leap years too', (t) => {
  t.equal(yearBefore('2026-11-30'), '2025-12-01')
  t.equal(yearBefore('2026-12-31'), '2026-01-01')
  t.equal(yearBefore('2028-02-29'), '2027-03-01')
  t.equal(yearBefore('2029-02-28'), '2028-02-29')
  t.equal(yearBefore('2028-02-28'), '2027-03-01')
  t.end()
})

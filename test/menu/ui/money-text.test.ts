import fc from 'fast-check'
import t from 'tap'
import { moneyText, parseMoney, plainAmount } from '../../../src/menu/ui/src/lists/money-text.ts'

/* Amounts as people type them in Poland and elsewhere. */

const rows: readonly [text: string, exponent: number, minor: number | null][] = [
  ['12', 2, 1200],
  ['12,50', 2, 1250],
  ['12.5', 2, 1250],
  ['1 234,50', 2, 123450],
  ['1\u00a0234,50', 2, 123450],
  ['1,234.50', 2, 123450],
  ['1.234', 2, 123400],
  ['1.234', 3, 1234],
  ['−12,50', 2, -1250],
  ['-0.01', 2, -1],
  ['500', 0, 500],
  ['500.5', 0, null],
  ['12.505', 2, 1250500],
  ['12,5055', 2, null],
  ['', 2, null],
  ['-', 2, null],
  ['twelve', 2, null],
]
for (const [text, exponent, minor] of rows)
  t.equal(parseMoney(text, exponent), minor, `"${text}" with ${exponent} decimals`)

const plain: readonly (readonly [text: string, amount: string])[] = [
  ['800,00', '800.00'],
  ['800.00', '800.00'],
  ['1 500', '1500'],
  ['1\u00a0500,5', '1500.5'],
  ['1,234.50', '1234.50'],
  // Whether it is a thousand or has three decimals the currency says, which the server knows.
  ['1,234', '1.234'],
  ['none', 'none'],
  ['ten', 'ten'],
]
for (const [text, amount] of plain) t.equal(plainAmount(text), amount, `"${text}" as the command line takes it`)

t.test('what is shown is read again', async (t) => {
  const minor = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 })
  fc.assert(
    fc.property(
      minor,
      fc.constantFrom(0, 2),
      fc.constantFrom('.', ','),
      (value, exponent, mark) => parseMoney(moneyText(value, exponent, mark), exponent) === value,
    ),
  )
  t.equal(moneyText(1, 2, ','), '0,01')
})

import t from 'tap'
import { amountText, readAmount } from '../../src/cli/amount-text.ts'
import { UsageError } from '../../src/cli/usage-error.ts'

const [PLN, JPY, KWD] = [985, 392, 414]

t.test('amounts have the decimals of their currency', async (t) => {
  const rows: [minor: number, currency: number, text: string][] = [
    [1250, PLN, '12.50'],
    [-5, PLN, '-0.05'],
    [1250, JPY, '1250'],
    [1250, KWD, '1.250'],
  ]
  for (const [minor, currency, text] of rows) {
    t.equal(amountText(minor, currency), text)
    t.equal(readAmount(text, '--amount', currency), minor)
  }
  t.equal(amountText(null), '–')
  t.equal(readAmount('+50', '--amount'), 5_000)
})

t.test('what is no amount of the currency', async (t) => {
  const rows: [text: string, currency: number, said: RegExp][] = [
    ['12.5', JPY, /--amount takes an amount of JPY such as 50$/],
    ['12.345', PLN, /--amount takes an amount such as 50 or 50\.00$/],
    ['twelve', PLN, /such as 50 or 50\.00$/],
    ['1.2345', KWD, /of KWD such as 50 or 50\.000$/],
  ]
  for (const [text, currency, message] of rows) {
    t.throws(() => readAmount(text, '--amount', currency), { constructor: UsageError, message })
  }
})

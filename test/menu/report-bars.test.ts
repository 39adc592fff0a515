import t from 'tap'
import { barsOf } from '../../src/menu/report-bars.ts'

t.test('bars add up all rows of a name, currencies apart, in the order of their axis', (t) => {
  const rows = [
    { day: '2026-11-02', age: '>730', terminal: 'B', currency: 'PLN', amount: 5 },
    { day: '2026-11-01', age: '≤30', terminal: 'A', currency: 'PLN', amount: 7 },
    { day: '2026-11-02', age: '≤90', terminal: 'A', currency: 'EUR', amount: 11 },
    { day: '2026-11-02', age: '≤90', terminal: 'B', currency: 'PLN', amount: 13 },
  ]
  const told = (by: string) =>
    barsOf(rows, { by, value: 'amount' }).map(({ currency, bars }) => [currency, ...bars.map(({ name, value }) => `${name} ${value}`)]) // prettier-ignore
  t.same(told('day'), [['PLN', '2026-11-01 7', '2026-11-02 18'], ['EUR', '2026-11-02 11']]) // prettier-ignore
  t.same(told('age'), [['PLN', '≤30 7', '≤90 13', '>730 5'], ['EUR', '≤90 11']]) // prettier-ignore
  t.same(told('terminal')[0], ['PLN', 'B 18', 'A 7'], 'as the rows are')
  t.end()
})

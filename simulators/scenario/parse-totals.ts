import { parseAmount } from '../terminal/amount.ts'
import type { Branch, Fault } from './nodes.ts'
import { listOf } from './reader.ts'

/** The elements with number and amount of each total of an end of day, and its sign in the net amount. */
const places = {
  credits: { number: 74, amount: 86, sign: 1 },
  'reversed-credits': { number: 75, amount: 87, sign: -1 },
  debits: { number: 76, amount: 88, sign: -1 },
  'reversed-debits': { number: 77, amount: 89, sign: 1 },
} as const
type Name = keyof typeof places
const names = Object.keys(places) as Name[]

const NET = 97

/** `{ credits: [2, 150.00], debits: [1, 30.00] }` as the fields of 0500 and 0510; absent ones are zero. */
export function parseTotals(branch: Branch, faults: Fault[]): { de: number; text: string }[] {
  const totals = new Map<Name, { number: number; amount: number }>()
  if (branch.kind !== 'map') faults.push({ line: branch.line, reason: `totals has to be a map of ${names.join(', ')}` })
  for (const { key, line, value } of branch.kind === 'map' ? branch.entries : []) {
    const name = names.find((one) => one === key)
    const [number, amount] = listOf(value).map((one) => (one.kind === 'text' ? one.text : ''))
    const minor = parseAmount(amount ?? '')
    if (name === undefined) faults.push({ line, reason: `totals: '${key}', expected one of: ${names.join(', ')}` })
    else if (minor === null || !/^\d{1,10}$/.test(number ?? ''))
      faults.push({ line, reason: `totals: ${key} is not a number and an amount such as [2, 150.00]` })
    else totals.set(name, { number: Number(number), amount: minor })
  }
  const of = (name: Name) => totals.get(name) ?? { number: 0, amount: 0 }
  const net = names.reduce((sum, name) => sum + places[name].sign * of(name).amount, 0)
  return [
    ...names.flatMap((name) => [
      { de: places[name].number, text: String(of(name).number).padStart(10, '0') },
      { de: places[name].amount, text: String(of(name).amount).padStart(16, '0') },
    ]),
    { de: NET, text: `${net < 0 ? 'D' : 'C'}${String(Math.abs(net)).padStart(16, '0')}` },
  ]
}

import type { DemoTerminal } from '../demo/terminals.ts'
import { isApproval } from '../terminal/describe.ts'
import type { Fields } from '../terminal/fields.ts'
import type { Sent } from './model.ts'

const GIVES: readonly string[] = ['20', '21', '90', '93']

/** The elements with number and amount of each total: credits, debits, and the reversals of both. */
const places = { credits: [74, 86], reversedCredits: [75, 87], debits: [76, 88], reversedDebits: [77, 89] } as const
type Total = keyof typeof places

/** The total that an approved request adds to; null: it moved no money. */
function totalOf({ request: { mti, fields }, answer }: Sent): Total | null {
  if (!isApproval(answer?.[39]) || answer?.[4] === undefined) return null
  const gives = GIVES.includes((fields[3] ?? '').slice(0, 2))
  if (mti.startsWith('040')) return gives ? 'reversedCredits' : 'reversedDebits'
  return mti.startsWith('02') ? (gives ? 'credits' : 'debits') : null
}

/** The fields of an 0500: what this till counted since it was started, for one terminal. Reversals are not counted. */
export function totalsFields(sent: readonly Sent[], { terminal }: DemoTerminal): Fields {
  const sums = { credits: [0, 0], reversedCredits: [0, 0], debits: [0, 0], reversedDebits: [0, 0] }
  for (const one of sent.filter((each) => each.terminal.terminal === terminal)) {
    const total = totalOf(one)
    if (total === null) continue
    const [number = 0, amount = 0] = sums[total]
    sums[total] = [number + 1, amount + Number(one.answer?.[4] ?? 0)]
  }
  const fields: Fields = {}
  for (const [name, [de, deAmount]] of Object.entries(places) as [Total, readonly [number, number]][]) {
    fields[de] = String(sums[name][0] ?? 0).padStart(10, '0')
    fields[deAmount] = String(sums[name][1] ?? 0).padStart(16, '0')
  }
  const amount = (name: Total) => sums[name][1] ?? 0
  const net = amount('credits') - amount('debits') - (amount('reversedCredits') - amount('reversedDebits'))
  fields[97] = `${net < 0 ? 'D' : 'C'}${String(Math.abs(net)).padStart(16, '0')}`
  return fields
}

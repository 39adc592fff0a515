import { NO_TOTAL, netOf, type Totals, TOTAL_NAMES } from '../core/totals.ts'
import type { Fields } from '../iso8583/message.ts'

/** DE of number and amount of each total (ISO 8583:1987, 74–77 and 86–89). */
const TOTAL_FIELDS = {
  credits: { number: 74, amount: 86 },
  reversedCredits: { number: 75, amount: 87 },
  debits: { number: 76, amount: 88 },
  reversedDebits: { number: 77, amount: 89 },
} as const satisfies Record<keyof Totals, { number: number; amount: number }>

const NET = 97

/** The fields that 0500 has to carry. */
export const TOTALS_DE: readonly number[] = [
  ...TOTAL_NAMES.flatMap((name) => [TOTAL_FIELDS[name].number, TOTAL_FIELDS[name].amount]),
  NET,
].sort((a, b) => a - b)

export type ClaimedTotals = { readonly totals: Totals; readonly net: number }

/**
 * The totals that the terminal claims; null if it claims none (an 0520 without totals). Missing ones among given ones
 * are 0.
 */
export function readTotals(fields: Fields): ClaimedTotals | null {
  if (!TOTALS_DE.some((field) => fields[field] !== undefined)) return null
  const total = (name: keyof Totals) => ({
    number: Number(fields[TOTAL_FIELDS[name].number] ?? NO_TOTAL.number),
    amount: Number(fields[TOTAL_FIELDS[name].amount] ?? NO_TOTAL.amount),
  })
  const totals = {
    credits: total('credits'),
    reversedCredits: total('reversedCredits'),
    debits: total('debits'),
    reversedDebits: total('reversedDebits'),
  }
  const net = fields[NET]
  return { totals, net: net === undefined ? netOf(totals) : Number(net.slice(1)) * (net.startsWith('D') ? -1 : 1) }
}

/** The switch's own totals, in the same fields. */
export function writeTotals(fields: Fields, totals: Totals): void {
  for (const name of TOTAL_NAMES) {
    fields[TOTAL_FIELDS[name].number] = String(totals[name].number).padStart(10, '0')
    fields[TOTAL_FIELDS[name].amount] = String(totals[name].amount).padStart(16, '0')
  }
  const net = netOf(totals)
  fields[NET] = `${net < 0 ? 'D' : 'C'}${String(Math.abs(net)).padStart(16, '0')}`
}

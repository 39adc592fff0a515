import type { Card } from './card.ts'
import type { Issue, Range } from './issue.ts'
import type { Amount } from './money.ts'
import type { OperationRule } from './operations.ts'
import type { OperationAsk } from './request.ts'
import type { Result } from './result.ts'
import type { Transaction } from './transaction.ts'

/** The values against which an amount is checked. */
export type AmountCase = { readonly amount: Amount; readonly card: Card; readonly issue: Issue }

/** 13: is the amount one that this issue takes? */
export const AMOUNT_RULES = {
  none: () => null,
  sale: ({ issue, amount }: Pick<AmountCase, 'issue' | 'amount'>) =>
    issue.nominal === null ? inRange(issue.sale, amount) : amount === issue.nominal ? null : 'amount_not_nominal',
  top_up: ({ issue, amount }) => (issue.topUp === null ? 'top_up_not_permitted' : inRange(issue.topUp, amount)),
  payment: ({ amount }) => positive(amount),
  refund: ({ amount }) => positive(amount),
  any: ({ amount }) => positive(amount),
  cash_out: ({ amount, card, issue }) => {
    if (amount <= 0 || amount !== card.available) return 'amount_invalid'
    return amount > issue.cashOutMaximum ? 'amount_above_maximum' : null
  },
  available: () => null,
  expired: () => null,
} as const satisfies Record<OperationRule['amount'], (c: AmountCase) => Result | null>

const positive = (amount: Amount): Result | null => (amount > 0 ? null : 'amount_invalid')

function inRange(range: Range, amount: Amount): Result | null {
  if (amount <= 0) return 'amount_invalid'
  if (amount < range.minimum) return 'amount_below_minimum'
  if (amount > range.maximum) return 'amount_above_maximum'
  return amount % range.step === 0 ? null : 'amount_off_step'
}

/**
 * The amount to move: the requested one, the nominal value if none was requested, the whole available balance, or the
 * amount that an expiry took.
 */
export function amountOf(
  ask: OperationAsk,
  rule: OperationRule,
  issue: Issue,
  card: Card,
  expiry: Transaction | null,
): Amount {
  if (rule.amount === 'available') return card.available
  if (rule.amount === 'expired') return expiry?.transfer?.amount ?? 0
  const asked = ask.amount ?? 0
  return ask.nominal && asked === 0 ? (issue.nominal ?? 0) : asked
}

import type { Channel } from '../channel.ts'
import type { Amount, ContraAccount } from '../money.ts'
import { OPERATIONS, type Operation, type OperationRule } from '../operations.ts'
import type { Role } from '../role.ts'

/** A transfer as reports see it: a row of the journal that moved money, never changed. */
export type Fact = {
  readonly id: number
  /**
   * When its request was received (a batch's load: when the batch was booked), by the clock that all processes share. The age
   * goes by it: an id tells the age only among those of one process.
   */
  readonly at: number
  /** Its booking day: the business day of the row that moved the money. */
  readonly day: string
  /** For an undoing: the booking day of the undone row; otherwise equal to the day. */
  readonly originalDay: string
  /** The store whose account moved; if none did, the requesting store. */
  readonly store: string
  /** The card that was presented; null: a card of another host. */
  readonly card: { readonly id: number; readonly issueId: number; readonly seq: number } | null
  readonly currency: number
  readonly channel: Channel
  readonly operation: Operation
  readonly role: Role
  /** Whether it undoes another row. A late booking counts as a booking, unless it is that of a cancellation. */
  readonly undoes: boolean
  readonly debit: number
  readonly credit: number
  readonly amount: Amount
  /** Whether it made the credited card a sold one. */
  readonly sells: boolean
  /** The account on the other side of the card's; null: another card's. */
  readonly contra: { readonly id: number; readonly kind: ContraAccount; readonly owner: string } | null
  readonly originalId: number | null
  /** `Card.seq` of the other card, where it moved two. */
  readonly otherSeq: number
  /** `Card.seq` of the credited card when the money became available; null: it is not. */
  readonly availableSeq: number | null
  /** For a load of a batch: that batch; for a recall of a batch's remainder: that batch. */
  readonly batch: number | null
}

/** The presented card's gain (plus) or loss (minus); 0 if the money stays with the holder (a duplicate). */
export function gainOf({ card, operation, debit, credit, amount }: Fact): Amount {
  if (card === null || operation === 'duplicate') return 0
  return card.id === credit ? amount : card.id === debit ? -amount : 0
}

export type Activity = {
  readonly count: number
  readonly amount: Amount
  readonly undoneCount: number
  readonly undoneAmount: Amount
}

/**
 * A booking or its undoing: the cancellation of a payment counts as undone, the reversal of that cancellation reduces
 * the undone count. A partial confirmation is no undoing of the payment: only its amount counts.
 */
export function activityOf(fact: Fact): Activity {
  if (!fact.undoes) return { count: 1, amount: fact.amount, undoneCount: 0, undoneAmount: 0 }
  const sign = isAgainst(fact) ? 1 : -1
  return { count: 0, amount: 0, undoneCount: fact.role === 'confirms' ? 0 : sign, undoneAmount: sign * fact.amount }
}

/** Whether its money moves in the opposite direction of the operation. */
function isAgainst({ operation, contra, card, credit }: Fact): boolean {
  const rule: OperationRule = OPERATIONS[operation]
  if (contra === null) return card !== null && credit === card.id
  return (credit === contra.id) !== (rule.card === 'takes')
}

/** The columns of the roll-forward, in its order. */
export const MEASURES = [
  'sold',
  'toppedUp',
  'refunded',
  'packSales',
  'welfare',
  'recalled',
  'paid',
  'cashedOut',
  'expired',
  'adjusted',
] as const
export type Measure = (typeof MEASURES)[number]

/** The line of the roll-forward for an operation; null: it moves no money, or the money stays with the holder. */
export const MEASURE_OF = {
  sale: 'sold',
  ecard_sale: 'packSales',
  top_up: 'toppedUp',
  payment: 'paid',
  refund: 'refunded',
  cash_out: 'cashedOut',
  balance: null,
  duplicate: null,
  block: null,
  unblock: null,
  expiry: 'expired',
  extension: 'expired',
  new_version: null,
  clear: null,
  adjustment_credit: 'adjusted',
  adjustment_debit: 'adjusted',
  pack_sale: 'packSales',
  welfare_load: 'welfare',
  welfare_recall: 'recalled',
} as const satisfies Record<Operation, Measure | null>

import type { Amount, Transfer } from './money.ts'
import type { Operation } from './operations.ts'
import type { Requester } from './channel.ts'
import type { Key, Labels } from './key.ts'
import type { Result } from './result.ts'
import type { Role } from './role.ts'

/**
 * `unconfirmed` leads to exactly one of `confirmed` and `reversed`; only a confirmed transaction can become
 * `cancelled`. `pending` waits for another host, whose answer leads to any of the other states.
 */
export const TRANSACTION_STATES = ['declined', 'pending', 'unconfirmed', 'confirmed', 'reversed', 'cancelled'] as const
export type TransactionState = (typeof TRANSACTION_STATES)[number]

/**
 * The author of the undoing. After `timer` a late confirmation may still book it again (it is then `rebooked`); after a
 * terminal's 0420 or a clerk's decision it may not.
 */
export const UNDOERS = ['terminal', 'timer', 'rebooked', 'cancellation', 'clerk'] as const
export type Undoer = (typeof UNDOERS)[number]

/** A card's balances right after a request, in the currency (ISO 4217 number) of its issue. */
export type Balances = { readonly ledger: Amount; readonly available: Amount; readonly currency: number }

/** The journal row that every request leaves behind, approved or not; its answer can be built from it at any time. */
export type Transaction = {
  readonly id: number
  readonly key: Key
  readonly content: string
  readonly at: number
  readonly businessDate: string
  readonly labels: Labels
  readonly requester: Requester
  readonly role: Role
  /**
   * The store whose account it moves or whose transaction it settles, if that differs from the store of its key;
   * otherwise null.
   */
  readonly forStore: string | null
  /** For a confirmation, cancellation or reversal, that of the original; null if it was refused before. */
  readonly operation: Operation | null
  /** The card that was presented; for a duplicate the old one. */
  readonly cardId: number | null
  /** The money that it moved; null: none. */
  readonly transfer: Transfer | null
  /** It made a sellable card a sold one (a sale, a refund onto a new card), so undoing it makes the card sellable again. */
  readonly sells: boolean
  readonly result: Result
  readonly originalId: number | null
  /** The card's balances right after it, where the answer shows them. */
  readonly balances: Balances | null
  state: TransactionState
  undoneBy: Undoer | null
  /** Until when it must be confirmed, ms since 1970; NEXT_REQUEST under policy `next`; null when resolved. */
  confirmBy: number | null
  /** The amount that refunds and a partial confirmation have already returned of this payment. */
  returned: Amount
  /** The part that its confirmation gave back: it is no refund, so the rest can still be cancelled. */
  released: Amount
  /** A web shop's request that needed no confirmation. */
  readonly finalAtOnce: boolean
  /** `Card.seq` of `cardId` as this row left it; null: it left the card alone. The same of the other card, where it moved two. */
  cardSeq: number | null
  otherSeq: number | null
  /** `Card.seq` of the credited card when this money became available to spend; null: it is not. */
  availableSeq: number | null
}

/** `confirmBy` of what the terminal's next request confirms: the last second of 9999, which no timer reaches. */
export const NEXT_REQUEST = Date.UTC(9999, 11, 31, 23, 59, 59)

/**
 * A reversal that arrives before its original leaves this row under the original's key, so that the original cannot be
 * booked afterwards.
 */
export const isTombstone = (t: Transaction): boolean =>
  t.state === 'reversed' && t.operation === null && t.transfer === null

/** Taken back as if it had never been, by the terminal, the timer or the shop; a late confirmation may have booked it again. */
export const wasReversed = ({ state, undoneBy }: Transaction): boolean =>
  state === 'reversed' || (state === 'cancelled' && undoneBy === 'terminal')

/** Has it happened, as far as the books know? One that the timer reversed and a late confirmation booked again has. */
export const stands = ({ state, undoneBy }: Transaction): boolean =>
  state === 'unconfirmed' || state === 'confirmed' || (state === 'reversed' && undoneBy === 'rebooked')

/** The store whose account it moves: a timer's reversal moves the account of the original's. */
export const storeOf = ({ forStore, key }: Transaction): string => forStore ?? key.store

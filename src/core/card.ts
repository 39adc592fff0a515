import type { Amount } from './money.ts'

/**
 * `inactive` is made and was never sold; its pack or issue decides whether it may be sold (`standingOf` in `pack.ts`).
 * `expired` is undone by an extension, `replaced` only when the duplicate is undone.
 */
export const CARD_STATES = ['inactive', 'sellable', 'sold', 'expired', 'closed', 'replaced'] as const
export type CardState = (typeof CARD_STATES)[number]

/** YYMM on the stripe of a card that has no end by its plastic. */
export const NO_EXPIRY = '4912'

/** The flag beside the state: reversible, and never in the way of a confirmation or reversal that is already owed. */
export const BLOCKS = ['lost', 'stolen', 'customer', 'suspicion'] as const
export type Block = (typeof BLOCKS)[number]

export type Card = {
  readonly id: number
  readonly issueId: number
  /** YYMM on the stripe, 4912 where the card does not expire by its plastic. */
  readonly expiry: string
  /** The pack that it lies in, or was sold from; null: none. */
  readonly packId: number | null
  /** Keyed hash of the eCode, 32 hex digits, where the card has one. */
  ecodeHash: string | null
  /** Version on the stripe, raised by each duplicate: an older plastic is dead. */
  version: number
  state: CardState
  block: Block | null
  /** The store whose terminal set the block; only its terminals may undo it. Null: no store. */
  blockStore: string | null
  /** The last day on which the card may be used, YYYY-MM-DD in the store's time zone; null: no end. */
  validUntil: string | null
  /** The host's time, ms, of the sale that stands; null: unsold, or sold before this was kept. */
  soldAt: number | null
  /** The card that a duplicate put in its place; what still comes to this one goes there. */
  replacedBy: number | null
  /**
   * The amount taken from the card on `day` (the latest calendar day of a store that took anything), for the daily
   * limits of its issue.
   */
  day: string | null
  /** When that day's count began, ms since 1970; null: not known. */
  daySince: number | null
  dayCount: number
  dayAmount: Amount
  /** The same for refunds without a receipt onto the card. */
  refundDay: string | null
  refundSince: number | null
  refundAmount: Amount
  /** Top-ups that stand, for the issue's limit of their number. */
  topUps: number
  /** A wrong check value or eCode of this card was presented: the tries have to be looked up. */
  tried: boolean
  /** Sold with its whole pack and not used since: changes of the pack apply to it. */
  bound: boolean
  /** The card was sold at some time, even if the sale was undone. */
  wasSold: boolean
  /**
   * Since when another person is suspected of waiting for the card's sale to drain it, ms since 1970; null: no
   * suspicion.
   */
  suspectedAt: number | null
  /**
   * The sum of its staged loads: the maximum balance leaves room for them, and a value above 0 shows that there are
   * some.
   */
  staged: Amount
  /** Raised by each transaction that changes the card: the order of its history, which ids are not. */
  seq: number
  /** The sum of the card's transfers. */
  ledger: Amount
  /** `ledger` minus the unconfirmed amounts in the card's favour. 0 ≤ available ≤ ledger. */
  available: Amount
}

/** The changes of a card beside its money. */
export type CardSettings = Pick<
  Card,
  | 'state'
  | 'block'
  | 'blockStore'
  | 'validUntil'
  | 'soldAt'
  | 'replacedBy'
  | 'day'
  | 'daySince'
  | 'refundDay'
  | 'refundSince'
  | 'refundAmount'
  | 'dayCount'
  | 'dayAmount'
  | 'topUps'
  | 'tried'
  | 'ecodeHash'
  | 'version'
  | 'bound'
  | 'wasSold'
  | 'suspectedAt'
  | 'staged'
>

/** State changes that may ever happen, whatever the operation; `apply` asserts it and no code path may add one silently. */
export const CARD_TRANSITIONS = {
  inactive: ['sellable', 'sold'],
  sellable: ['inactive', 'sold'],
  sold: ['sellable', 'expired', 'closed', 'replaced'],
  expired: ['sold'],
  closed: [],
  replaced: ['sold'],
} as const satisfies Record<CardState, readonly CardState[]>

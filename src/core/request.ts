import type { Block } from './card.ts'
import type { ToAttach } from './attached.ts'
import type { Requester } from './channel.ts'
import type { Amount, AccountId } from './money.ts'
import type { Operation } from './operations.ts'
import type { Result } from './result.ts'
import type { Role } from './role.ts'
import type { HostAnswer, Sending, Via } from './routed.ts'
import type { Key, Labels, Original } from './key.ts'
import type { RestAsk } from './shortfall.ts'

/** The lookup values of a card: keyed hashes of its number, 32 hex digits each. */
export type NumberHashes = {
  /** Under the key in use. Here, it is the card's name. */
  readonly numberHash: string
  /** While numbers are moved from one key to another, under the other one: the card is kept under either. Else null. */
  readonly otherHash: string | null
  /**
   * The newest key that it was hashed under: if no card is found and a newer key exists, the result "no such card" is
   * not certain.
   */
  readonly newestKey: number
}

/** How a card was presented: what the edge could find out about it without the database. */
export type Presented = NumberHashes & {
  /** First six and last four, as it may be shown. */
  readonly shown: string
  /** False: the check digit is wrong, no card can have this number. */
  readonly luhn: boolean
  readonly by: 'stripe' | 'keyed' | 'barcode' | 'ecommerce'
  /** The data of the stripe beside the number; `genuine`: its check value matches our key. */
  readonly stripe: { readonly expiry: string; readonly version: number; readonly genuine: boolean } | null
  readonly ecodeHash: string | null
  /** Shown by a token that stands for number and eCode: of which sale it was made, and whether it is still good. */
  readonly token?: { readonly soldAt: number | null; readonly isGood: boolean }
}

/** An operation on a card: 0100, 0200, 0220. */
export type OperationAsk = {
  readonly act: 'operation'
  readonly operation: Operation
  readonly presented: Presented
  /** A sale asked for as nominal (93): the amount may be left out, and the card's issue must have a nominal. */
  readonly nominal: boolean
  /** Asked, minor units; null where the message carries none (a nominal sale, a balance inquiry). */
  readonly amount: Amount | null
  readonly currency: number | null
  /** The account on the other side, null where this store has none in that currency. */
  readonly contra: AccountId | null
  /** The terminal can take a partial approval (DE 48 `P`). */
  readonly partial: boolean
  /** A refund or a welfare load onto a card that is not sold yet (DE 48 `N`), which sells it. */
  readonly ontoNew: boolean
  /** Why a card is blocked. */
  readonly block: Block | null
  /** The card that a duplicate issues; null for everything else, and where the check digit of its number is wrong. */
  readonly successor: NumberHashes | null
  /** The payment that a refund gives back, where it is known: by the RRN on the receipt, or by its id. */
  readonly receipt: string | { readonly id: number } | null
  /** The additional data of a back-office user; null: the request is not from the back office. */
  readonly office: Office | null
  /** Sale of a virtual card: the keyed hash of the eCode that was drawn for this sale. */
  readonly newEcodeHash?: string
  /** Only if the card has not been moved since: its `seq` as the requester saw it. */
  readonly cardSeq?: number
}

/** The person and the reason, for the card's history, and the options that only people have. */
export type Office = {
  readonly who: string
  readonly reason: string
  /** An extension: the new last day, YYYY-MM-DD. */
  readonly validUntil: string | null
  /** An extension: the expiry that it undoes; null where none was booked. */
  readonly expiry: Key | null
  /** A new version: which one (one above the card's), and the keyed hash of the eCode on the new plastic; null: it has none. */
  readonly plastic: { readonly version: number; readonly ecodeHash: string | null } | null
}

/**
 * 0202: the terminal completed the approved transaction. `kept`: a shop keeps only this part of a payment, the rest is
 * returned.
 */
export type ConfirmationAsk = { readonly act: 'confirmation'; readonly original: Original; readonly kept?: Amount }

/** 0400: the cashier undoes it. `amount` and `presented` are checked against the original where they are sent. */
export type CancellationAsk = {
  readonly act: 'cancellation'
  readonly original: Original
  readonly amount: Amount | null
  readonly presented: Presented | null
  /** How it would go out where another host has the original; null where there are no other hosts. */
  readonly sending: Sending | null
}

/**
 * 0420, or the confirm timer's own: the outcome is unknown or the transaction could not be completed; always answered
 * 00. A web shop may also reverse a transaction that was final at once, within a quarter of an hour, if nothing was
 * built on it.
 */
export type ReversalAsk = {
  readonly act: 'reversal'
  readonly by: 'terminal' | 'timer' | 'shop'
  readonly original: Original
  readonly amount: Amount | null
  readonly presented: Presented | null
}

/** An operation on a card of another host, to be recorded before it is sent there. */
export type ForwardAsk = {
  readonly act: 'forward'
  readonly operation: Operation
  readonly amount: Amount | null
  /** The account on this side, null where this store has none in that currency. */
  readonly contra: AccountId | null
  readonly via: Via
}

/**
 * An 0420 whose original cannot be determined: its DE 90 is unreadable, or the original is older than the kept keys.
 * Answered 00 like every reversal; nothing moves, and a person looks at it.
 */
export type UnclearReversalAsk = {
  readonly act: 'unclear_reversal'
  /** DE 90 and DE 7 as they came, at most 100 characters. */
  readonly came: string
}

/**
 * The result of a forwarded request, or a host's late answer: submitted under the key of the request itself, as the
 * second step of its row. It leaves no row of its own.
 */
export type AnswerAsk = {
  readonly act: 'answer'
  /** The row that it settles. */
  readonly id: number
  /** The accounts of the forwarded operation; both null for an 0400 and where nothing moves. */
  readonly account: AccountId | null
  readonly contra: AccountId | null
  /** The terminal can take less than it asked for. */
  readonly partial: boolean
  readonly answer: HostAnswer
}

/** A load of a batch of which all or none are booked (`staged.ts`). It leaves no row before the batch is booked. */
export type StageAsk = {
  readonly act: 'stage'
  readonly batchId: number
  /** The line of the batch: the same line again is the same load. */
  readonly line: number
  /** The load to book; the account is the batch's. */
  readonly load: Omit<OperationAsk, 'contra'>
  /** Only checks, by the same rules, without booking. */
  readonly dry: boolean
}

/** Locks a card so that its staged loads are applied; nothing else. */
export type ApplyAsk = { readonly act: 'apply_staged'; readonly cardId: number }

/** Refused by the edge (wrong store, unsupported), to be remembered under its key like any other answer. */
export type RefusedAsk = { readonly act: 'refused'; readonly result: Result; readonly role: Role }

/** A clerk's decision on a clarification case, from the back office or the command line. */
export type ResolutionAsk = {
  readonly act: 'resolution'
  readonly original: Original
  readonly decision: 'confirm' | 'reverse'
  readonly who: string
  readonly reason: string
  /** The transaction happened, and the card is short of this amount: who bears it. Null: there is no shortfall. */
  readonly rest: RestAsk | null
}

export type Ask =
  | ResolutionAsk
  | StageAsk
  | ApplyAsk
  | OperationAsk
  | ConfirmationAsk
  | CancellationAsk
  | ReversalAsk
  | UnclearReversalAsk
  | RefusedAsk
  | ForwardAsk
  | AnswerAsk

/** Everything the core may know about a request: the edge has translated it, and gives it its id and its time. */
export type Request = {
  /** The id of the transaction row that this request will leave behind. */
  readonly id: number
  /** A further id, for the second row that a few requests need (a tombstone, a transfer that follows a duplicate). */
  readonly spareId: number
  readonly key: Key
  /** Digest of what must not change under one key: DE 3, 4, 48, 49, 90, and of the card what may be shown. 32 hex digits. */
  readonly content: string
  /** The requester and its channel: decides which operations are allowed. */
  readonly requester: Requester
  /** The source by which guesses are counted: the terminal's code, or the address of a web request. */
  readonly source: string
  /** Host time of receipt, ms since 1970. */
  readonly at: number
  /** The date at the store, YYYY-MM-DD, for validity. */
  readonly today: string
  /** The business day of the terminal, YYYY-MM-DD. */
  readonly businessDate: string
  /** Whether and how the transaction is confirmed, and by when (ms after `at`): the policy of the terminal. */
  readonly confirmation: 'explicit' | 'next' | 'none'
  readonly confirmTimeoutMs: number
  /** How long after the original a late confirmation is still booked, ms. */
  readonly lateConfirmWindowMs: number
  /** How long after the original it may be cancelled, ms; null: on the same business day. */
  readonly cancelWindowMs: number | null
  readonly labels: Labels
  readonly ask: Ask
  /** Rows of other tables that belong to its decision. */
  readonly attached: readonly ToAttach[]
}

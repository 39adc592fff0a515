import type { AccountId, Amount } from './money.ts'
import type { Transaction } from './transaction.ts'

/**
 * The additional data of a request that another host answers: how that host identifies it. Its card is not ours, so its
 * row has no card; for the ledger all cards of a host are one account, `upstream`.
 */
export type Routed = {
  /** The id of its row. */
  readonly id: number
  readonly upstream: string
  /** The host expects confirmations. */
  readonly confirms: boolean
  /** First six and last four of the card, by which a reversal or a cancellation shows the same one. */
  readonly card: string
  /** Trace number (DE 11) and DE 7 with its year, YYYYMMDDhhmmss, under which the host knows it. */
  readonly stan: number
  readonly transmitted: number
  /** The time until which the host's answer is awaited, ms since 1970, whichever process waits; null once settled. */
  answerBy: number | null
  /** DE 39 and DE 37 of the host's answer; null while there is none. */
  hostCode: string | null
  hostReference: string | null
  /** DE 39 of an answer that came when it was settled already. */
  lateCode: string | null
  /** The 0400 about it that is with the host now. */
  cancelling: number | null
}

export type RoutedChange =
  | { readonly change: 'add'; readonly routed: Routed }
  | {
      readonly change: 'set'
      readonly routed: Routed
      readonly set: Partial<Pick<Routed, 'answerBy' | 'hostCode' | 'hostReference' | 'lateCode' | 'cancelling'>>
    }

/**
 * The identity under which a request is sent: fixed before its row is committed, so that it can be undone after any
 * crash.
 */
export type Sending = Pick<Routed, 'stan' | 'transmitted'> & { readonly answerBy: number }

/** Where a request goes: chosen by the router. */
export type Via = Sending &
  Pick<Routed, 'upstream' | 'confirms' | 'card'> & {
    /** The ledger account of this host in the currency asked; null where there is none or nothing moves. */
    readonly account: AccountId | null
  }

/** A message that a host is owed, and gets until it acknowledges it: the reversal or the confirmation of `transactionId`. */
export type SafMessage = {
  readonly transactionId: number
  readonly upstream: string
  readonly kind: 202 | 420
  /** ms since 1970; not before, and the order of the host's queue. */
  readonly since: number
}

/** The data that the edge needs to send a pending row: its own, and for an 0400 the cancelled one's. */
export type Forwarding = {
  readonly routed: Routed
  readonly original: { readonly row: Transaction; readonly routed: Routed } | null
}

/** Whether the card may belong to another host, so that the row of `routed` is read as well. */
export const mayBeRouted = ({ cardId, operation, state, role }: Transaction): boolean =>
  cardId === null && operation !== null && state !== 'declined' && FORWARDED.has(role)

const FORWARDED: ReadonlySet<Transaction['role']> = new Set(['books', 'cancels', 'informs'])

/** A host's answer, as far as it affects a decision. */
export type HostAnswer =
  /** Nothing left for the host: there is nothing to undo. */
  | { readonly outcome: 'not_sent' }
  /** No answer, or one that cannot be used: whether the host booked it is not known. */
  | { readonly outcome: 'silent'; readonly code: string | null }
  | {
      readonly outcome: 'approved'
      readonly code: string
      /** The amount moved; null for an inquiry, and if the host does not state it. */
      readonly amount: Amount | null
      readonly approvalCode: string | null
      readonly reference: string | null
      readonly balances: Transaction['balances']
    }
  | {
      readonly outcome: 'declined'
      readonly code: string
      readonly result: Transaction['result']
      readonly balances: Transaction['balances']
    }

import type { TerminalOperation } from '../core/operations.ts'
import type { Result } from '../core/result.ts'
import type { HostAnswer, Routed } from '../core/routed.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Message } from '../iso8583/message.ts'

/** Values that a host wants in every request, by data element: an acquirer's number, its own number for the store. */
export type FixedFields = ReadonlyMap<number, string>

/** An operation, or an 0400, as our terminal sent it, and the numbers under which the host will know it. */
export type Outgoing = {
  readonly message: Message
  /** Our row of the transaction. */
  readonly row: Transaction
  readonly routed: Pick<Routed, 'stan' | 'transmitted'>
  /** The original of an 0400; null for an operation. */
  readonly original: Known | null
}

/** Something that the host has: our row, and how it knows it. */
export type Known = { readonly row: Transaction; readonly routed: Routed }

/** A reversal or a confirmation that the host is owed. */
export type FollowUp = {
  readonly kind: 202 | 420
  /** Sent before, no answer came: 0421, 0203. */
  readonly repeat: boolean
  readonly stan: number
  /** YYYYMMDDhhmmss. */
  readonly transmitted: number
  readonly original: Known
}

/**
 * The meaning of an answer to a reversal or a confirmation. `final`: the host has understood it and disagrees (it
 * opened a case, or has reversed the transaction that we confirm); it would answer the same again.
 */
export type Acknowledged =
  | { readonly acknowledged: true }
  | { readonly acknowledged: false; readonly final: boolean; readonly why: string }

/**
 * One dialect of upstream hosts: how our messages become its messages, and its answers ours. Pure: no socket, no clock.
 * Every kind runs test/upstreams/contract.ts.
 */
export type UpstreamKind = {
  /** The operations that it serves with its value of DE 3; null: as our terminal sent it. */
  readonly operations: Readonly<Partial<Record<TerminalOperation, string | null>>>
  /** Whether it accepts confirmations (0202). */
  readonly confirms: boolean
  readonly request: (outgoing: Outgoing, fixed: FixedFields) => Message
  readonly read: (answer: Message, currency: number | null) => HostAnswer
  readonly followUp: (followUp: FollowUp, fixed: FixedFields) => Message
  readonly acknowledges: (answer: Message, kind: FollowUp['kind']) => Acknowledged
}

/** The meaning of a host's DE 39. `unsure`: the host may have booked it. Any other code is a refusal by the issuer. */
export type Codes = Readonly<Record<string, Result | 'unsure'>>

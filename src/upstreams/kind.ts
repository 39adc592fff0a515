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
  /** Our row of it. */
  readonly row: Transaction
  readonly routed: Pick<Routed, 'stan' | 'transmitted'>
  /** What an 0400 cancels; null for an operation. */
  readonly original: Known | null
}

/** Something that the host has: our row, and how it knows it. */
export type Known = { readonly row: Transaction; readonly routed: Routed }

/** A reversal or a confirmation that the host is owed. */
export type Debt = {
  readonly kind: 202 | 420
  /** Sent before, no answer came: 0421, 0203. */
  readonly repeat: boolean
  readonly stan: number
  /** YYYYMMDDhhmmss. */
  readonly transmitted: number
  readonly original: Known
}

/**
 * What an answer to a reversal or a confirmation is worth. `final`: the host has understood it and sees the transaction
 * otherwise (it answers a case, or has reversed what we confirm); it would say the same again.
 */
export type Acknowledged =
  | { readonly acknowledged: true }
  | { readonly acknowledged: false; readonly final: boolean; readonly why: string }

/**
 * One dialect of upstream hosts: how our messages become its messages, and its answers ours. Pure: no socket, no clock.
 * Every kind runs test/upstreams/contract.ts.
 */
export type UpstreamKind = {
  /** What it serves, and the DE 3 that it wants; null: as our terminal sent it. */
  readonly operations: Readonly<Partial<Record<TerminalOperation, string | null>>>
  /** Whether it wants to be told of confirmations (0202). */
  readonly confirms: boolean
  readonly request: (outgoing: Outgoing, fixed: FixedFields) => Message
  readonly read: (answer: Message, currency: number | null) => HostAnswer
  readonly debt: (debt: Debt, fixed: FixedFields) => Message
  readonly acknowledges: (answer: Message, kind: Debt['kind']) => Acknowledged
}

/** DE 39 of a host and what it is for us; `unsure`: it may have booked all the same. Others are a refusal of the issuer. */
export type Codes = Readonly<Record<string, Result | 'unsure'>>

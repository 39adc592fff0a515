import type { Channel } from './channel.ts'
import type { StagedLoad } from './staged-load.ts'

/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** The content of an audit row beside its id and its time. */
export type AuditFacts = {
  /** The person's login, a shop or a job; at most 40 ASCII characters. */
  readonly who: string
  readonly channel: Channel
  /** The right that it needed, or a verb on a noun: `cards.block`. */
  readonly action: string
  readonly object: { readonly kind: string; readonly id: string }
  /** The code of the store that it concerns; null: none in particular. */
  readonly store: string | null
  /** `done`, or the code of the refusal. */
  readonly outcome: string
  /** No secrets, no whole card numbers. */
  readonly details: { readonly [name: string]: Json }
}

/**
 * A row of another table that belongs to a decision and is inserted with it, in its transaction and under its id. To add a
 * kind: its row here, its INSERT in `db/sql/attached.ts`, which the compiler then asks for.
 */
export type Attached =
  | { readonly kind: 'audit'; readonly row: AuditFacts }
  | { readonly kind: 'staged_load'; readonly row: Omit<StagedLoad, 'id'> }
  /** The data needed to repeat the answer to a web shop's request. */
  | { readonly kind: 'web_request'; readonly row: { readonly [name: string]: Json } }

/** Rows attached to a request: inserted if the request leaves its row (`stored`), or only if it is approved. */
export type ToAttach = Attached & { readonly where: 'stored' | 'approved' }

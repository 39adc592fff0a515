/**
 * The registry: stores, terminals, issues and accounts as the switch reads them. It changes rarely and is replaced as a
 * whole.
 */

import type { Channel } from './channel.ts'
import type { Issue } from './issue.ts'
import type { AccountId, ContraAccount } from './money.ts'
import type { Request } from './request.ts'

export const LANGUAGES = ['pl', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The character sets of a terminal's texts; `ascii` is without diacritics, in the code of its profile. */
export const CHARACTER_SETS = ['ascii', 'iso-8859-2', 'windows-1250', 'cp852', 'utf-8'] as const
export type CharacterSet = (typeof CHARACTER_SETS)[number]

/** How texts are written for one terminal. */
export type TextForm = { readonly language: Language; readonly characterSet: CharacterSet }

/** How an approved transaction is confirmed: by 0202, by the terminal's next request, or at once. */
export const CONFIRMATIONS = ['explicit', 'next', 'none'] as const satisfies readonly Request['confirmation'][]
export type Confirmation = (typeof CONFIRMATIONS)[number]

export const STORE_STATES = ['open', 'closed'] as const
export type StoreState = (typeof STORE_STATES)[number]
export const TERMINAL_STATES = ['active', 'inactive'] as const
export type TerminalState = (typeof TERMINAL_STATES)[number]

export type Store = {
  readonly code: string
  readonly name: string
  readonly currency: number
  /** IANA name; the store's day begins and ends by it. */
  readonly timeZone: string
  readonly open: boolean
}

export type Terminal = {
  readonly code: string
  readonly storeCode: string
  readonly confirmation: Confirmation
  readonly mac: 'none' | 'retail' | 'aes-cmac'
  /** Whether a message without a MAC is refused. */
  readonly macRequired: boolean
  readonly active: boolean
  /** A price checker is a terminal of its store, and on no line. */
  readonly channel: Extract<Channel, 'terminal' | 'kiosk'>
  /** The terminal must sign on, on each new connection, before anything else is answered. */
  readonly signOn: boolean
  /** The business day that its end of day opened, YYYY-MM-DD; null: the store's calendar day. */
  readonly openedBusinessDate: string | null
  readonly textForm: TextForm
}

/**
 * The known terminals, stores and issues with their rules, as of one moment: read from the database, replaced as a
 * whole.
 */
export type Registry = {
  readonly version: number
  readonly stores: ReadonlyMap<string, Store>
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly issues: ReadonlyMap<number, Issue>
  /** Name by `accountName`. */
  readonly accounts: ReadonlyMap<string, AccountId>
  /**
   * The client certificates to which terminals and stores are bound, by `boundTo`; the names are those of
   * `certificateName`.
   */
  readonly bindings: ReadonlyMap<string, ReadonlySet<string>>
}

export const accountName = (kind: ContraAccount, owner: string, currency: number): string =>
  `${kind} ${owner} ${currency}`

export const boundTo = (what: 'terminal' | 'store', code: string): string => `${what} ${code}`

/** A certificate by its SHA-256 in 64 hex digits, or by its subject, which a renewed one keeps. */
export const certificateName = (by: 'fingerprint' | 'subject', name: string): string => `${by} ${name}`

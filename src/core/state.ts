import type { Attached } from './attached.ts'
import type { Card, CardSettings } from './card.ts'
import type { DayCount } from './day-counts.ts'
import type { Issue } from './issue.ts'
import type { Lookups } from './lookups.ts'
import type { Amount } from './money.ts'
import type { Pack } from './pack.ts'
import type { Request } from './request.ts'
import { isById, keyText, type Original } from './key.ts'
import type { Result } from './result.ts'
import type { SafMessage, Routed, RoutedChange } from './routed.ts'
import type { Rest } from './shortfall.ts'
import type { StagedBatch, StagedLoad } from './staged-load.ts'
import type { UnknownCardTries, Tries } from './tries.ts'
import type { Transaction, TransactionState, Undoer } from './transaction.ts'

/**
 * The data that one batch may read, loaded under the card locks; `apply` keeps it up to date from request to request.
 */
export type State = {
  readonly issues: ReadonlyMap<number, Issue>
  readonly cards: Map<number, Card>
  /** `numberHash` of what a request shows → the same card objects. */
  readonly cardsByHash: Map<string, Card>
  /** Key text → the transaction under that key. */
  readonly transactions: Map<string, Transaction>
  readonly transactionsById: Map<number, Transaction>
  /** RRN → payments that a refund with a receipt may mean. */
  readonly paymentsByRrn: Map<string, Transaction[]>
  /** `triesName` → wrong tries of the cards that have any. */
  readonly tries: Map<string, Tries>
  /** `unknownCardName` → wrong eCodes shown with numbers that are no card's. */
  readonly unknownCards: {
    readonly get: (name: string) => Tries | undefined
    readonly set: (name: string, tries: Tries) => unknown
  }
  /** Sources that have named too many such numbers. */
  readonly enumerating: { readonly has: (source: string) => boolean }
  /** Whether the limit of cards marked as suspected within the hour is reached, so that no more are marked. */
  readonly marksUsedUp: () => boolean
  /** The packs that determine what cards of the batch may do. */
  readonly packs: ReadonlyMap<number, Pack>
  /** `countName` → a terminal's counts for its business day. */
  readonly dayCounts: Map<string, DayCount>
  /** Source → its queries about cards that were never sold. */
  readonly lookups: Map<string, Lookups>
  /** Store and terminal → what that terminal's next request confirms (policy `next`). */
  readonly awaitingNext: Map<string, Transaction[]>
  /** `stampText` of an original that a cancellation names → the stores that have moved money under that stamp. */
  readonly storesByStamp: ReadonlyMap<string, ReadonlySet<string>>
  /** Transaction id → how another host knows it, of those that one answers. */
  readonly routed: Map<number, Routed>
  /** Staged loads of these cards whose batch is decided: applied before anything else, and then removed from here. */
  readonly decidedLoads: StagedLoad[]
  readonly stagedBatches: ReadonlyMap<number, StagedBatch>
  /** `lineText` of loads that are staged already, of those that are asked for. */
  readonly stagedLines: Set<string>
}

/** The transaction that an original refers to; undefined: there is none. */
export const originalIn = ({ transactions, transactionsById }: State, original: Original): Transaction | undefined =>
  isById(original) ? transactionsById.get(original.id) : transactions.get(keyText(original))

/** An earlier transaction's fate, as it is from now on. */
export type Settlement = {
  readonly transaction: Transaction
  readonly state: TransactionState
  readonly undoneBy: Undoer | null
  readonly confirmBy: number | null
  readonly returned: Amount
  readonly released: Amount
}

/** The changes of one card: differences of money, and new values of its other attributes. */
export type CardChange = {
  readonly cardId: number
  readonly ledger: Amount
  readonly available: Amount
  readonly set: Partial<CardSettings>
}

export const CASE_REASONS = [
  'unconfirmed',
  'confirmation_unknown',
  'confirmation_after_reversal',
  'reversal_too_late',
  'reversal_disagrees',
  'reversal_unclear',
  'advice_refused',
  'upstream_silent',
  'upstream_refuses',
] as const
export type CaseReason = (typeof CASE_REASONS)[number]

/** A clarification case: a transaction that a person must look at. It is about `transactionId`, and may carry the store's later claim. */
export type CaseChange =
  | {
      readonly change: 'open'
      readonly transactionId: number
      readonly cardId: number | null
      readonly reason: CaseReason
      /** The data that the terminal sent, if nothing else of it is kept; at most 100 characters. */
      readonly came?: string
    }
  | {
      readonly change: 'close'
      readonly transactionId: number
      readonly resolution: CaseResolution
      /** The person who decided, and the reason; both null if the terminal settled it. */
      readonly by: string | null
      readonly note: string | null
      /** Who bears the card's shortfall; null: there was none, or none was requested. */
      readonly rest?: Rest | null
    }

export type CaseResolution =
  | 'confirmed_late'
  | 'reversed_by_terminal'
  | 'reversed_by_host'
  | 'clerk_confirmed'
  | 'clerk_reversed'

/** The events of a card's history beside its money, and their author. */
export const CARD_EVENTS = [
  'block',
  'unblock',
  'suspected',
  'clear',
  'duplicate',
  'new_version',
  'extension',
  'adjustment_credit',
  'adjustment_debit',
] as const
export type CardEvent = {
  readonly cardId: number
  readonly event: (typeof CARD_EVENTS)[number]
  /** The person, or the source (a terminal) if no person is named. */
  readonly who: string
  readonly reason: string | null
  /** The block, version or day that the event is about; null: nothing to add. */
  readonly detail: string | null
}

/** Everything one step does to the books. */
export type Effects = {
  readonly rows: readonly Transaction[]
  readonly settlements: readonly Settlement[]
  readonly cards: readonly CardChange[]
  readonly cases: readonly CaseChange[]
  readonly tries: readonly Tries[]
  readonly lookups: readonly Lookups[]
  readonly unknownCards: readonly UnknownCardTries[]
  /** Sources that have named a number that is no card's. */
  readonly unknownNumbers: readonly string[]
  readonly dayCounts: readonly DayCount[]
  readonly events: readonly CardEvent[]
  /** Pending rows with their answer: each takes the place of the row of its id. */
  readonly answered: readonly Transaction[]
  readonly routed: readonly RoutedChange[]
  readonly safMessages: readonly SafMessage[]
  readonly attached: readonly Attached[]
  /** Staged loads that are applied or forgotten. */
  readonly unstaged: readonly StagedLoad[]
}

/**
 * The answer to one request: built from `row`, with `result` in place of the row's own if they differ (a repeat of a
 * reversed request).
 */
export type Outcome = Effects & {
  readonly request: Request
  readonly result: Result
  readonly row: Transaction | null
  /** A step of its own that goes before this one, under the spare id: what the issuer pays onto a card that then pays it on. */
  readonly before?: Effects
}

export const NOTHING: Effects = {
  rows: [],
  settlements: [],
  cards: [],
  cases: [],
  tries: [],
  lookups: [],
  unknownCards: [],
  unknownNumbers: [],
  dayCounts: [],
  events: [],
  answered: [],
  routed: [],
  safMessages: [],
  attached: [],
  unstaged: [],
}

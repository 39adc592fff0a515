import type { Amount } from './money.ts'

/**
 * The identity of a request (docs/spec/terminal.md, section 4). `kind` is the request MTI as a number with the repeat
 * bit cleared (200 for 0200 and 0201); `transmitted` is DE 7 with its year, YYYYMMDDhhmmss, a label and not an instant.
 * Requests that no terminal sent use a store of their own, see `timerKey`.
 */
export type Key = {
  readonly store: string
  readonly terminal: string
  readonly kind: number
  readonly stan: number
  readonly transmitted: number
  /** For web requests: the whole digest, 64 hex digits; `stan` and `transmitted` hold some of its bits. */
  readonly digest?: string
}

/** The earlier transaction that a request is about: its once-only key, or its id if the requester knows that. */
export type Original = Key | { readonly id: number }

export const isById = (original: Original): original is { readonly id: number } => 'id' in original

export const originalText = (original: Original): string => (isById(original) ? `#${original.id}` : keyText(original))

/** The text of DE 90 for an original, without the store and terminal that DE 90 does not name. */
export const stampText = (key: Omit<Key, 'store' | 'terminal'>): string => `${key.transmitted} ${key.stan} ${key.kind}`

/** Two keys of the web may agree in the bits that are looked up, and are still two. */
export const isSameKey = (a: Key, b: Key): boolean => a.digest === b.digest && keyText(a) === keyText(b)

export const keyText = (key: Key): string => `${key.transmitted} ${key.stan} ${key.terminal} ${key.store} ${key.kind}`

export const KIND = {
  inquiry: 100,
  financial: 200,
  confirmation: 202,
  advice: 220,
  dayEnd: 500,
  cancellation: 400,
  reversal: 420,
  administration: 600,
  /** Whatever a web shop asks for under an Idempotency-Key: one kind, so that a key is used once over all endpoints. */
  web: 9000,
  /** Transfers that follow a duplicate onto the new card; no terminal sends them. */
  following: 9001,
  /** A clerk's decision on a case; no terminal sends it. */
  resolution: 9002,
  /** Requests of people and jobs; no terminal sends them. */
  office: 9003,
} as const

/** Values that are kept and returned, and decide nothing. */
export type Labels = {
  readonly processingCode: string
  /** DE 13 + DE 12 as sent, MMDDhhmmss; empty where absent. */
  readonly localTime: string
  readonly rrn: string
  readonly approvalCode: string
  readonly entryMode: string
  /** The amount asked, for the journal; null where none was sent. */
  readonly amount: Amount | null
  readonly currency: number | null
  /** Digest of DE 59, 32 hex digits: it is given back as it came, and not kept. */
  readonly echo: string | null
  /** The origin of the request: listener and connection, or the job. */
  readonly line: string
  /** The id that follows the request through the logs. */
  readonly trace: string
}

/**
 * Keys of the requests of people and jobs, built from their once-only identity: an expiry once for a card and day, the
 * load of a pack sale once for a pack and card, a clerk's entry once for its given id.
 */
export const expiryKey = (cardId: number, day: string): Key =>
  officeKey('EXPIRY', Number(day.replaceAll('-', '')), cardId)
export const packSaleKey = (packId: number, cardId: number): Key => officeKey('PACK', packId, cardId)
export const recallKey = (recallId: number, cardId: number): Key => officeKey('RECALL', recallId, cardId)
export const adjustmentKey = (adjustmentId: number): Key => officeKey('ADJUST', 0, adjustmentId)
export const clerkKey = (id: number): Key => officeKey('OFFICE', 0, id)
/** The key of one card of a bulk action, and of its undoing. */
export const bulkKey = (bulkId: number, position: number): Key => officeKey('BULK', position, bulkId)
export const bulkUndoKey = (bulkId: number, position: number): Key => officeKey('BULKUNDO', position, bulkId)
/** The key of the request that stages a load; the load itself is booked under another key. */
export const stageKey = (batchId: number, line: number): Key => officeKey('STAGE', line, batchId)

/** Stands for a terminal in sales of e-cards by mail, which have a confirmation time of their own. */
export const ECARD = 'ECARD'

/** The keys of an e-card: its sale, and its confirmation or cancellation, one for each attempt. */
export const ecardKey = (
  store: string,
  kind: 'office' | 'confirmation' | 'cancellation',
  ecardId: number,
  attempt: number,
): Key => ({ store, terminal: ECARD, kind: KIND[kind], stan: attempt, transmitted: ecardId })

const officeKey = (terminal: string, stan: number, transmitted: number): Key => ({
  store: 'AKART',
  terminal,
  kind: KIND.office,
  stan,
  transmitted,
})

/** One decision per case: two clerks at the same time cannot both book theirs. `attempt` counts refused ones. */
export const resolutionKey = (caseId: number, attempt: number): Key => ({
  store: 'AKART',
  terminal: 'CLERK',
  kind: KIND.resolution,
  stan: attempt,
  transmitted: caseId,
})

/** The adjustment by which the issuer bears the amount of a case's transaction: once for that transaction. */
export const borneKey = (transactionId: number): Key => officeKey('BORNE', 0, transactionId)

/** The timer's own key for reversing a transaction: one per transaction, so two processes cannot both book it. */
export const timerKey = (transactionId: number): Key => ({
  store: 'AKART',
  terminal: 'TIMER',
  kind: KIND.reversal,
  stan: 0,
  transmitted: transactionId,
})

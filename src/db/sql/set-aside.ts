import { fromInstant, integer } from './literal.ts'
import type { Row } from './row.ts'

/** A reversal or confirmation that a host refused for good. */
export type SetAside = {
  readonly transactionId: number
  readonly upstream: string
  readonly kind: 'confirmation' | 'reversal'
  readonly owedSince: number
  readonly setAsideAt: number
  readonly tries: number
  readonly why: string | null
  /** First six and last four. */
  readonly shown: string
  readonly amount: number
  readonly currency: number | null
  readonly store: string
  readonly terminal: string
  /** The case about it; closed: a person has decided. */
  readonly caseId: number | null
  readonly isOpen: boolean
}

/** The newest first; of several cases about one transaction the latest. */
export const selectSetAside = (most: number): string =>
  `SELECT o.transaction_id, o.upstream, o.kind, o.owed_since, o.settled_at, o.tries, o.last_failure, r.card, t.amount_asked,
     t.currency, t.store_code, t.terminal_code, c.id, c.closed_at IS NULL
   FROM owed o JOIN routed r ON r.id = o.transaction_id JOIN transactions t ON t.id = o.transaction_id
   LEFT JOIN cases c ON c.id = (SELECT MAX(k.id) FROM cases k WHERE k.transaction_id = o.transaction_id)
   WHERE o.state = 'set_aside' ORDER BY o.settled_at DESC, o.transaction_id DESC LIMIT ${integer(most)}`

export function toSetAside(row: Row): SetAside {
  const [transactionId, upstream, kind, since, at, tries, why, shown, amount, currency, store, terminal, caseId, isOpen] =
    row as [
      number, string, number, string, string, number, string | null, string, number | null, number | null, string, string,
      number | null, number | null,
    ] // prettier-ignore
  return {
    transactionId,
    upstream,
    kind: kind === 420 ? 'reversal' : 'confirmation',
    owedSince: fromInstant(since),
    setAsideAt: fromInstant(at),
    tries,
    why,
    shown,
    amount: amount ?? 0,
    currency,
    store,
    terminal,
    caseId,
    isOpen: caseId !== null && isOpen === 1,
  }
}

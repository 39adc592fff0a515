import type { SafMessage } from '../../core/routed.ts'
import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/**
 * Takes the queue of a host, or renews our lease, by the database's clock. Every new taking raises the fence, also by
 * the same process after its lease ran out. A lease that ends later than any new one would dates from before the clock
 * was set back. The columns are set from left to right.
 */
export const takeLease = (upstream: string, owner: string, seconds: number): string =>
  `UPDATE upstream_queues SET fence = fence + IF(owner = ${text(owner)} AND leased_until >= NOW(3), 0, 1),
   owner = ${text(owner)}, leased_until = NOW(3) + INTERVAL ${integer(seconds)} SECOND
   WHERE upstream = ${text(upstream)} AND (owner = ${text(owner)} OR leased_until NOT BETWEEN NOW(3) AND NOW(3) + INTERVAL ${integer(seconds)} SECOND);
   SELECT fence FROM upstream_queues WHERE upstream = ${text(upstream)} AND owner = ${text(owner)}`

/** Gives it back, so that the next process need not wait. */
export const endLease = (upstream: string, owner: string, fence: number): string =>
  `UPDATE upstream_queues SET leased_until = '2000-01-01' WHERE upstream = ${text(upstream)}
   AND owner = ${text(owner)} AND fence = ${integer(fence)}`

/** Begins a write to the queue; no row: another process holds it, and nothing may be written. */
export const lockFence = (upstream: string, owner: string, fence: number): string =>
  `BEGIN;SELECT fence FROM upstream_queues WHERE upstream = ${text(upstream)} AND owner = ${text(owner)}
   AND fence = ${integer(fence)} FOR UPDATE`

export type SafHead = SafMessage & {
  readonly dueAt: number
  readonly stan: number | null
  readonly transmitted: number | null
  readonly tries: number
  readonly refusals: number
}

/** The next message for a host: the oldest. */
export const selectHead = (upstream: string): string =>
  `SELECT transaction_id, kind, upstream, owed_since, due_at, stan, transmitted, tries, refusals FROM owed
   WHERE waiting_for = ${text(upstream)} ORDER BY owed_since, transaction_id, kind LIMIT 1`

export function toHead(row: Row): SafHead {
  const [transactionId, kind, upstream, since, dueAt, stan, transmitted, tries, refusals] = row as [
    number, 202 | 420, string, string, string, number | null, number | null, number, number,
  ] // prettier-ignore
  return {
    transactionId,
    kind,
    upstream,
    since: fromInstant(since),
    dueAt: fromInstant(dueAt),
    stan,
    transmitted,
    tries,
    refusals,
  }
}

const one = ({ transactionId, kind }: SafMessage): string =>
  `transaction_id = ${integer(transactionId)} AND kind = ${integer(kind)} AND state = 'waiting'`

/** Before it is sent: under which numbers, and that it was. */
export const markTried = (message: SafMessage, stan: number, transmitted: number): string =>
  `UPDATE owed SET tries = tries + 1, stan = ${integer(stan)}, transmitted = ${integer(transmitted)} WHERE ${one(message)}`

export const markAcknowledged = (message: SafMessage, at: number): string =>
  `UPDATE owed SET state = 'acknowledged', waiting_for = NULL, settled_at = ${instant(at)}, last_failure = NULL
   WHERE ${one(message)}`

/** Again, not before `dueAt`; `refused`: the host lives and does not want it. */
export const putOff = (message: SafMessage, dueAt: number, why: string, refused: boolean): string =>
  `UPDATE owed SET due_at = ${instant(dueAt)}, last_failure = ${text(printable(why))},
   refusals = refusals + ${refused ? 1 : 0} WHERE ${one(message)}`

export const setAside = (message: SafMessage, at: number, why: string): string =>
  `UPDATE owed SET state = 'set_aside', waiting_for = NULL, settled_at = ${instant(at)}, refusals = refusals + 1,
   last_failure = ${text(printable(why))} WHERE ${one(message)}`

/** Closes the case: the host has reversed the transaction that it had not answered, so both sides agree. */
export const closeSilentCase = ({ transactionId }: SafMessage, at: number): string =>
  `UPDATE cases SET open_for = NULL, closed_at = ${instant(at)}, resolution = 'reversed_by_host'
   WHERE open_for = ${integer(transactionId)} AND reason = 'upstream_silent' AND claim IS NULL`

/** How many messages each host is owed, and since when the oldest of them. */
export const selectDepths =
  'SELECT waiting_for, COUNT(*), MIN(owed_since) FROM owed WHERE waiting_for IS NOT NULL GROUP BY waiting_for'

export function toDepth(row: Row): { readonly upstream: string; readonly depth: number; readonly oldest: number } {
  const [upstream, depth, oldest] = row as [string, number, string]
  return { upstream, depth, oldest: fromInstant(oldest) }
}

/** A foreign error text, limited to the column. */
const printable = (why: string): string => why.slice(0, FAILURE_LENGTH).replace(/[^\x20-\x7e]/gu, '?')
export const FAILURE_LENGTH = 60

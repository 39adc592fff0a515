/** Settles requests to upstream hosts whose process has ended without an answer. */

import { ownRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import { NOT_STORED, type Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import type { DatabaseClock } from '../db/clock.ts'
import { workerConnection } from '../db/connection.ts'
import { sliceLease } from '../db/slice-lease.ts'
import { CLOCK_GRACE_MS, toUnconfirmed, type Unconfirmed } from '../db/sql/due.ts'
import { bringBackUnanswered, selectUnanswered } from '../db/sql/routed.ts'
import { startPoller, type Poller } from './poller.ts'

export type UnansweredParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly clock: Pick<DatabaseClock, 'now' | 'surely'>
  /** ms that a process waits for a host, at most. */
  readonly longestWait: number
  readonly settled: (count: number) => void
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 1_000
const BATCH = 256

/**
 * Settles pending requests whose process no longer waits for the host: it has ended, or could not record the answer. It
 * is not known whether the host booked the request, so it is reversed there. If the process comes back with an answer,
 * it finds the row settled.
 */
export function settleUnanswered(parts: UnansweredParts): Poller {
  const connection = workerConnection(parts.access)
  const { clock, longestWait } = parts
  const lease = sliceLease(connection, 'unanswered')

  const findDue = async (): Promise<readonly Unconfirmed[]> => {
    const [rows = []] = await connection.send(selectUnanswered(clock.surely(longestWait + CLOCK_GRACE_MS), BATCH))
    return rows.map(toUnconfirmed)
  }
  const settleDue = async (): Promise<void> => {
    await connection.send(bringBackUnanswered(clock.now(), longestWait))
    if ((await findDue()).length === 0) return
    const slices = await lease.take()
    const due = slices.length === 0 ? [] : await findDue()
    const requests = due.flatMap((one) => answerOf(parts, one) ?? [])
    // This process was stopped meanwhile: another one may be working on it.
    if (!lease.holds()) return
    const answers = await Promise.allSettled(requests.map(parts.submit))
    await lease.giveBack()
    // The next poll finds the answers that the engine could not take.
    const settled = answers.filter(
      (answer) => answer.status === 'fulfilled' && !NOT_STORED.has(answer.value.result),
    ).length
    if (settled > 0) parts.settled(settled)
  }
  return startPoller({
    every: POLL_INTERVAL_MS,
    look: settleDue,
    async failed(error) {
      await connection.rollback()
      parts.trouble(error)
    },
    close: connection.close,
  })
}

/** Null while there are no ids: it stays due. */
function answerOf(
  { nextId, clock }: UnansweredParts,
  { id: rowId, key, processingCode, currency }: Unconfirmed,
): Request | null {
  const id = nextId()
  const spareId = nextId()
  if (id === null || spareId === null) return null
  const at = clock.now()
  return ownRequest({
    id,
    spareId,
    key,
    by: 'unanswered',
    requester: { channel: 'job', who: 'unanswered' },
    at,
    day: new Date(at).toISOString().slice(0, 10),
    processingCode,
    amount: null,
    currency,
    trace: `unanswered-${rowId}`,
    ask: {
      act: 'answer',
      id: rowId,
      account: null,
      contra: null,
      partial: false,
      answer: { outcome: 'silent', code: null },
    },
  })
}

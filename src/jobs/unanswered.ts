import { ownRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { lockSlices, toUnconfirmed, type Unconfirmed } from '../db/sql/due.ts'
import { selectUnanswered } from '../db/sql/routed.ts'
import { lookEvery, type Lookout } from './poller.ts'

export type UnansweredParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly now: () => number
  readonly settled: (count: number) => void
  readonly trouble: (error: unknown) => void
}

const LOOK_EVERY_MS = 1_000
const BATCH = 256

/**
 * Settles what was recorded as pending and whose host nobody waits for any more: the process that sent it is gone, or
 * could not record the answer. Whether the host booked it is not known, so it is undone there. Should that process come
 * back with an answer, it finds the row settled.
 */
export function settleUnanswered(parts: UnansweredParts): Lookout {
  const connection = workerConnection(parts.access)
  const settleDue = async (): Promise<void> => {
    const [free = []] = await connection.send(`BEGIN;${lockSlices('unanswered')}`)
    const [rows = []] = free.length === 0 ? [] : await connection.send(selectUnanswered(parts.now(), BATCH))
    const requests = rows.map(toUnconfirmed).flatMap((due) => answerOf(parts, due) ?? [])
    const answers = await Promise.allSettled(requests.map(parts.submit))
    await connection.send('COMMIT')
    // What the engine could not take now is found again at the next look.
    const settled = answers.filter(({ status }) => status === 'fulfilled').length
    if (settled > 0) parts.settled(settled)
  }
  return lookEvery({
    every: LOOK_EVERY_MS,
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
  { nextId, now }: UnansweredParts,
  { id: rowId, key, processingCode, currency }: Unconfirmed,
): Request | null {
  const id = nextId()
  const spareId = nextId()
  if (id === null || spareId === null) return null
  const at = now()
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

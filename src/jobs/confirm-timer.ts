import { ownRequest } from '../core/own-request.ts'
import { timerKey, type Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { lockSlices, selectUnconfirmed, toUnconfirmed, type Unconfirmed } from '../db/sql/due.ts'
import { lookEvery, type Lookout } from './poller.ts'

export type ConfirmTimerParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  /** The business day that the terminal of the original is in now, YYYY-MM-DD. */
  readonly businessDate: (terminal: string, now: number) => string
  readonly now: () => number
  readonly reversed: (count: number) => void
  readonly trouble: (error: unknown) => void
}

// Due plus one look plus one batch must stay under the second that docs/spec/reliability.md allows (invariant 4).
const LOOK_EVERY_MS = 250
const BATCH = 256
// As many as job_slices has rows for this job.
const SLICES = 4

/**
 * Reverses what no terminal confirmed in time, through the same engine as everybody. Any number of processes may run
 * it: they share the work by slices, and should two ever emit the same reversal, both use the same key (`timerKey`) and
 * the engine books one. Nothing is kept in memory, so a restart goes on where it was.
 */
export function startConfirmTimer(parts: ConfirmTimerParts): Lookout {
  const connection = workerConnection(parts.access)
  /** One batch; returns how many were due. */
  const reverseDue = async (): Promise<number> => {
    const [free = []] = await connection.send(`BEGIN;${lockSlices('confirm_timer')}`)
    const slices = free.map(([slice]) => Number(slice))
    const [rows = []] =
      slices.length === 0 ? [] : await connection.send(selectUnconfirmed(parts.now(), slices, SLICES, BATCH))
    const due = rows.map(toUnconfirmed)
    const reversals = due.map((transaction) => reversalOf(parts, transaction)).filter((request) => request !== null)
    const answers = await Promise.allSettled(reversals.map(parts.submit))
    await connection.send('COMMIT')
    const booked = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.result === 'approved',
    ).length
    if (booked > 0) parts.reversed(booked)
    // What the engine could not take now is due at the next look again.
    return booked === due.length ? due.length : 0
  }

  return lookEvery({
    every: LOOK_EVERY_MS,
    async look(isStopping) {
      while (!isStopping() && (await reverseDue()) === BATCH);
    },
    async failed(error) {
      await connection.rollback()
      parts.trouble(error)
    },
    close: connection.close,
  })
}

/** Null while there are no ids: it stays due. */
function reversalOf(
  parts: ConfirmTimerParts,
  { id: originalId, key, processingCode, currency }: Unconfirmed,
): Request | null {
  const id = parts.nextId()
  const spareId = parts.nextId()
  if (id === null || spareId === null) return null
  const at = parts.now()
  return ownRequest({
    id,
    spareId,
    key: timerKey(originalId),
    by: 'timer',
    requester: { channel: 'job', who: 'confirm-timer' },
    at,
    day: parts.businessDate(key.terminal, at),
    processingCode,
    amount: null,
    currency,
    trace: `timer-${originalId}`,
    ask: { act: 'reversal', by: 'timer', original: key, amount: null, presented: null },
  })
}

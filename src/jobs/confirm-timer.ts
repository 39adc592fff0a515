/** Reverses transactions whose confirmation is overdue (docs/spec/terminal.md, section 5). */

import { ownRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import { timerKey } from '../core/key.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import type { DatabaseClock } from '../db/clock.ts'
import { workerConnection } from '../db/connection.ts'
import { sliceLease } from '../db/slice-lease.ts'
import {
  bringBackUnconfirmed,
  CLOCK_GRACE_MS,
  selectUnconfirmed,
  toUnconfirmed,
  type Unconfirmed,
  WEB_MOST_MS,
} from '../db/sql/due.ts'
import { startPoller, type Poller } from './poller.ts'

export type ConfirmTimerParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  /** The business day that the terminal of the original is in now, YYYY-MM-DD. */
  readonly businessDate: (terminal: string, now: number) => string
  readonly clock: Pick<DatabaseClock, 'now' | 'surely'>
  /** ms that a terminal has to confirm, at most. */
  readonly confirmTimeoutMs: number
  readonly reversed: (count: number) => void
  readonly trouble: (error: unknown) => void
}

// The delay of one poll and one batch must stay under the second that docs/spec/reliability.md allows (invariant 4).
const POLL_INTERVAL_MS = 250
const BATCH = 256
// As many as job_slices has rows for this job.
const SLICES = 4

// A web shop chooses how long it takes to confirm, so a clock step that far back matters: a quarter of an hour is
// usual, a week is the maximum. The statement names a time for each of these steps.
const SHOPS_MS = [900_000, 3_600_000, 86_400_000, WEB_MOST_MS] as const

// How often to look for deadlines that are too far ahead because the clock was set back.
const BRING_BACK_EVERY_MS = 1_000
const ALL_SLICES = Array.from({ length: SLICES }, (_, slice) => slice)

/**
 * Reverses what no terminal confirmed in time, through the same engine as all requests. Any number of processes may run
 * it: they share the work by slices, each leased for a while, and should two ever emit the same reversal, both use the
 * same key (`timerKey`) and the engine books one. Nothing is kept in memory, so a restart goes on where it was.
 *
 * Time is the database's. After a step of its clock nothing is reversed before its time has passed on the monotonic clock
 * (`surely`), and what a clock that was set back has left far ahead is brought back.
 */
export function startConfirmTimer(parts: ConfirmTimerParts): Poller {
  const { clock, confirmTimeoutMs } = parts
  const connection = workerConnection(parts.access)
  const lease = sliceLease(connection, 'confirm_timer')
  let broughtBack = -Infinity

  const findDue = async (slices: readonly number[]): Promise<readonly Unconfirmed[]> => {
    const passed = clock.surely(confirmTimeoutMs + CLOCK_GRACE_MS)
    const forShops = SHOPS_MS.map((asked) => ({ asked, passed: clock.surely(asked + CLOCK_GRACE_MS) }))
    const [rows = []] = await connection.send(selectUnconfirmed(passed, forShops, slices, SLICES, BATCH))
    return rows.map(toUnconfirmed)
  }

  /** One batch; returns how many were due. */
  const reverseDue = async (): Promise<number> => {
    // Most polls find nothing, so they write nothing.
    if ((await findDue(ALL_SLICES)).length === 0) return 0
    const slices = await lease.take()
    const due = slices.length === 0 ? [] : await findDue(slices)
    const reversals = due.map((transaction) => reversalOf(parts, transaction)).filter((request) => request !== null)
    // This process was stopped meanwhile: another one may be working on the slice.
    if (!lease.holds()) return 0
    const answers = await Promise.allSettled(reversals.map(parts.submit))
    await lease.giveBack()
    const booked = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.result === 'approved',
    ).length
    if (booked > 0) parts.reversed(booked)
    // Requests that the engine could not take are still due at the next poll.
    return booked === due.length ? due.length : 0
  }

  return startPoller({
    every: POLL_INTERVAL_MS,
    async look(isStopping) {
      if (performance.now() - broughtBack > BRING_BACK_EVERY_MS) {
        await connection.send(bringBackUnconfirmed(clock.now(), confirmTimeoutMs))
        broughtBack = performance.now()
      }
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
  const at = parts.clock.now()
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

import { applyStagedRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import type { Office } from '../office/office.ts'
import { sliceLease } from '../db/slice-lease.ts'
import { selectUnapplied, selectUnappliedBatches } from '../db/sql/staged.ts'
import { type Pace, paceOf } from '../office/welfare/pace.ts'
import { startPoller, type Poller } from './poller.ts'

export type StagedLoadsParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  /** The load of the engine, to which it yields. */
  readonly traffic: Office['traffic']
  readonly nextId: () => number | null
  readonly now: () => number
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 1_000
/** The number of loads in one batch of the engine, and per second: no terminal waits for them. */
const AT_A_TIME = 128
const A_SECOND = 400

/** Applies booked loads and deletes dropped ones, for cards that are not used. Any number of processes may run it. */
export function sweepStagedLoads(parts: StagedLoadsParts): Poller {
  const connection = workerConnection(parts.access)
  const lease = sliceLease(connection, 'staged_loads')
  const sweep = async (isStopping: () => boolean): Promise<void> => {
    const pace = paceOf(A_SECOND, parts.traffic)
    const [batches = []] = await connection.send(selectUnappliedBatches)
    for (const [batch] of batches) {
      if (!(await applyBatch(Number(batch), pace, isStopping))) break
    }
    await lease.giveBack()
  }
  /** False: it is to end. */
  const applyBatch = async (batch: number, pace: Pace, isStopping: () => boolean): Promise<boolean> => {
    let after = 0
    while (!isStopping()) {
      const [loads = []] = await connection.send(selectUnapplied(batch, after, AT_A_TIME))
      if (loads.length === 0) return true
      const cards = new Set(loads.map(([, card]) => Number(card)))
      const requests = [...cards].flatMap((card) => requestFor(parts, card) ?? [])
      await lease.keep()
      if (!lease.holds()) return false
      // The next poll finds the requests that the engine could not take.
      await Promise.allSettled(requests.map(parts.submit))
      await pace(loads.length)
      after = Number(loads.at(-1)?.[0])
    }
    return false
  }
  return startPoller({
    every: POLL_INTERVAL_MS,
    look: sweep,
    async failed(error) {
      await connection.rollback()
      parts.trouble(error)
    },
    close: connection.close,
  })
}

/** Null while there are no ids. */
function requestFor({ nextId, now }: StagedLoadsParts, cardId: number): Request | null {
  const id = nextId()
  return id === null ? null : applyStagedRequest(id, cardId, now())
}

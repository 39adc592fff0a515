import { applyStagedRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { lockSlices } from '../db/sql/due.ts'
import { selectUnapplied } from '../db/sql/staged.ts'
import { lookEvery, type Lookout } from './poller.ts'

export type StagedLoadsParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly now: () => number
  readonly trouble: (error: unknown) => void
}

const LOOK_EVERY_MS = 1_000
/** So many wait in the engine's queue at a time: a payment behind them waits some 10 ms. */
const AT_A_TIME = 128

/** Applies booked loads, and forgets dropped ones, of cards that nobody touches. Any number of processes may run it. */
export function sweepStagedLoads(parts: StagedLoadsParts): Lookout {
  const connection = workerConnection(parts.access)
  const sweep = async (isStopping: () => boolean): Promise<void> => {
    const [slices = []] = await connection.send(`BEGIN;${lockSlices('staged_loads')}`)
    let after = 0
    while (slices.length > 0 && !isStopping()) {
      const [loads = []] = await connection.send(selectUnapplied(after, AT_A_TIME))
      const requests = [...new Set(loads.map(([, card]) => Number(card)))].flatMap(
        (card) => requestFor(parts, card) ?? [],
      )
      await Promise.all(requests.map(parts.submit))
      // What the engine could not take now (96) is found again at the next look.
      if (loads.length < AT_A_TIME) break
      after = Number(loads.at(-1)?.[0])
    }
    await connection.send('COMMIT')
  }
  return lookEvery({
    every: LOOK_EVERY_MS,
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

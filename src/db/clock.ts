import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { createClockHistory, type Reading } from './clock-history.ts'
import { workerConnection, type WorkerConnection } from './connection.ts'
import { fromInstant } from './sql/literal.ts'

/**
 * The one clock of an installation: the database's, carried on by the monotonic clock between looks. Every process that
 * shares the database has the same time, whatever its own machine says.
 */
export type DatabaseClock = {
  /** ms since 1970. */
  readonly now: () => number
  /**
   * A time that is past by every setting that the clock had within the last `ms`: a deadline that was set in this time and
   * lies before it has passed, also where the clock was stepped meanwhile.
   */
  readonly surely: (ms: number) => number
  readonly stop: () => Promise<void>
}

const POLL_INTERVAL_MS = 1_000

/**
 * @param stepped the clock was set; told once a step
 * @param every ms between two looks
 */
export async function followDatabaseClock(
  access: Access,
  stepped: (ms: number) => void,
  trouble: (error: unknown) => void,
  every = POLL_INTERVAL_MS,
): Promise<DatabaseClock> {
  const connection = workerConnection(access)
  const history = createClockHistory(await readClock(connection))
  const stopping = new AbortController()

  const look = async (): Promise<void> => {
    try {
      const by = history.read(await readClock(connection))
      if (by !== 0) stepped(Math.round(by))
    } catch (error) {
      trouble(error)
    }
  }
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(every, undefined, { signal: stopping.signal }).catch(() => undefined) // told to stop
      if (!stopping.signal.aborted) await look()
    }
  }
  const following = follow()

  return {
    now: () => Math.round(performance.now() + history.offset()),
    surely(ms) {
      const at = performance.now()
      return Math.floor(at + history.smallest(at - ms))
    },
    async stop() {
      stopping.abort()
      await following
      await connection.close()
    },
  }
}

async function readClock(connection: WorkerConnection): Promise<Reading> {
  const before = performance.now()
  const [[row] = []] = await connection.send('SELECT UTC_TIMESTAMP(3)')
  return { before, time: fromInstant(String(row?.[0])), after: performance.now() }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { bootId, monotonic } from './boot.ts'
import { type ClockHistory, createClockHistory, GRAIN_MS, type Reading } from './clock-history.ts'
import { workerConnection, type WorkerConnection } from './connection.ts'
import { knownOffsets } from './known-offsets.ts'
import { deleteOffsets, insertOffset, selectOffsets, toSeenOffset } from './sql/clock-offsets.ts'
import { fromInstant } from './sql/literal.ts'

/**
 * The one clock of an installation: the database's clock, extrapolated by the monotonic clock between readings. All
 * processes on a database have the same time, independent of their machines' clocks.
 */
export type DatabaseClock = {
  /** ms since 1970. */
  readonly now: () => number
  /**
   * A time that is past by every setting that the clock had within the last `ms`: a deadline that was set in this time and
   * lies before it has passed, also where the clock was stepped meanwhile, or just before this process began.
   */
  readonly surely: (ms: number) => number
  readonly stop: () => Promise<void>
}

const POLL_INTERVAL_MS = 1_000
/** Longer than any deadline that `surely` checks: a web shop may have a week to confirm. */
const KEPT_MS = 8 * 86_400_000
const MOST_KNOWN = 1_000

/**
 * @param stepped called once per clock step
 * @param every ms between two readings
 * @param boot the machine and its boot, to which the monotonic clock belongs
 */
export async function followDatabaseClock(
  access: Access,
  stepped: (ms: number) => void,
  trouble: (error: unknown) => void,
  every = POLL_INTERVAL_MS,
  boot = bootId(),
): Promise<DatabaseClock> {
  const connection = workerConnection(access)
  const { history, by, kept } = await begun(connection, boot)
  let { seen, ahead } = kept
  const stopping = new AbortController()

  /** Keeps for processes to come what the clock is by now, where that has changed. */
  const keep = async (at: number): Promise<void> => {
    const now = Math.round(history.offset())
    if (Math.abs(now - ahead) < GRAIN_MS) return
    // The offset in use until now is kept, however old it is.
    const before = Math.min(seen, Math.floor(at) - KEPT_MS)
    await connection.send(
      [
        insertOffset({ boot, seen: Math.floor(at), ahead: now }),
        deleteOffsets(boot, before, Math.floor(at) + now - KEPT_MS),
      ].join(';'),
    )
    seen = Math.floor(at)
    ahead = now
  }
  const look = async (): Promise<void> => {
    try {
      const reading = await readClock(connection)
      const by = history.read(reading)
      // Kept before it is told: a process that starts once it is told knows of it.
      await keep(reading.after).catch(trouble)
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
  await keep(monotonic())
  if (by !== 0) stepped(Math.round(by))
  const following = follow()

  return {
    now: () => Math.round(monotonic() + history.offset()),
    surely(ms) {
      const at = monotonic()
      return Math.floor(at + history.smallest(at - ms))
    },
    async stop() {
      stopping.abort()
      await following
      await connection.close()
    },
  }
}

type Begun = {
  readonly history: ClockHistory
  /** How far the clock was set since a process last checked it. */
  readonly by: number
  /** The newest row of this machine. */
  readonly kept: { readonly seen: number; readonly ahead: number }
}

/** The first reading, combined with the offsets recorded earlier. */
async function begun(connection: WorkerConnection, boot: string): Promise<Begun> {
  const [rows = []] = await connection.send(selectOffsets(MOST_KNOWN))
  const first = await readClock(connection)
  const seen = rows.map(toSeenOffset)
  const now = { seen: first.after, ahead: first.time - (first.before + first.after) / 2 }
  const [oldest = null, ...known] = knownOffsets(boot, seen, now).map(exactly)
  const history = createClockHistory(oldest ?? first)
  for (const reading of known) history.read(reading)
  const kept = seen.findLast((row) => row.boot === boot) ?? {
    seen: Number.MIN_SAFE_INTEGER,
    ahead: Number.MAX_SAFE_INTEGER,
  }
  return { history, by: history.read(first), kept }
}

const exactly = ({ seen, ahead }: { readonly seen: number; readonly ahead: number }): Reading => ({
  before: seen,
  time: seen + ahead,
  after: seen,
})

async function readClock(connection: WorkerConnection): Promise<Reading> {
  const before = monotonic()
  const [[row] = []] = await connection.send('SELECT UTC_TIMESTAMP(3)')
  return { before, time: fromInstant(String(row?.[0])), after: monotonic() }
}

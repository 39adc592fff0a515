import type { WorkerConnection } from '../db/connection.ts'
import { deleteTries, replaceTries, selectTries, toTries, type TriesRow } from '../db/sql/sessions.ts'

/* Wrong tries: five for each login and address, then waits that double; twenty an hour for an address over all logins. */

const FREE_TRIES = 5
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 3_600_000
const HOUR_MS = 3_600_000
const PER_ADDRESS = 20
/** The row of an address over all logins. */
const ALL_LOGINS = ''

const read = async (connection: WorkerConnection, login: string, address: string): Promise<TriesRow | null> => {
  const [[row] = []] = await connection.send(selectTries(login, address))
  return row === undefined ? null : toTries(row)
}

/** The time that this login has to wait at this address, ms; 0: none. Failures at other addresses do not count. */
export async function waitOf(
  connection: WorkerConnection,
  login: string,
  address: string,
  now: number,
): Promise<number> {
  const [own, all] = [await read(connection, login, address), await read(connection, ALL_LOGINS, address)]
  const ownWait = (own?.lockedUntil ?? 0) - now
  const allWait = all !== null && all.wrong >= PER_ADDRESS ? all.since + HOUR_MS - now : 0
  return Math.max(0, ownWait, allWait)
}

export async function countWrong(
  connection: WorkerConnection,
  login: string,
  address: string,
  now: number,
): Promise<void> {
  const own = (await read(connection, login, address)) ?? { wrong: 0, since: now }
  const wrong = own.wrong + 1
  const wait = wrong < FREE_TRIES ? null : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES))
  await connection.send(
    replaceTries(login, address, { wrong, since: own.since, lockedUntil: wait === null ? null : now + wait }),
  )
  const all = await read(connection, ALL_LOGINS, address)
  const isOld = all === null || all.since + HOUR_MS <= now
  const next = isOld ? { wrong: 1, since: now } : { wrong: all.wrong + 1, since: all.since }
  await connection.send(replaceTries(ALL_LOGINS, address, { ...next, lockedUntil: null }))
}

/** Clears the failures of this login at this address after a successful sign-in. */
export const forgetWrong = async (connection: WorkerConnection, login: string, address: string): Promise<void> =>
  void (await connection.send(deleteTries(login, address)))

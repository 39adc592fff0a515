import { setUpError } from '../config/set-up-error.ts'
import type { IssueSettings } from '../cards/issue-settings.ts'
import { EAN_LENGTH, FIRST_PLACE, roomOf, type NumberSpace } from '../cards/number-space.ts'
import type { IssueState } from '../core/issue.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { onConnection } from './issue-reading.ts'
import { insertIssueEvent, nextRegistryVersion, type IssueEvent, type IssueRecord } from '../db/sql/issues.ts'
import { text } from '../db/sql/literal.ts'
import { lockSpace, openSpace, selectOverlappingEans, takePlaces } from '../db/sql/number-spaces.ts'

export type AddEvent = (event: Omit<IssueEvent, 'id'>) => Promise<void>

/**
 * One database transaction that changes issues and says who did it. The registry's version is raised first, which also
 * makes all such changes wait for each other; every process knows of the change within a second.
 */
export async function changing<T>(
  access: Access,
  work: (connection: WorkerConnection, event: AddEvent) => Promise<T>,
): Promise<T> {
  const eventId = await takeIds(access, 'row', 1)
  return onConnection(access, async (connection) => {
    try {
      await connection.send(`BEGIN;${nextRegistryVersion}`)
      const result = await work(connection, async (event) => {
        await connection.send(insertIssueEvent({ ...event, id: eventId }))
      })
      await connection.send('COMMIT')
      return result
    } catch (error) {
      await connection.rollback()
      throw error
    }
  })
}

export function mustBe({ settings, state }: IssueRecord, wanted: readonly IssueState[], why: string): void {
  if (!wanted.includes(state)) throw setUpError(`issue ${settings.code} is ${state}: ${why}`)
}

/** Stores that are there, and room for its numbers as things stand now. @throws a set-up error naming the setting */
export async function mustFit(connection: WorkerConnection, settings: IssueSettings): Promise<void> {
  for (const name of ['soldIn', 'acceptedIn'] as const) await mustBeStores(connection, name, settings[name] ?? [])
  await mustHaveRoom(connection, settings, settings.count)
  if (settings.eanPrefix === null) return
  const [[overlapping] = []] = await connection.send(selectOverlappingEans(settings.eanPrefix))
  if (overlapping !== undefined) {
    throw setUpError(`eanPrefix: ${settings.eanPrefix} and ${String(overlapping[0])} of another issue overlap`)
  }
  await mustHaveRoom(connection, { length: EAN_LENGTH, prefix: settings.eanPrefix }, settings.count)
}

async function mustBeStores(connection: WorkerConnection, setting: string, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return
  const [rows = []] = await connection.send(`SELECT code FROM stores WHERE code IN (${codes.map(text).join(',')})`)
  const known = new Set(rows.map(([code]) => code))
  const missing = codes.filter((code) => !known.has(code))
  if (missing.length > 0) throw setUpError(`${setting}: there is no store ${missing.join(', ')}`)
}

/** The first place that is free, where as many follow. */
async function mustHaveRoom(connection: WorkerConnection, space: NumberSpace, count: number): Promise<number> {
  const [[row] = []] = await connection.send(lockSpace(space))
  const next = Number(row?.[0] ?? FIRST_PLACE)
  const left = roomOf(space) - next
  if (count <= left) return next
  throw setUpError(
    `count: ${count} cards do not fit the ${left} numbers that are left of prefix ${space.prefix} with length ${space.length}`,
  )
}

/** Takes places of a space for good; returns the first. @throws a set-up error where there are not enough */
export async function takeFrom(connection: WorkerConnection, space: NumberSpace, count: number): Promise<number> {
  await connection.send(openSpace(space))
  const first = await mustHaveRoom(connection, space, count)
  await connection.send(takePlaces(space, count))
  return first
}

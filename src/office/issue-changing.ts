import type { IssueSettings } from '../cards/issue-settings.ts'
import { EAN_LENGTH, FIRST_PLACE, type NumberSpace, roomOf } from '../cards/number-space.ts'
import type { IssueState } from '../core/issue.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { insertIssueEvent, type IssueEvent, type IssueRecord, nextRegistryVersion } from '../db/sql/issues.ts'
import { lockSpace, openSpace, selectOverlappingEans, takePlaces } from '../db/sql/number-spaces.ts'
import { selectStoresNamed } from '../db/sql/stores.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'
import type { Right } from './rights-table.ts'

/** A change of an issue; `code`: of the issue, for the audit. */
export type IssueAct = Pick<IssueEvent, 'issueId' | 'event' | 'note'> & { readonly code: string }

/** Records what happened to an issue, in its history and in the audit. */
export type AddEvent = (act: IssueAct) => Promise<void>

/**
 * One database transaction that changes issues and records its author. It raises the registry's version first, which
 * serialises such changes; every process sees the change within a second.
 */
export function changeIssues<T>(
  office: Office,
  actor: Actor,
  right: Right,
  work: (connection: WorkerConnection, event: AddEvent) => Promise<T | Refused>,
): Promise<T | Refused> {
  const eventId = office.nextId()
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(nextRegistryVersion)
    return work(connection, async ({ code, issueId, event, note }) => {
      await connection.send(insertIssueEvent({ id: eventId, issueId, event, who: actor.login, note }))
      const object = { kind: 'issue', id: code }
      await putOnRecord(connection, office, actor, at, { action: right, object, details: { event, note } })
    })
  })
}

/** Null: the issue is in one of these states. */
export const againstState = (
  { settings, state }: IssueRecord,
  wanted: readonly IssueState[],
  why: Words,
): Refused | null => (wanted.includes(state) ? null : refused('issue_state', { issue: settings.code, state, why }))

/** Null: its stores are there, and there is room for its numbers as things stand now. Else the refusal names the setting. */
export async function againstFit(connection: WorkerConnection, settings: IssueSettings): Promise<Refused | null> {
  for (const setting of ['soldIn', 'acceptedIn'] as const) {
    const against = await againstStores(connection, setting, settings[setting] ?? [])
    if (against !== null) return against
  }
  const room = await firstFree(connection, settings, settings.count)
  if (isRefused(room)) return room
  const { eanPrefix: prefix } = settings
  if (prefix === null) return null
  const [[overlapping] = []] = await connection.send(selectOverlappingEans(prefix))
  if (overlapping !== undefined) return refused('eans_overlap', { prefix, other: String(overlapping[0]) })
  const eans = await firstFree(connection, { length: EAN_LENGTH, prefix }, settings.count)
  return isRefused(eans) ? eans : null
}

async function againstStores(
  connection: WorkerConnection,
  setting: string,
  codes: readonly string[],
): Promise<Refused | null> {
  if (codes.length === 0) return null
  const [rows = []] = await connection.send(selectStoresNamed(codes))
  const known = new Set(rows.map(([code]) => code))
  const missing = codes.filter((code) => !known.has(code))
  return missing.length === 0 ? null : refused('no_such_stores', { setting, stores: missing.join(', ') })
}

/** The first place of a free range of this length. */
async function firstFree(connection: WorkerConnection, space: NumberSpace, count: number): Promise<number | Refused> {
  const [[row] = []] = await connection.send(lockSpace(space))
  const next = Number(row?.[0] ?? FIRST_PLACE)
  const left = roomOf(space) - next
  const { prefix, length } = space
  return count <= left ? next : refused('no_numbers_left', { count, left, prefix, length })
}

/** Reserves places of a number space for good; returns the first one. */
export async function takeFrom(
  connection: WorkerConnection,
  space: NumberSpace,
  count: number,
): Promise<number | Refused> {
  await connection.send(openSpace(space))
  const first = await firstFree(connection, space, count)
  if (!isRefused(first)) await connection.send(takePlaces(space, count))
  return first
}

import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import { cardsByState } from './pack-records.ts'
import {
  type PackEventView,
  type PackFilter,
  type PackRow,
  selectPackEvents,
  selectPackRow,
  selectPackRows,
  toPackEventView,
  toPackRow,
} from '../db/sql/pack-rows.ts'
import { onConnection } from '../db/unit-of-work.ts'

/** The newest first. */
export const readPacks = (access: Access, filter: PackFilter): Promise<PackRow[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(selectPackRows(filter))
    return rows.map(toPackRow)
  })

export type PackView = {
  readonly pack: PackRow
  /** As their own rows say: an unsold card is `inactive`, whatever its pack is. */
  readonly states: ReadonlyMap<string, number>
  readonly events: readonly PackEventView[]
}

/** @throws a set-up error where there is no such pack */
export const readPack = (access: Access, id: number): Promise<PackView> =>
  onConnection(access, async (connection) => {
    if (!Number.isSafeInteger(id)) throw setUpError('a pack is named by its number')
    const [[row] = []] = await connection.send(selectPackRow(id))
    if (row === undefined) throw setUpError(`there is no pack ${id}`)
    const [events = []] = await connection.send(selectPackEvents(id))
    return { pack: toPackRow(row), states: await cardsByState(connection, id), events: events.map(toPackEventView) }
  })

import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import {
  type Changed,
  insertRegistryChanges,
  type RegistryChange,
  type RegistryChangeView,
  selectRegistryChanges,
  toRegistryChangeView,
} from '../db/sql/registry-changes.ts'

/** A record as words by name, for people. */
export type Words = Readonly<Record<string, string>>

export const described = (words: Words): string =>
  Object.entries(words)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** What has become other, one of each: `state open → closed`. */
export const differences = (before: Words, after: Words): string[] =>
  Object.entries(after).flatMap(([name, value]) =>
    before[name] === value ? [] : [`${name} ${before[name] ?? '–'} → ${value}`],
  )

/** Rows in one statement: half a second for 10,000 terminals. */
export const LOT = 500

export const lotsOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LOT) }, (_, i) => all.slice(i * LOT, (i + 1) * LOT))

/** Puts changes on record, within the transaction that makes them; their ids are taken before it. */
export async function recordChanges(
  connection: WorkerConnection,
  firstId: number,
  changes: readonly RegistryChange[],
): Promise<void> {
  let id = firstId
  for (const lot of lotsOf(changes)) {
    await connection.send(insertRegistryChanges(id, lot))
    id += lot.length
  }
}

export const takeChangeIds = (access: Access, count: number): Promise<number> => takeIds(access, 'row', count)

const SHOWN = 50

/** The latest, the newest first. */
export async function changesOf(connection: WorkerConnection, of: Changed): Promise<RegistryChangeView[]> {
  const [rows = []] = await connection.send(selectRegistryChanges(of, SHOWN))
  return rows.map(toRegistryChangeView)
}

import type { WorkerConnection } from '../db/connection.ts'
import {
  type Changed,
  insertRegistryChanges,
  type RegistryChange,
  type RegistryChangeView,
  selectRegistryChanges,
  toRegistryChangeView,
} from '../db/sql/registry-changes.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import type { Office } from './office.ts'

/** A record as words by name, for people. */
export type Words = Readonly<Record<string, string>>

export const described = (words: Words): string =>
  Object.entries(words)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** The changes, one line each: `state open → closed`. */
export const differences = (before: Words, after: Words): string[] =>
  Object.entries(after).flatMap(([name, value]) =>
    before[name] === value ? [] : [`${name} ${before[name] ?? '–'} → ${value}`],
  )

/** Rows in one statement: half a second for 10,000 terminals. */
export const LOT = 500

export const lotsOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LOT) }, (_, i) => all.slice(i * LOT, (i + 1) * LOT))

/** A change of a store or a terminal, and the store that it concerns. */
export type RecordedChange = Omit<RegistryChange, 'who'> & { readonly store: string | null }

/** Puts changes on record, in the history of each and in the audit, within the transaction that makes them. */
export async function recordChanges(
  connection: WorkerConnection,
  office: Pick<Office, 'nextId'>,
  actor: Actor,
  at: number,
  changes: readonly RecordedChange[],
): Promise<void> {
  for (const lot of lotsOf(changes)) {
    const rows = lot.map(({ action, of, detail }) => ({
      id: office.nextId(),
      who: actor.login,
      at,
      action,
      of,
      detail,
    }))
    await connection.send(insertRegistryChanges(rows))
    await putOnRecord(
      connection,
      office,
      actor,
      at,
      ...lot.map(({ action, of: { what, code }, store, detail }) => ({
        action: `${what}s.${action}`,
        object: { kind: what, id: code },
        store,
        details: { detail },
      })),
    )
  }
}

const SHOWN = 50

/** The latest, the newest first. */
export async function changesOf(connection: WorkerConnection, of: Changed): Promise<RegistryChangeView[]> {
  const [rows = []] = await connection.send(selectRegistryChanges(of, SHOWN))
  return rows.map(toRegistryChangeView)
}

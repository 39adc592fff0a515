import type { Access } from '../db/access.ts'
import { openDatabase } from '../db/database.ts'
import { createIds } from '../db/ids.ts'
import { keepRegistry } from '../db/registry.ts'
import { createEngine } from '../engine/engine.ts'
import type { Traffic } from '../engine/traffic.ts'
import type { Office } from './office.ts'

/** The parts of an Office beside the database. */
export type OfficeParts = Pick<Office, 'keys' | 'masters' | 'timeZone' | 'demo' | 'makers' | 'log' | 'clock'> & {
  readonly traffic?: Traffic | null
}

/** Many loads of a pack at a time, or one request of a clerk. */
const ENGINE = { workers: 2, batchMax: 64, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }

/** Enough for what a command asks for between two looks at the database: a block is lost with each command. */
const ID_BLOCK = 5_000

/** An Office with an engine of its own, beside a running server's or without one. */
export async function openOffice(
  access: Access,
  parts: OfficeParts,
): Promise<{ readonly office: Office; readonly close: () => Promise<void> }> {
  const trouble = (error: unknown): void => void parts.log.error('office', { error })
  const db = openDatabase(access)
  const registry = await keepRegistry(access, trouble)
  const ids = await createIds(access, trouble, 'row', ID_BLOCK)
  const engine = createEngine(access, () => registry.current().issues, ENGINE, {
    batch: () => {},
    trouble: (_what, error) => trouble(error),
  })
  const { submit } = engine
  const office: Office = {
    ...parts,
    traffic: parts.traffic ?? null,
    db,
    registry: registry.current,
    refreshRegistry: registry.refresh,
    submit,
    nextId: idsOrThrow(ids.next),
  }
  return {
    office,
    async close() {
      await engine.stop()
      await ids.stop()
      await registry.stop()
      await db.stop()
    },
  }
}

/** Ids for use cases: while the database gives none, no use case can write anyway. */
export const idsOrThrow = (next: () => number | null) => (): number => {
  const id = next()
  if (id === null) throw new Error('the database gives no new ids')
  return id
}

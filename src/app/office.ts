import type { CardKeys } from '../cards/keys.ts'
import type { Request } from '../core/request.ts'
import type { Registry } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import { createEngine } from '../engine/engine.ts'
import { createIds } from '../db/ids.ts'
import { keepRegistry } from '../db/registry.ts'
import { keysOfHome } from './home-keys.ts'
import { onDatabase } from './on-database.ts'

/** What a command works with: the database of a home, its keys, and an engine of its own beside a running akart's. */
export type OfficeDesk = {
  readonly access: Access
  readonly keys: CardKeys
  readonly registry: () => Registry
  readonly nextId: () => number
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
}

/** Many loads of a pack at a time, or one request of a clerk. */
const SETTINGS = { workers: 2, batchMax: 64, queueMax: 4096, queueWait: 60_000, patience: 60_000 }

export const atDesk = <T>(home: string, work: (desk: OfficeDesk) => Promise<T>): Promise<T> =>
  onDatabase(home, async (access, log) => {
    const trouble = (error: unknown): void => void log.error('command', { error })
    const keys = await keysOfHome(access, home)
    const registry = await keepRegistry(access, trouble)
    const ids = await createIds(access, trouble)
    const engine = createEngine(access, () => registry.current().issues, SETTINGS, {
      batch: () => {},
      trouble: (_what, error) => trouble(error),
    })
    const nextId = (): number => {
      const id = ids.next()
      if (id === null) throw new Error('no ids')
      return id
    }
    try {
      return await work({ access, keys, registry: registry.current, nextId, submit: engine.submit })
    } finally {
      await engine.stop()
      await ids.stop()
      await registry.stop()
    }
  })

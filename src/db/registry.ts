/** Keeps the registry of stores, terminals and issues in memory and reads it again when its version changes. */

import { accountName, type Registry, type Store, type Terminal } from '../core/registry.ts'
import { CONTRA_ACCOUNTS } from '../core/money.ts'
import type { Access } from './access.ts'
import { workerConnection } from './connection.ts'
import { selectRegistry, selectVersion, toBindings, toIssue, toStore, toTerminal } from './sql/registry.ts'
import { oneOf } from './sql/row.ts'

export type RegistryKeeper = {
  /** The newest one that was read; replaced as a whole, so hold it no longer than one request. */
  readonly current: () => Registry
  /** Polls now, for a caller that has just changed something. */
  readonly refresh: () => Promise<void>
  /** Whether the database answered the last poll. */
  readonly answers: () => boolean
  readonly stop: () => Promise<void>
}

// A change in the back office is in force everywhere a second later.
const POLL_INTERVAL_MS = 1_000

/** Reads the registry, and reads it again whenever its version has changed. Keeps the last good one while the database is away. */
export async function keepRegistry(access: Access, trouble: (error: unknown) => void): Promise<RegistryKeeper> {
  const connection = workerConnection(access)
  const read = async (): Promise<Registry> => {
    const [
      [version] = [], stores = [], terminals = [], issues = [], accounts = [], issueStores = [],
      terminalCertificates = [], storeCertificates = [],
    ] = await connection.send(selectRegistry) // prettier-ignore
    return {
      version: version?.[0] as number,
      stores: new Map(stores.map(toStore).map((store: Store) => [store.code, store])),
      terminals: new Map(terminals.map(toTerminal).map((terminal: Terminal) => [terminal.code, terminal])),
      issues: new Map(issues.map((row) => toIssue(row, issueStores)).map((issue) => [issue.id, issue])),
      accounts: new Map(
        (accounts as readonly [number, string, string, number][]).map(([id, kind, owner, currency]) => [
          accountName(oneOf(CONTRA_ACCOUNTS, kind), owner, currency),
          id,
        ]),
      ),
      bindings: toBindings(terminalCertificates, storeCertificates),
    }
  }

  let registry = await read()
  let looking = Promise.resolve()
  let answers = true
  const look = async (): Promise<void> => {
    try {
      const [[version] = []] = await connection.send(selectVersion)
      if (version?.[0] !== registry.version) registry = await read()
      answers = true
    } catch (error) {
      // Reported once per outage, not every second.
      if (answers) trouble(error)
      answers = false
    }
  }
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, POLL_INTERVAL_MS)

  return {
    current: () => registry,
    answers: () => answers,
    async refresh() {
      looking = looking.then(look)
      await looking
    },
    async stop() {
      clearInterval(timer)
      await looking
      await connection.close()
    },
  }
}

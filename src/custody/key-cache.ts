import { type KeyAlgorithm, keyBytes, type SecretKey } from '../keys/secret-key.ts'
import { openStored, WrappedKeyBroken } from '../keys/stored-key.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import type { StoredKey } from '../db/sql/terminal-keys.ts'
import { readAllKeys, readChangesSince, readKeysOf } from '../db/terminal-keys.ts'
import type { MacKeys } from '../switch/mac-keys.ts'
import type { MasterKeyring } from './master-keyring.ts'

/** The keys of all terminals in memory, each opened when it is first needed. */
export type KeyCache = {
  /** The newest first. */
  readonly macKeysOf: (terminal: string) => MacKeys
  readonly has: (terminal: string, purpose: StoredKey['purpose']) => boolean
  readonly bdkOf: (terminal: string) => SecretKey | null
  /** Keys of rows that the caller has read in its own transaction. */
  readonly macKeysIn: (rows: readonly StoredKey[]) => MacKeys
  readonly open: (row: StoredKey) => SecretKey
  /** Reads the committed keys of a terminal again. */
  readonly reread: (terminal: string) => Promise<void>
  readonly stop: () => Promise<void>
}

// A change by another process or a person is seen a second later, as in the registry.
const POLL_INTERVAL_MS = 1_000

/** Reads all keys and polls for changes. The cache keeps its keys while the database is unavailable. */
export async function openKeyCache(
  access: Access,
  masters: MasterKeyring,
  trouble: (error: unknown) => void,
): Promise<KeyCache> {
  const connection = workerConnection(access)
  const open = createOpener(masters)
  const pages = new Map<string, Page>()
  const pageOf = (terminal: string): Page => pages.get(terminal) ?? { rows: [], macs: [] }

  const put = async (rows: readonly StoredKey[], terminals: readonly string[]): Promise<void> => {
    if (rows.some(({ master }) => masters.find(master) === null)) await masters.reread()
    const still = new Set(rows.map(({ id }) => id))
    for (const terminal of terminals) {
      open.forget(pageOf(terminal).rows.filter(({ id }) => !still.has(id)))
      pages.set(terminal, { rows: [], macs: null })
    }
    for (const row of rows) pages.get(row.terminal)?.rows.push(row)
  }
  const all = await readAllKeys(connection)
  await put(
    all.keys,
    all.keys.map(({ terminal }) => terminal),
  )

  const rereads = joined(async (terminals) => put(await readKeysOf(connection, terminals), terminals))

  let seen = all.newest
  let answers = true
  const look = async (): Promise<void> => {
    try {
      const changes = await readChangesSince(connection, seen)
      // From now on this process too wraps new keys by the newest master key.
      if (changes.masters) await masters.reread()
      await Promise.all(changes.terminals.map((terminal) => rereads.ask(terminal)))
      seen = changes.newest
      answers = true
    } catch (error) {
      // Reported once per outage, not every second.
      if (answers) trouble(error)
      answers = false
    }
  }
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, POLL_INTERVAL_MS)

  const macKeysIn = (rows: readonly StoredKey[]): MacKeys =>
    rows.filter(isMacKey).map((row) => asMacKey(row, open.key(row)))

  return {
    macKeysOf(terminal) {
      const page = pageOf(terminal)
      return (page.macs ??= macKeysIn(page.rows))
    },
    has: (terminal, wanted) => pageOf(terminal).rows.some(({ purpose }) => purpose === wanted),
    bdkOf(terminal) {
      const row = pageOf(terminal).rows.find(({ purpose }) => purpose === 'bdk')
      return row === undefined ? null : open.key(row)
    },
    macKeysIn,
    open: (row) => open.key(row),
    reread: (terminal) => rereads.ask(terminal),
    async stop() {
      clearInterval(timer)
      await Promise.all([looking, rereads.done()])
      await connection.close()
    },
  }
}

const isMacKey = ({ purpose }: StoredKey): boolean => purpose === 'mac' || purpose === 'session'

const asMacKey = ({ id, purpose, usedAt, endsAt }: StoredKey, key: SecretKey): MacKeys[number] => ({
  id,
  bytes: keyBytes(key),
  loaded: purpose === 'mac',
  usedAt,
  endsAt,
})

/**
 * Concurrent callers share one reading. A reading that has already begun is too old for a new caller, who gets the next
 * one.
 */
function joined(look: (names: readonly string[]) => Promise<void>) {
  const wanted = new Set<string>()
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<void> | null = null
  return {
    ask(name: string): Promise<void> {
      wanted.add(name)
      next ??= running.then(async () => {
        const names = [...wanted]
        wanted.clear()
        next = null
        await look(names)
      })
      running = next.catch(() => undefined) // told to those who asked
      return next
    },
    done: () => running,
  }
}

/** The keys of one terminal, the newest first; `macs` null: not opened yet. */
type Page = { readonly rows: StoredKey[]; macs: MacKeys | null }

/** Unwraps each key once. The id of a key never becomes that of another one, even if the key is wrapped again. */
function createOpener(masters: MasterKeyring) {
  const opened = new Map<number, SecretKey>()
  return {
    /** @throws WrappedKeyBroken */
    key(row: StoredKey): SecretKey {
      const known = opened.get(row.id)
      if (known !== undefined) return known
      const master = masters.find(row.master)
      if (master === null) throw new WrappedKeyBroken(row)
      const key = openStored<KeyAlgorithm>(master, row, row.wrapped)
      opened.set(row.id, key)
      return key
    },
    forget(rows: readonly StoredKey[]): void {
      for (const { id } of rows) opened.delete(id)
    },
  }
}

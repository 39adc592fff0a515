import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { setUpError } from '../config/set-up-error.ts'
import { readTerminalMasters, writeTerminalMasters } from '../home/terminal-masters.ts'
import { MASTER_KEY_BYTES, type MasterKey, masterKey } from '../keys/master-key.ts'
import type { KeyAlgorithm } from '../keys/secret-key.ts'
import { openStored, wrapForStorage } from '../keys/stored-key.ts'
import { exclusively } from '../db/advisory-lock.ts'
import { changing } from '../db/key-changes.ts'
import { selectNotUnder, setWrapped, toStoredKey } from '../db/sql/terminal-keys.ts'
import { readMasters } from '../db/terminal-keys.ts'
import type { KeyRoom } from './key-commands.ts'
import { MASTER_VARIABLE } from './open-master-keyring.ts'

/** A master key that this machine knows; `keys`: how many keys of terminals it wraps. */
export type MasterInUse = { readonly id: string; readonly from: string; readonly keys: number }

/** The newest first. */
export async function listMasters({ access, masters }: KeyRoom): Promise<MasterInUse[]> {
  const used = await readMasters(access)
  return masters.all().map(({ key, from }) => ({ id: key.id, from, keys: used.get(key.id) ?? 0 }))
}

/** Puts a new master key first into the file; nothing is wrapped by it yet. @returns its check value */
export async function addMaster({ access, mastersFile, masters }: KeyRoom): Promise<string> {
  const secret = randomBytes(MASTER_KEY_BYTES)
  await exclusively(access, 'terminal masters', async () =>
    writeTerminalMasters(mastersFile, [secret, ...(await readTerminalMasters(mastersFile))]),
  )
  await masters.reread()
  return masterKey(secret).id
}

/** How many keys go in one transaction: their rows are locked for some milliseconds only. */
const AT_ONCE = 100

/** Every process looks at the changes once a second; then it too wraps by the newest master key. */
const HEARD_BY_ALL_MS = 3_000

/**
 * Wraps every key of a terminal by the newest master key, beside running traffic; one that was interrupted goes on. Where
 * all of them are already, a new master key is made first.
 */
export async function rotateMaster(
  room: KeyRoom,
  who: string,
  progress: (done: number, master: string) => void,
): Promise<{ readonly master: string; readonly keys: number }> {
  const [newest, ...older] = await listMasters(room)
  if (newest !== undefined && newest.keys > 0 && older.every(({ keys }) => keys === 0)) {
    if (newest.from === MASTER_VARIABLE) {
      throw setUpError(`all keys are wrapped by the first one of ${MASTER_VARIABLE}: put a new one in front of it`)
    }
    await addMaster(room)
  }
  const to = room.masters.newest()
  let keys = 0
  for (;;) {
    const moved = await wrapAll(room, to, who, (done) => progress(keys + done, to.id))
    if (moved === 0) return { master: to.id, keys }
    keys += moved
    // A process that has not heard of the new key yet may still wrap a session key by the old one.
    await sleep(HEARD_BY_ALL_MS)
  }
}

async function wrapAll(room: KeyRoom, to: MasterKey, who: string, progress: (done: number) => void): Promise<number> {
  let done = 0
  for (;;) {
    const moved = await wrapSome(room, to, who)
    if (moved === 0) return done
    done += moved
    progress(done)
  }
}

async function wrapSome({ connection, masters }: KeyRoom, to: MasterKey, who: string): Promise<number> {
  const moved = await changing(connection, selectNotUnder(to.id, AT_ONCE), Date.now(), (_id, [rows = []]) => {
    if (rows.length === 0) return null
    const writes = rows.map(toStoredKey).map((row) => {
      const from = masters.find(row.master)
      if (from === null) throw setUpError(`master key ${row.master} is not known here`)
      const key = openStored<KeyAlgorithm>(from, row, row.wrapped)
      return setWrapped(row.id, { master: to.id, wrapped: wrapForStorage(to, row, key, randomBytes) })
    })
    const note = `${rows.length} keys by master key ${to.id}`
    const about = { terminal: null, purpose: null, checkValue: null }
    return { change: { who, action: 'rewrapped', ...about, note }, writes, result: rows.length }
  })
  return moved ?? 0
}

/** Takes master keys that wrap nothing out of the file, but never the newest. @returns their check values */
export async function removeMasters(room: KeyRoom): Promise<string[]> {
  return exclusively(room.access, 'terminal masters', async () => {
    const used = await readMasters(room.access)
    const all = (await readTerminalMasters(room.mastersFile)).map((secret) => ({ secret, id: masterKey(secret).id }))
    const newest = room.masters.newest().id
    const kept = all.filter(({ id }) => id === newest || used.has(id))
    if (kept.length < all.length)
      await writeTerminalMasters(
        room.mastersFile,
        kept.map(({ secret }) => secret),
      )
    return all.filter((one) => !kept.includes(one)).map(({ id }) => id)
  })
}

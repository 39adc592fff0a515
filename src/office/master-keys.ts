import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import { MASTER_KEY_BYTES, type MasterKey, masterKey } from '../keys/master-key.ts'
import type { KeyAlgorithm } from '../keys/secret-key.ts'
import { openStored, wrapForStorage } from '../keys/stored-key.ts'
import { withAdvisoryLock } from '../db/advisory-lock.ts'
import { changing } from '../db/key-changes.ts'
import { selectNotUnder, setWrapped, toStoredKey } from '../db/sql/terminal-keys.ts'
import { type OldLogs, rebuildTable } from '../db/rebuild.ts'
import { readMasters } from '../db/terminal-keys.ts'
import type { Actor } from './actor.ts'
import { type Act, auditStatements, putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** A master key that this machine knows; `keys`: how many keys of terminals it wraps. */
export type MasterInUse = { readonly id: string; readonly from: string; readonly keys: number }

/** The file of master keys in a home directory, the newest first. */
export type MasterFile = {
  readonly read: () => Promise<readonly Buffer[]>
  readonly write: (keys: readonly Buffer[]) => Promise<void>
  /** The environment variable that may hold master keys too; those cannot be changed from here. */
  readonly variable: string
}

/** The newest first. */
export async function listMasters(office: Office, actor: Actor): Promise<readonly MasterInUse[] | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  return inUse(office, await office.masters())
}

async function inUse({ db }: Office, masters: MasterKeyring): Promise<MasterInUse[]> {
  const used = await readMasters(db.access)
  return masters.all().map(({ key, from }) => ({ id: key.id, from, keys: used.get(key.id) ?? 0 }))
}

/** Puts a new master key first into the file; nothing is wrapped by it yet. Returns its check value. */
export async function addMaster(
  office: Office,
  actor: Actor,
  { file }: { readonly file: MasterFile },
): Promise<string | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  const secret = randomBytes(MASTER_KEY_BYTES)
  const { id } = masterKey(secret)
  await withAdvisoryLock(office.db.access, 'terminal masters', async () => {
    const kept = [secret, ...(await file.read())]
    await written(office, actor, [{ action: 'masters.add', object: { kind: 'master key', id } }], () =>
      file.write(kept),
    )
  })
  return id
}

/** Writes the file inside the transaction of the audit rows: where it cannot be written nothing is on record. */
async function written(office: Office, actor: Actor, acts: readonly Act[], write: () => Promise<void>): Promise<void> {
  await inTransaction(office, async (connection) => {
    await putOnRecord(connection, office, actor, office.clock(), ...acts)
    await write()
  })
}

/** How many keys go in one transaction: their rows are locked for some milliseconds only. */
const AT_ONCE = 100

/** Every process looks at the changes once a second; then it too wraps by the newest master key. */
const HEARD_BY_ALL_MS = 3_000

export type MasterRotation = {
  readonly file: MasterFile
  readonly progress: (done: number, of: number, master: string) => void
}

/** `oldLogs`: where the database still has keys as an older master key wrapped them. */
export type MasterRotated = { readonly master: string; readonly keys: number; readonly oldLogs: OldLogs }

/**
 * Wraps every key of a terminal by the newest master key, beside running traffic; one that was interrupted goes on. Where
 * all of them are already, a new master key is made first.
 */
export async function rotateMaster(
  office: Office,
  actor: Actor,
  { file, progress }: MasterRotation,
): Promise<MasterRotated | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  const masters = await office.masters()
  const [newest, ...older] = await inUse(office, masters)
  const of = [...(await readMasters(office.db.access)).values()].reduce((sum, count) => sum + count, 0)
  if (of === 0) return refused('no_keys_to_rotate')
  if (newest !== undefined && newest.keys > 0 && older.every(({ keys }) => keys === 0)) {
    if (newest.from === file.variable) return refused('master_from_environment', { variable: file.variable })
    const added = await addMaster(office, actor, { file })
    if (isRefused(added)) return added
    await masters.reread()
  }
  const to = masters.newest()
  let keys = 0
  for (;;) {
    const moved = await wrapAll(office, actor, masters, to, (done) => progress(keys + done, of, to.id))
    if (isRefused(moved)) return moved
    if (moved === 0) return { master: to.id, keys, oldLogs: await rebuildTable(office.db.access, 'terminal_keys') }
    keys += moved
    // A process that has not heard of the new key yet may still wrap a session key by the old one.
    await sleep(HEARD_BY_ALL_MS)
  }
}

async function wrapAll(
  office: Office,
  actor: Actor,
  masters: MasterKeyring,
  to: MasterKey,
  progress: (done: number) => void,
): Promise<number | Refused> {
  let done = 0
  for (;;) {
    const moved = await wrapSome(office, actor, masters, to)
    if (isRefused(moved)) return moved
    if (moved === 0) return done
    done += moved
    progress(done)
  }
}

async function wrapSome(
  office: Office,
  actor: Actor,
  masters: MasterKeyring,
  to: MasterKey,
): Promise<number | Refused> {
  const at = office.clock()
  let against: Refused | null = null
  const moved = await office.db.use((connection) =>
    changing(connection, selectNotUnder(to.id, AT_ONCE), at, (_id, [rows = []]) => {
      const stored = rows.map(toStoredKey)
      const strange = stored.find(({ master }) => masters.find(master) === null)
      if (strange !== undefined) against = refused('no_such_master', { master: strange.master })
      if (stored.length === 0 || strange !== undefined) return null
      const writes = stored.flatMap((row) => {
        const from = masters.find(row.master)
        if (from === null) return []
        const key = openStored<KeyAlgorithm>(from, row, row.wrapped)
        return [setWrapped(row.id, { master: to.id, wrapped: wrapForStorage(to, row, key, randomBytes) })]
      })
      const note = `${stored.length} keys by master key ${to.id}`
      const about = { terminal: null, purpose: null, checkValue: null }
      const object = { kind: 'master key', id: to.id }
      const act = { action: 'keys.rewrap', object, details: { keys: stored.length } }
      return {
        change: { who: actor.login, action: 'rewrapped', ...about, note },
        writes: [...writes, ...auditStatements(office, actor, at, act)],
        result: stored.length,
      }
    }),
  )
  return against ?? moved ?? 0
}

/** Takes master keys that wrap nothing out of the file, but never the newest. Returns their check values. */
export async function removeMasters(
  office: Office,
  actor: Actor,
  { file }: { readonly file: MasterFile },
): Promise<readonly string[] | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  const newest = (await office.masters()).newest().id
  return withAdvisoryLock(office.db.access, 'terminal masters', async () => {
    const used = await readMasters(office.db.access)
    const all = (await file.read()).map((secret) => ({ secret, id: masterKey(secret).id }))
    const kept = all.filter(({ id }) => id === newest || used.has(id))
    const removed = all.filter((one) => !kept.includes(one)).map(({ id }) => id)
    const acts = removed.map((id): Act => ({ action: 'masters.remove', object: { kind: 'master key', id } }))
    if (removed.length > 0) await written(office, actor, acts, () => file.write(kept.map(({ secret }) => secret)))
    return removed
  })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type CardKeys, keyCheckValue } from '../cards/keys.ts'
import { type NumberKeyRow, type NumberVault, openNumberVault } from '../db/pan-keys.ts'
import { type OldLogs, rebuildTable } from '../db/rebuild.ts'
import { deleteNumberKey, insertNumberKey, turnNumberKeys } from '../db/sql/number-keys.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { moveAllNumbers } from './move-numbers.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** Every process looks at the list of keys once a second; this is how long a new key is known before it is used. */
const HEARD_BY_ALL_MS = 3_000
const NEWEST_ID = 255

export type { OldLogs }

export type KeyInUse = NumberKeyRow & { readonly cards: number }

/** The keys of card numbers in a home directory's secrets. */
export type CardKeyFile = {
  readonly ids: () => Promise<readonly number[]>
  /** Makes a new one; returns it. */
  readonly add: (id: number) => Promise<Buffer>
  readonly remove: (ids: readonly number[]) => Promise<void>
  /** The keys of this list. */
  readonly keysOf: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>
}

type InFile = { readonly file: CardKeyFile }

/** The keys that card numbers are kept under, and how many under each. */
export const listCardKeys = (office: Office, actor: Actor): Promise<readonly KeyInUse[] | Refused> =>
  withVault(office, actor, async (vault) => {
    const rows = await vault.keys()
    return Promise.all(rows.map(async (row) => ({ ...row, cards: await vault.countUnder(row.id) })))
  })

/** Creates a new key and announces it to every process; returns the key that is already waiting, if there is one. */
export const addCardKey = (office: Office, actor: Actor, { file }: InFile): Promise<NumberKeyRow | Refused> =>
  withVault(office, actor, (vault) => announced(office, actor, vault, file))

export type Rotation = InFile & {
  /** Called after each hundred: numbers moved, total, from which key to which. */
  readonly progress: (moved: number, of: number, from: number, to: number) => void
}

/** The key that no number is kept under any more, and where the database still has seals by it. */
export type Rotated = { readonly left: number; readonly oldLogs: OldLogs }

/** Moves all card numbers to a new key, beside running traffic. One that was interrupted goes on. */
export const rotateCardKey = (office: Office, actor: Actor, { file, progress }: Rotation): Promise<Rotated | Refused> =>
  withVault(office, actor, async (vault) => {
    if (!(await vault.keys()).some(({ state }) => state === 'leaving')) {
      const waiting = await announced(office, actor, vault, file)
      if (isRefused(waiting)) return waiting
      await sleep(HEARD_BY_ALL_MS)
      await change(office, actor, 'card-keys.rotate', waiting, turnNumberKeys)
    }
    const keys = await file.keysOf(await vault.keys())
    const leaving = (await vault.keys()).find(({ state }) => state === 'leaving')
    const from = leaving?.id ?? 0
    const of = await vault.countUnder(from)
    const clear = () => rebuildTable(office.db.access, 'cards')
    const drop = async (): Promise<boolean> => leaving === undefined || dropped(office, actor, leaving)
    const moved = (count: number): void => progress(count, of, from, keys.id)
    const oldLogs = await moveAllNumbers({ vault, keys, moved, clear, drop })
    return { left: from, oldLogs }
  })

/** The keys in the secrets that the database does not know any more. */
export const listUnusedCardKeys = (
  office: Office,
  actor: Actor,
  { file }: InFile,
): Promise<readonly number[] | Refused> => withVault(office, actor, (vault) => unusedIn(vault, file))

/** Takes those of `keys` out of the secrets that still are not used; returns their ids. */
export const removeCardKeys = (
  office: Office,
  actor: Actor,
  { file, keys }: InFile & { readonly keys: readonly number[] },
): Promise<readonly number[] | Refused> =>
  withVault(office, actor, async (vault) => {
    const left = (await unusedIn(vault, file)).filter((id) => keys.includes(id))
    if (left.length > 0) await file.remove(left)
    return left
  })

async function unusedIn(vault: NumberVault, file: CardKeyFile): Promise<readonly number[]> {
  const known = (await vault.keys()).map(({ id }) => id)
  return (await file.ids()).filter((id) => !known.includes(id))
}

async function announced(
  office: Office,
  actor: Actor,
  vault: NumberVault,
  file: CardKeyFile,
): Promise<NumberKeyRow | Refused> {
  const rows = await vault.keys()
  const waiting = rows.find(({ state }) => state !== 'current')
  if (waiting !== undefined) return waiting
  const id = Math.max(...rows.map((row) => row.id)) + 1
  if (id > NEWEST_ID) return refused('card_keys_used_up', { most: NEWEST_ID })
  const row: NumberKeyRow = { id, checkValue: keyCheckValue(await file.add(id)), state: 'incoming' }
  await change(office, actor, 'card-keys.add', row, insertNumberKey(row))
  return row
}

const ER_ROW_IS_REFERENCED = 1451

async function dropped(office: Office, actor: Actor, row: NumberKeyRow): Promise<boolean> {
  try {
    await change(office, actor, 'card-keys.drop', row, deleteNumberKey(row.id))
    return true
  } catch (error) {
    if ((error as { errno?: unknown }).errno === ER_ROW_IS_REFERENCED) return false
    throw error
  }
}

/** A change of the list of keys, and its author. */
const change = (office: Office, actor: Actor, action: string, row: NumberKeyRow, sql: string): Promise<void> =>
  office.db.transaction(async (connection) => {
    await connection.send(sql)
    const act = { action, object: { kind: 'card key', id: row.id }, details: { kcv: row.checkValue } }
    await putOnRecord(connection, office, actor, office.clock(), act)
  })

/** One at a time on a database: keys are made, moved to and removed in order. */
async function withVault<T>(
  { db, demo }: Office,
  actor: Actor,
  work: (vault: NumberVault) => Promise<T | Refused>,
): Promise<T | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  if (demo) return refused('demo_has_public_key')
  const vault = await openNumberVault(db.access)
  if (vault === null) return refused('card_key_at_work')
  try {
    return await work(vault)
  } finally {
    await vault.close()
  }
}

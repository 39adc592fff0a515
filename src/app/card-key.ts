import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keyCheckValue } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import { addNumberKey, findSecrets, readSecrets, removeNumberKeys, type Secrets } from '../home/secrets.ts'
import { moveAllNumbers } from '../jobs/move-numbers.ts'
import type { Access } from '../db/access.ts'
import { readInstallation } from '../db/installation.ts'
import { openNumberVault, type NumberKeyRow, type NumberVault } from '../db/pan-keys.ts'
import { cardKeysOf } from './card-keys.ts'
import { onDatabase } from './on-database.ts'

/** Every process looks at the list of keys once a second; this is how long a new key is known before it is used. */
const HEARD_BY_ALL_MS = 3_000
const NEWEST_ID = 255

export type KeyInUse = NumberKeyRow & { readonly cards: number }

/** The keys that card numbers are kept under, and how many under each. */
export const listCardKeys = (home: string): Promise<readonly KeyInUse[]> =>
  onVault(home, async ({ vault }) => {
    const rows = await vault.keys()
    return Promise.all(rows.map(async (row) => ({ ...row, cards: await vault.countUnder(row.id) })))
  })

/** Makes a new key and tells every process of it; returns the one that waits already, if one does. */
export const addCardKey = (home: string): Promise<NumberKeyRow> => onVault(home, announced)

export type Rotation = {
  /** How many numbers are to be moved, and from which key to which; said again after each hundred. */
  readonly progress: (moved: number, of: number, from: number, to: number) => void
}

/**
 * Moves all card numbers to a new key, beside running traffic. One that was interrupted goes on.
 *
 * @returns the id of the key that no number is kept under any more
 */
export const rotateCardKey = (home: string, { progress }: Rotation): Promise<number> =>
  onVault(home, async (open) => {
    const { vault, file } = open
    if (!(await vault.keys()).some(({ state }) => state === 'leaving')) {
      await announced(open)
      await sleep(HEARD_BY_ALL_MS)
      await vault.turn()
    }
    const keys = cardKeysOf(file, await readSecrets(file), await vault.keys())
    const from = keys.other?.id ?? 0
    const of = await vault.countUnder(from)
    await moveAllNumbers({ vault, keys, moved: (count) => progress(count, of, from, keys.id) })
    return from
  })

/** Takes those keys out of the secrets that the database does not know any more; returns their ids. */
export const removeCardKeys = (home: string): Promise<readonly number[]> =>
  onVault(home, async ({ vault, file, secrets }) => {
    const known = (await vault.keys()).map(({ id }) => id)
    const left = [...secrets.numberKeys.keys()].filter((id) => !known.includes(id))
    if (left.length > 0) await removeNumberKeys(file, left)
    return left
  })

type OpenVault = { readonly vault: NumberVault; readonly file: string; readonly secrets: Secrets }

async function announced({ vault, file }: OpenVault): Promise<NumberKeyRow> {
  const rows = await vault.keys()
  const waiting = rows.find(({ state }) => state !== 'current')
  if (waiting !== undefined) return waiting
  const id = Math.max(...rows.map((row) => row.id)) + 1
  if (id > NEWEST_ID) throw setUpError(`there are no more than ${NEWEST_ID} keys of numbers in the life of a database`)
  const { numberKeys } = await addNumberKey(file, id)
  const secret = numberKeys.get(id)
  if (secret === undefined) throw new Error('the key that was just made is not there')
  const row: NumberKeyRow = { id, checkValue: keyCheckValue(secret), state: 'incoming' }
  await vault.announce(row.id, row.checkValue)
  return row
}

/** One at a time on a database: keys are made, moved to and removed in order. */
const onVault = <T>(home: string, work: (open: OpenVault) => Promise<T>): Promise<T> =>
  onDatabase(home, async (access) => {
    await mustBeProduction(access)
    const file = join(resolve(home), 'secrets.json')
    const secrets = await findSecrets(file)
    if (secrets === null) throw setUpError(`${file} with the keys of this database is not there`)
    const vault = await openNumberVault(access)
    if (vault === null) throw setUpError('another akart card-key is at work on this database')
    try {
      return await work({ vault, file, secrets })
    } finally {
      await vault.close()
    }
  })

async function mustBeProduction(access: Access): Promise<void> {
  const installation = await readInstallation(access)
  if (installation?.mark === 'production') return
  throw setUpError('the database is a demo: its key is public, and there is nothing to protect by another one')
}

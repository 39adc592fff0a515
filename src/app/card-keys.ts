import { deriveCardKeys, deriveNumberKeys, keyCheckValue, type CardKeys, type NumberKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Secrets } from '../home/secrets.ts'
import type { Access } from '../db/access.ts'
import { watchNumberKeys, type NumberKeyRow } from '../db/pan-keys.ts'

/**
 * The card keys of an installation: those of its secrets under which its database keeps numbers.
 *
 * @throws a set-up error that names the file and the key that is missing or differs
 */
export function cardKeysOf(file: string, secrets: Secrets, rows: readonly NumberKeyRow[]): CardKeys {
  const current = rows.find(({ state }) => state === 'current')
  if (current === undefined) throw setUpError('the database says of no key that numbers are kept under it')
  const other = rows.find(({ state }) => state !== 'current')
  return deriveCardKeys(
    secrets.cardMaster,
    numberKeysOf(file, secrets, current),
    other === undefined ? null : numberKeysOf(file, secrets, other),
  )
}

function numberKeysOf(file: string, { numberKeys }: Secrets, { id, checkValue }: NumberKeyRow): NumberKeys {
  const secret = numberKeys.get(id)
  if (secret === undefined) throw setUpError(`${file}: numberKeys.${id} is missing; numbers are kept under it`)
  const found = keyCheckValue(secret)
  if (found === checkValue) return deriveNumberKeys(secret, id)
  throw setUpError(`${file}: numberKeys.${id} has check value ${found}, the database's has ${checkValue}`)
}

/** The keys as they are now: `akart card-key rotate` changes them beside running traffic. */
export type KeptCardKeys = {
  readonly current: () => CardKeys
  /** False: numbers are kept under a key that could not be read; cards under it are answered 96. */
  readonly complete: () => boolean
  readonly stop: () => Promise<void>
}

/** Follows the database's list of keys, which every process looks at once a second. `load` finds the keys of a list. */
export function keepCardKeys(
  access: Access,
  initial: CardKeys,
  load: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>,
  trouble: (error: unknown) => void,
): KeptCardKeys {
  let current = initial
  /** Whether every card key of the list was usable. A failure of the database proves nothing about the list. */
  let isComplete = true
  const stop = watchNumberKeys(
    access,
    async (rows) => {
      try {
        current = await load(rows)
        isComplete = true
      } catch (error) {
        isComplete = false
        throw error
      }
    },
    trouble,
  )
  return { current: () => current, complete: () => isComplete, stop }
}

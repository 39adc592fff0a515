import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { numberHash } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { openNumber, sealNumber } from '../cards/seal.ts'
import type { MovedNumber, NumberVault, SealedNumber } from '../db/pan-keys.ts'
import type { OldLogs } from '../db/rebuild.ts'
import { isPassing } from '../db/unit-of-work.ts'

/** Rows locked by one statement; a payment with one of these cards waits for it, 2 to 10 ms. */
const AT_ONCE = 100
/** The mover pauses as long as it worked, so that half of the database's capacity is left to the traffic. */
const REST = 1

const TRIES = 8

export type Moving = {
  readonly vault: NumberVault
  /** In use the key to move to, beside it the one to move from. */
  readonly keys: CardKeys
  readonly moved: (count: number) => void
  /** Clears away what the old seals and hashes left in the files of the database. */
  readonly clear: () => Promise<OldLogs>
  /** Drops the leaving key. False: a number is still kept under it. */
  readonly drop: () => Promise<boolean>
}

/**
 * Moves every card number from the leaving key to the current one, removes remains of old seals, and drops the leaving
 * key, beside running traffic: meanwhile a card is found under either key. It can be resumed after a kill, because each
 * row names its key.
 *
 * @returns the places where the database still has old seals
 * @throws SealBroken if a number does not open: a damaged row, which is then the first one of the leaving key
 */
export async function moveAllNumbers({ vault, keys, moved, clear, drop }: Moving): Promise<OldLogs> {
  const from = keys.other
  if (from === null) throw new RangeError('there is no key to move numbers away from')
  let total = 0
  for (;;) {
    const numbers = await vault.sealedUnder(from.id, AT_ONCE)
    if (numbers.length === 0) {
      const oldLogs = await clear()
      // A process that has not heard of the new key may still have added some: then the key stays.
      if (await drop()) return oldLogs
      continue
    }

    const started = performance.now()
    await moveOnce(
      vault,
      from.id,
      numbers.map((number) => resealed(keys, number)),
    )
    total += numbers.length
    moved(total)
    await sleep((performance.now() - started) * REST)
  }
}

const resealed = (keys: CardKeys, { id, sealed }: SealedNumber): MovedNumber => {
  const number = openNumber(keys, sealed)
  return { id, hash: numberHash(keys, number), sealed: sealNumber(keys, number, randomBytes(12)) }
}

async function moveOnce(vault: NumberVault, from: number, numbers: readonly MovedNumber[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await vault.move(from, numbers)
    } catch (error) {
      if (tries >= TRIES || !isPassing(error)) throw error
      await sleep(2 ** tries)
    }
  }
}

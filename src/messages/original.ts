import type { Key } from '../core/key.ts'
import { transmittedOf } from './transmission-time.ts'

/**
 * DE 90: original MTI n4 (the repeat bit, if set, is cleared), STAN n6, DE 7 n10, then 22 digits that are ignored. The
 * original is a message of the same store and terminal. Null: not an MTI or not a date.
 */
export function readOriginal(de90: string, key: Key, now: number): Key | null {
  const transmitted = transmittedOf(de90.slice(10, 20), now)
  const mti = Number(de90.slice(0, 4))
  if (transmitted === null || mti === 0) return null
  const kind = mti % 2 === 1 ? mti - 1 : mti
  return { store: key.store, terminal: key.terminal, kind, stan: Number(de90.slice(4, 10)), transmitted }
}

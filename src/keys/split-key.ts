import { xor } from './blocks.ts'
import { checkValue } from './check-value.ts'
import type { KeyComponent } from './components.ts'
import type { RandomBytes } from './fresh-key.ts'
import { keyBytes, keyLength, secretKey, type SecretKey } from './secret-key.ts'

/**
 * Splits a key into `count` components whose XOR is the key (X9.24-1, full-length components), one per custodian. All
 * but one are random, so that fewer than all reveal nothing. The inverse of `combineComponents`.
 */
export function splitKey(key: SecretKey, count: number, random: RandomBytes): KeyComponent[] {
  const drawn = Array.from({ length: count - 1 }, () => random(keyLength(key)))
  const last = drawn.reduce<Buffer>(xor, keyBytes(key))
  return [...drawn, last].map((bytes) => ({ bytes, checkValue: checkValue(secretKey(key.algorithm, bytes)) }))
}

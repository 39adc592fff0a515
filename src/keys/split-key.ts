import { xor } from './blocks.ts'
import { checkValue } from './check-value.ts'
import type { KeyComponent } from './components.ts'
import type { RandomBytes } from './fresh-key.ts'
import { keyBytes, keyLength, secretKey, type SecretKey } from './secret-key.ts'

/**
 * The key as `count` components whose XOR it is (X9.24-1, full-length components): each for another person, all but one of
 * them random, so that fewer than all tell nothing. The inverse of `combineComponents`.
 */
export function splitKey(key: SecretKey, count: number, random: RandomBytes): KeyComponent[] {
  const drawn = Array.from({ length: count - 1 }, () => random(keyLength(key)))
  const last = drawn.reduce<Buffer>(xor, keyBytes(key))
  return [...drawn, last].map((bytes) => ({ bytes, checkValue: checkValue(secretKey(key.algorithm, bytes)) }))
}

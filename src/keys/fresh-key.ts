import { isSingleDes, withOddParity } from './des-parity.ts'
import { type KeyAlgorithm, secretKey, type SecretKey } from './secret-key.ts'

/** A source of random bytes, as node:crypto's `randomBytes`: so many bytes, fresh and unguessable. */
export type RandomBytes = (bytes: number) => Buffer

/**
 * A new key of 16, 24 or (AES) 32 bytes from `random`; a triple DES key has odd parity and different halves.
 * @throws RangeError where the cipher has no such length
 */
export function freshKey<A extends KeyAlgorithm>(algorithm: A, bytes: number, random: RandomBytes): SecretKey<A> {
  const drawn = random(bytes)
  if (algorithm === 'aes') return secretKey(algorithm, drawn)
  // Equal halves come once in 2^56 draws: a source that gives them is broken, and drawing again would not mend it.
  if (isSingleDes(drawn)) throw new Error('the random source repeats itself')
  return secretKey(algorithm, withOddParity(drawn))
}

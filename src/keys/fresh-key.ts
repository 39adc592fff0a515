import { isSingleDes, withOddParity } from './des-parity.ts'
import { type KeyAlgorithm, secretKey, type SecretKey } from './secret-key.ts'

/** A source of unpredictable random bytes, such as `randomBytes` of node:crypto. */
export type RandomBytes = (bytes: number) => Buffer

/**
 * A new key of 16, 24 or (AES) 32 bytes from `random`; a triple DES key has odd parity and different halves.
 * @throws RangeError if the cipher has no such length
 */
export function freshKey<A extends KeyAlgorithm>(algorithm: A, bytes: number, random: RandomBytes): SecretKey<A> {
  const drawn = random(bytes)
  if (algorithm === 'aes') return secretKey(algorithm, drawn)
  // Equal halves occur once in 2^56 draws: a source that returns them is broken, and another draw would not help.
  if (isSingleDes(drawn)) throw new Error('the random source repeats itself')
  return secretKey(algorithm, withOddParity(drawn))
}

import { createSecretKey, type KeyObject } from 'node:crypto'

/** The ciphers of terminal keys: triple DES (ISO/IEC 18033-3, two or three keys) and AES (FIPS 197). */
export type KeyAlgorithm = 'tdes' | 'aes'

/** Bytes that a key of each cipher may have. */
export const KEY_BYTES = { tdes: [16, 24], aes: [16, 24, 32] } as const satisfies Record<
  KeyAlgorithm,
  readonly number[]
>

/**
 * A key and its algorithm. The bytes are in a KeyObject, which `inspect`, `JSON.stringify`, string concatenation and
 * error texts do not show; only `keyBytes` returns them. The type keeps keys of different ciphers apart: a key must not
 * be used with two ciphers (X9.24-1, key separation).
 */
export type SecretKey<A extends KeyAlgorithm = KeyAlgorithm> = { readonly algorithm: A; readonly material: KeyObject }

/** A key of `bytes`, which are copied. @throws RangeError, naming the length only, if the cipher has no such length */
export function secretKey<A extends KeyAlgorithm>(algorithm: A, bytes: Uint8Array): SecretKey<A> {
  if (!isKeyLength(algorithm, bytes.length)) {
    throw new RangeError(`a ${algorithm} key has ${KEY_BYTES[algorithm].join(' or ')} bytes, not ${bytes.length}`)
  }
  return { algorithm, material: createSecretKey(bytes) }
}

export const isAlgorithm = <A extends KeyAlgorithm>(key: SecretKey, algorithm: A): key is SecretKey<A> =>
  key.algorithm === algorithm

export const isKeyLength = (algorithm: KeyAlgorithm, bytes: number): boolean =>
  KEY_BYTES[algorithm].some((length) => length === bytes)

/** A fresh copy of the bytes, for a cipher: never to be printed, and not kept longer than the call that needs them. */
export const keyBytes = (key: SecretKey): Buffer => key.material.export()

/** Length of the key in bytes, as given; parity bits of DES count. */
export const keyLength = (key: SecretKey): number => key.material.symmetricKeySize ?? 0

/** Whether cipher and bytes are the same, compared in constant time. */
export const sameKey = (a: SecretKey, b: SecretKey): boolean =>
  a.algorithm === b.algorithm && a.material.equals(b.material)

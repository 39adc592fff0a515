import { createCipheriv, createDecipheriv } from 'node:crypto'
import { cmac } from '../iso8583/mac.ts'
import { keyBytes, type KeyAlgorithm, type SecretKey } from './secret-key.ts'

/** Bytes of one block of each cipher. */
export const BLOCK_BYTES = { tdes: 8, aes: 16 } as const satisfies Record<KeyAlgorithm, 8 | 16>

type Cipher = { readonly name: string; readonly key: Buffer }

const CIPHER = {
  // Two-key triple DES is des-ede in OpenSSL; des-ede3 with K1 K2 K1 is the same, so only one algorithm needs tests.
  tdes: (key) => ({ name: 'des-ede3-cbc', key: key.length === 24 ? key : Buffer.concat([key, key.subarray(0, 8)]) }),
  aes: (key) => ({ name: `aes-${key.length * 8}-cbc`, key }),
} as const satisfies Record<KeyAlgorithm, (key: Buffer) => Cipher>

/** CBC encryption (ISO/IEC 10116) of whole blocks, without padding. `iv` is one block; default: zeros. */
export function encryptCbc(key: SecretKey, data: Uint8Array, iv = zeroBlock(key.algorithm)): Buffer {
  const cipher = CIPHER[key.algorithm](keyBytes(key))
  const engine = createCipheriv(cipher.name, cipher.key, iv).setAutoPadding(false)
  return Buffer.concat([engine.update(data), engine.final()])
}

/** CBC decryption of whole blocks, without padding; the inverse of `encryptCbc`. */
export function decryptCbc(key: SecretKey, data: Uint8Array, iv = zeroBlock(key.algorithm)): Buffer {
  const cipher = CIPHER[key.algorithm](keyBytes(key))
  const engine = createDecipheriv(cipher.name, cipher.key, iv).setAutoPadding(false)
  return Buffer.concat([engine.update(data), engine.final()])
}

/** The CMAC of NIST SP 800-38B under any key: one block, 8 bytes for triple DES and 16 for AES. */
export const keyCmac = (key: SecretKey, data: Buffer): Buffer =>
  cmac(BLOCK_BYTES[key.algorithm], data, (blocks) => encryptCbc(key, blocks))

const zeroBlock = (algorithm: KeyAlgorithm): Buffer => Buffer.alloc(BLOCK_BYTES[algorithm])

/** XOR of byte strings of equal length. @throws RangeError if the lengths differ */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  if (a.length !== b.length) throw new RangeError(`xor of ${a.length} and ${b.length} bytes`)
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))
}

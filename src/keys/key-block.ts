import { timingSafeEqual } from 'node:crypto'
import { BLOCK_BYTES, decryptCbc, encryptCbc, keyCmac } from './blocks.ts'
import type { RandomBytes } from './fresh-key.ts'
import { type HeaderRefusal, type KeyAttributes, readHeader, writeHeader } from './key-block-header.ts'
import {
  isKeyLength,
  keyBytes,
  KEY_BYTES,
  keyLength,
  type KeyAlgorithm,
  secretKey,
  type SecretKey,
} from './secret-key.ts'

/**
 * Key blocks of ANSI X9.143 (formerly TR-31): an encrypted key that a MAC binds to its permitted use. Versions B and D
 * are supported; A and C, which only mask their keys, are withdrawn.
 *
 *     header, ASCII | encrypted: length in bits (2 bytes), key, random padding | MAC of header and clear data
 *
 * The MAC is also the initial vector, so it can only be checked after decryption.
 */

/** The content of a key block whose MAC is right. */
export type UnwrappedKey = {
  readonly kind: 'key'
  readonly key: SecretKey
  readonly attributes: KeyAttributes
}

/**
 * Why a key block is refused. Header: see `HeaderRefusal` · `data`: not hex digits, too few, or not whole blocks · `mac`: made
 * under another protection key, or changed · `key length`: a length that the cipher does not have or that exceeds the data ·
 * `strength`: the key is stronger than its protection key.
 */
export type KeyBlockRefusal = {
  readonly kind: 'refused'
  readonly reason: HeaderRefusal | 'data' | 'mac' | 'key length' | 'strength'
}

/** Bytes of the MAC: a whole block. */
const MAC_BYTES = BLOCK_BYTES

/** Every key is padded to the longest key of its cipher, so that the block's length does not reveal its length (X9.143 section 5). */
const longest = (algorithm: KeyAlgorithm): number => Math.max(...KEY_BYTES[algorithm])

/**
 * The key block of `key` under the key block protection key `kbpk`: version B under a triple DES key, D under an AES one;
 * upper-case ASCII; without optional blocks 96 characters for a triple DES key in B, 112 in D, 144 for an AES key in D.
 * `random` is the source of the padding (X9.143 sections 5 and 7).
 * @throws RangeError for attributes that do not go together, and for a key stronger than `kbpk`
 */
export function wrapKey(attributes: KeyAttributes, kbpk: SecretKey, key: SecretKey, random: RandomBytes): string {
  if (!protects(kbpk, key)) throw new RangeError('a key block protection key is at least as strong as what it protects')
  const block = BLOCK_BYTES[kbpk.algorithm]
  const size = Math.ceil((2 + longest(key.algorithm)) / block) * block
  const clear = Buffer.concat([Buffer.alloc(2), keyBytes(key), random(size - 2 - keyLength(key))])
  clear.writeUInt16BE(keyLength(key) * 8)
  const header = writeHeader(kbpk.algorithm, key.algorithm, attributes, 2 * (size + MAC_BYTES[kbpk.algorithm]))
  const mac = keyCmac(derived(kbpk, 'mac'), Buffer.concat([Buffer.from(header, 'ascii'), clear]))
  const data = encryptCbc(derived(kbpk, 'encryption'), clear, mac)
  return header + Buffer.concat([data, mac]).toString('hex').toUpperCase()
}

/**
 * Unwraps the key of a key block of version B or D that fits the cipher of `kbpk`. Strict: upper-case hex, no extra
 * characters, the MAC is compared in constant time, and nothing of the key is used before that.
 */
export function unwrapKey(block: string, kbpk: SecretKey): UnwrappedKey | KeyBlockRefusal {
  const header = readHeader(block, kbpk.algorithm)
  if (typeof header === 'string') return refused(header)
  const body = block.slice(header.length)
  const wholeBlocks = body.length / (2 * BLOCK_BYTES[kbpk.algorithm])
  // At least one block, and the MAC, which has one block too.
  if (!/^[0-9A-F]+$/u.test(body) || !Number.isInteger(wholeBlocks) || wholeBlocks < 2) return refused('data')

  const bytes = Buffer.from(body, 'hex')
  const data = bytes.subarray(0, -MAC_BYTES[kbpk.algorithm])
  const mac = bytes.subarray(-MAC_BYTES[kbpk.algorithm])
  const clear = decryptCbc(derived(kbpk, 'encryption'), data, mac)
  const signed = Buffer.concat([Buffer.from(block.slice(0, header.length), 'ascii'), clear])
  if (!timingSafeEqual(keyCmac(derived(kbpk, 'mac'), signed), mac)) return refused('mac')

  const bits = clear.readUInt16BE()
  const end = 2 + bits / 8
  if (!isKeyLength(header.algorithm, bits / 8) || end > clear.length) return refused('key length')
  const key = secretKey(header.algorithm, clear.subarray(2, end))
  return protects(kbpk, key) ? { kind: 'key', key, attributes: header.attributes } : refused('strength')
}

const refused = (reason: KeyBlockRefusal['reason']): KeyBlockRefusal => ({ kind: 'refused', reason })

/**
 * A protection key must be as strong as the key it protects (X9.143 section 5, ISO 11568-2): triple DES protects no AES
 * key, and a shorter key protects no longer one of the same cipher.
 */
const protects = (kbpk: SecretKey, key: SecretKey): boolean =>
  kbpk.algorithm === key.algorithm ? keyLength(kbpk) >= keyLength(key) : kbpk.algorithm === 'aes'

/** Indicator of the purpose of a derived key. */
const PURPOSE = { encryption: 0x0000, mac: 0x0001 } as const

/** Indicator of the cipher and its key length in bytes. */
const INDICATOR = {
  tdes: { 16: 0x0000, 24: 0x0001 },
  aes: { 16: 0x0002, 24: 0x0003, 32: 0x0004 },
} as const satisfies Record<KeyAlgorithm, Readonly<Record<number, number>>>

/**
 * The encryption or MAC key of a block (X9.143 section 7, key derivation binding method): CMACs under the protection key,
 * of counter (1 byte) | purpose (2) | 00 | cipher (2) | bits (2), one after the other until there are as many bytes as
 * the protection key has.
 */
function derived(kbpk: SecretKey, purpose: keyof typeof PURPOSE): SecretKey {
  const length = keyLength(kbpk)
  const indicators: Readonly<Record<number, number>> = INDICATOR[kbpk.algorithm]
  const parts = Array.from({ length: Math.ceil(length / BLOCK_BYTES[kbpk.algorithm]) }, (_, i) => {
    const data = Buffer.alloc(8)
    data.writeUInt8(i + 1, 0)
    data.writeUInt16BE(PURPOSE[purpose], 1)
    data.writeUInt16BE(indicators[length] ?? 0, 4)
    data.writeUInt16BE(length * 8, 6)
    return keyCmac(kbpk, data)
  })
  return secretKey(kbpk.algorithm, Buffer.concat(parts).subarray(0, length))
}

import { encryptCbc } from './blocks.ts'
import { bitsOf, type Ksn } from './ksn.ts'
import { keyLength, secretKey, type SecretKey } from './secret-key.ts'

/* AES DUKPT, ANSI X9.24-3:2017 section 6, for base derivation keys of 128, 192 and 256 bits. */

/** The purpose of a session key. The device sends requests, the host sends responses. */
export type AesDukptUse = 'mac request' | 'mac response' | 'data request'

/** Key usage indicators, section 6.3.2 table 2, from the device's side: it generates MACs, verifies MACs, encrypts data. */
const USAGE = {
  'mac request': 0x2000,
  'mac response': 0x2001,
  'data request': 0x3000,
  derivation: 0x8000,
  'initial key': 0x8001,
} as const satisfies Record<AesDukptUse | 'derivation' | 'initial key', number>

/** Algorithm indicators by bytes of the key that is derived, section 6.3.2 table 2. */
const ALGORITHM = { 16: 0x0002, 24: 0x0003, 32: 0x0004 } as const

/** Bytes of an AES key. */
export type AesKeyLength = keyof typeof ALGORITHM

/** The initial key, as long as the base derivation key, of the device that `initialKeyId` (8 bytes) names: section 6.3.3. */
export const aesInitialKey = (bdk: SecretKey<'aes'>, initialKeyId: Buffer): SecretKey<'aes'> =>
  derive(bdk, 'initial key', aesKeyLength(bdk), initialKeyId)

/**
 * Derives the key of the transaction that `ksn` names from the device's initial key: one step for each one bit of the
 * counter, the highest first (section 6.3.1, on the host: at most 16 steps). Used only by `aesSessionKey`.
 */
export function aesTransactionKey(initialKey: SecretKey<'aes'>, ksn: Ksn): SecretKey<'aes'> {
  let key = initialKey
  let counter = 0
  for (const bit of bitsOf(ksn.counter)) {
    counter += bit
    key = nextAesKey(key, ksn.initialKeyId, counter)
  }
  return key
}

/** One derivation step: the key that follows `key` for a counter. A device derives its future keys by the same step. */
export const nextAesKey = (key: SecretKey<'aes'>, initialKeyId: Buffer, counter: number): SecretKey<'aes'> =>
  derive(key, 'derivation', aesKeyLength(key), idAndCounter(initialKeyId, counter))

/**
 * The AES key of `length` bytes with which the device's transaction `ksn` MACs (CMAC) or encrypts (CBC from a zero
 * vector).
 * @throws RangeError if it would be longer than the initial key: no key is stronger than its source (section 6.1.3)
 */
export function aesSessionKey(
  initialKey: SecretKey<'aes'>,
  ksn: Ksn,
  use: AesDukptUse,
  length: AesKeyLength = aesKeyLength(initialKey),
): SecretKey<'aes'> {
  if (length > keyLength(initialKey)) throw new RangeError('no session key is longer than the initial key')
  const key = aesTransactionKey(initialKey, ksn)
  return derive(key, use, length, idAndCounter(ksn.initialKeyId, ksn.counter))
}

/** Section 6.3.2: encrypted blocks of version | block number | usage | algorithm | bits | id, until there are enough bytes. */
function derive(key: SecretKey<'aes'>, usage: keyof typeof USAGE, length: AesKeyLength, id: Buffer): SecretKey<'aes'> {
  const blocks = Array.from({ length: Math.ceil(length / 16) }, (_, i) => {
    const data = Buffer.alloc(8)
    data.writeUInt8(0x01, 0)
    data.writeUInt8(i + 1, 1)
    data.writeUInt16BE(USAGE[usage], 2)
    data.writeUInt16BE(ALGORITHM[length], 4)
    data.writeUInt16BE(length * 8, 6)
    return encryptCbc(key, Buffer.concat([data, id]))
  })
  return secretKey('aes', Buffer.concat(blocks).subarray(0, length))
}

/** The right half of the initial key id (the derivation id), and the counter. */
function idAndCounter(initialKeyId: Buffer, counter: number): Buffer {
  const id = Buffer.concat([initialKeyId.subarray(4, 8), Buffer.alloc(4)])
  id.writeUInt32BE(counter, 4)
  return id
}

/** A key of the cipher `aes` always has 16, 24 or 32 bytes: the constructor checks it. */
export function aesKeyLength(key: SecretKey<'aes'>): AesKeyLength {
  const length = keyLength(key)
  if (length === 16 || length === 24 || length === 32) return length
  throw new Error(`an AES key of ${length} bytes`)
}

import { createCipheriv } from 'node:crypto'
import { encryptCbc, xor } from './blocks.ts'
import { bitsOf, type Ksn } from './ksn.ts'
import { keyBytes, secretKey, type SecretKey } from './secret-key.ts'

/*
 * Triple DES DUKPT, ANSI X9.24-1:2009 annex A: a device gets an initial key derived from the base derivation key (BDK),
 * and uses a new key for every transaction; no earlier key can be computed from the keys that it holds.
 */

/** XORed into the key for one half of a derived key, so that the two halves differ. */
const HALF_MASK = Buffer.from('C0C0C0C000000000C0C0C0C000000000', 'hex')

/** The use for which a transaction key is derived. PIN encryption is not supported. */
export type TdesDukptUse = 'mac request' | 'mac response' | 'data request'

/** The variants of annex A.4.1, for both halves; data keys need one more step, so that they reveal nothing about other keys. */
const VARIANTS = {
  'mac request': { mask: '000000000000FF00', oneWay: false },
  'mac response': { mask: '00000000FF000000', oneWay: false },
  'data request': { mask: '0000000000FF0000', oneWay: true },
} as const satisfies Record<TdesDukptUse, { mask: string; oneWay: boolean }>

/**
 * The initial key (IPEK, 16 bytes) of the device that `initialKeyId` names: 8 bytes, the counter's bits zero
 * (`Ksn.initialKeyId`). Annex A.6. @throws RangeError if the base derivation key has 24 bytes: the scheme has two-key BDKs
 */
export function tdesInitialKey(bdk: SecretKey<'tdes'>, initialKeyId: Buffer): SecretKey<'tdes'> {
  const bytes = keyBytes(bdk)
  const left = encryptCbc(bdk, initialKeyId)
  const right = encryptCbc(secretKey('tdes', xor(bytes, HALF_MASK)), initialKeyId)
  return secretKey('tdes', Buffer.concat([left, right]))
}

/**
 * Derives the key of the transaction that `ksn` names from the device's initial key: one step for each one bit of the
 * counter, the highest first (annex A.3, on the host: at most 10 steps). Used only by `tdesSessionKey`.
 */
export function tdesTransactionKey(initialKey: SecretKey<'tdes'>, ksn: Ksn): SecretKey<'tdes'> {
  const register = Buffer.concat([ksn.initialKeyId, Buffer.alloc(2)]).subarray(2)
  const fixed = register.readUInt32BE(4)
  let key = initialKey
  let counter = 0
  for (const bit of bitsOf(ksn.counter)) {
    counter += bit
    register.writeUInt32BE(fixed + counter, 4)
    key = nextTdesKey(key, register)
  }
  return key
}

/**
 * The non-reversible step (annex A.3): the key that follows `key` (16 bytes) for the last 8 bytes of a key serial number.
 * A device derives its future keys by the same step.
 */
export function nextTdesKey(key: SecretKey<'tdes'>, register: Buffer): SecretKey<'tdes'> {
  const bytes = keyBytes(key)
  const half = (from: Buffer): Buffer => {
    const [left, right] = [from.subarray(0, 8), from.subarray(8)]
    return xor(des(left, xor(register, right)), right)
  }
  return secretKey('tdes', Buffer.concat([half(xor(bytes, HALF_MASK)), half(bytes)]))
}

/** Single DES of one block. OpenSSL 3 has it only as triple DES with the same key three times. */
const des = (key: Buffer, block: Buffer): Buffer =>
  createCipheriv('des-ede3', Buffer.concat([key, key, key]), null)
    .setAutoPadding(false)
    .update(block)

/**
 * The key (16 bytes) with which the device's transaction `ksn` MACs or encrypts. Data keys are for
 * triple DES CBC from a zero vector, MAC keys for the retail MAC (annex A.4.1, A.5).
 */
export function tdesSessionKey(initialKey: SecretKey<'tdes'>, ksn: Ksn, use: TdesDukptUse): SecretKey<'tdes'> {
  const { mask, oneWay } = VARIANTS[use]
  const bytes = xor(keyBytes(tdesTransactionKey(initialKey, ksn)), Buffer.from(mask + mask, 'hex'))
  const variant = secretKey('tdes', bytes)
  if (!oneWay) return variant
  const halves = [bytes.subarray(0, 8), bytes.subarray(8)].map((half) => encryptCbc(variant, half))
  return secretKey('tdes', Buffer.concat(halves))
}

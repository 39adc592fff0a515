import { type Cipher, createCipheriv, createDecipheriv } from 'node:crypto'
import { derivedKey } from '../cards/derived-key.ts'
import type { CardKeys } from '../cards/keys.ts'

/** Kinds of things that the API names, by the prefix of their ids. */
export const OBJECT_KINDS = {
  payment: 'pay',
  topUp: 'top',
  refund: 'ref',
  sale: 'sal',
  event: 'evt',
  endpoint: 'whe',
} as const
export type ObjectKind = keyof typeof OBJECT_KINDS

const CIPHER = 'aes-256-ecb' // one block of which half is zeros: what decrypts to something else is nobody's id
const HALF = 8
const FORM = /^([a-z]{3})_([A-Za-z0-9_-]{22})$/u

const keyOf = ({ idempotency }: Pick<CardKeys, 'idempotency'>): Buffer =>
  derivedKey(idempotency, 'akart/web object ids')

/** ECB keeps nothing from block to block, so one cipher serves them all: making it costs more than a block. */
const ciphers = new WeakMap<Buffer, Cipher>()

function cipherOf(key: Buffer): Cipher {
  const cipher = ciphers.get(key) ?? createCipheriv(CIPHER, key, null).setAutoPadding(false)
  ciphers.set(key, cipher)
  return cipher
}

/** An id that reveals no count and cannot be guessed: the row's id, encrypted. */
export function objectId(keys: Pick<CardKeys, 'idempotency'>, kind: ObjectKind, id: number): string {
  const block = Buffer.alloc(2 * HALF)
  block.writeBigUInt64BE(BigInt(id))
  return `${OBJECT_KINDS[kind]}_${cipherOf(keyOf(keys)).update(block).toString('base64url')}`
}

/** The row's id; null: it is no id of this kind. */
export function rowIdOf(keys: Pick<CardKeys, 'idempotency'>, kind: ObjectKind, text: string): number | null {
  const [, prefix, enciphered = ''] = FORM.exec(text) ?? []
  if (prefix !== OBJECT_KINDS[kind]) return null
  const block = Buffer.from(enciphered, 'base64url')
  if (block.length !== 2 * HALF) return null
  const decipher = createDecipheriv(CIPHER, keyOf(keys), null).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(block), decipher.final()])
  if (plain.subarray(HALF).some((byte) => byte !== 0)) return null
  const id = Number(plain.readBigUInt64BE())
  return Number.isSafeInteger(id) ? id : null
}

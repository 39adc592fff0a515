import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { RandomBytes } from './fresh-key.ts'
import type { MasterKey } from './master-key.ts'
import { type KeyAlgorithm, keyBytes, secretKey, type SecretKey } from './secret-key.ts'
import type { KeyPurpose, LoadedPurpose } from './terminal-key.ts'

/**
 * The terminal and purpose of a key. The wrapped key is bound to them, so that a row copied to another terminal does
 * not open.
 */
export type KeyPlace = {
  readonly terminal: string
  /** A component of a key can be unwrapped as a component only. */
  readonly purpose: KeyPurpose | `component of ${LoadedPurpose}`
  readonly algorithm: KeyAlgorithm
}

const NONCE = 12
const TAG = 16

/** A wrapped key could not be unwrapped: it was changed, or belongs to another place or master key. The text names the place only. */
export class WrappedKeyBroken extends Error {
  override readonly name = 'WrappedKeyBroken'
  constructor({ terminal, purpose }: KeyPlace) {
    super(`the ${purpose} key of terminal ${terminal} does not open`)
  }
}

/** The stored form of a key: nonce (12) | ciphertext | tag (16), AES-256-GCM (NIST SP 800-38D) with its place as additional data. */
export function wrapForStorage(master: MasterKey, place: KeyPlace, key: SecretKey, random: RandomBytes): Buffer {
  const nonce = random(NONCE)
  const cipher = createCipheriv('aes-256-gcm', master.wrapping, nonce, { authTagLength: TAG }).setAAD(boundTo(place))
  return Buffer.concat([nonce, cipher.update(keyBytes(key)), cipher.final(), cipher.getAuthTag()])
}

/** @throws WrappedKeyBroken */
export function openStored<A extends KeyAlgorithm>(
  master: MasterKey,
  place: KeyPlace & { readonly algorithm: A },
  wrapped: Uint8Array,
): SecretKey<A> {
  const end = wrapped.length - TAG
  if (end <= NONCE) throw new WrappedKeyBroken(place)
  const nonce = wrapped.subarray(0, NONCE)
  const cipher = createDecipheriv('aes-256-gcm', master.wrapping, nonce, { authTagLength: TAG })
    .setAAD(boundTo(place))
    .setAuthTag(wrapped.subarray(end))
  const bytes = cipher.update(wrapped.subarray(NONCE, end))
  try {
    cipher.final()
  } catch {
    throw new WrappedKeyBroken(place)
  }
  return secretKey(place.algorithm, bytes)
}

const boundTo = ({ terminal, purpose, algorithm }: KeyPlace): Buffer =>
  Buffer.from(`${terminal}|${purpose}|${algorithm}`, 'latin1')

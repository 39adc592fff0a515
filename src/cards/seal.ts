import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { CardKeys, NumberKeys } from './keys.ts'

const NONCE = 12
const TAG = 16
const AROUND = 1 + NONCE + TAG

/** Thrown if a sealed number cannot be decrypted. The message contains only the reason. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
  /** `length`: not a sealed number · `key`: sealed under a key that is not available · `tag`: changed, or sealed under another key. */
  readonly reason: 'length' | 'key' | 'tag'
  constructor(reason: SealBroken['reason']) {
    super(`a sealed number does not open: ${reason}`)
    this.reason = reason
  }
}

/**
 * The stored form of a number: key id (1) | nonce (12) | ciphertext | tag (16), AES-256-GCM (NIST SP 800-38D) with the key id
 * as additional data. `random12` must be fresh random bytes for each number: a nonce that is used twice under a key breaks
 * the secrecy of both numbers and every later tag. Throws RangeError if there are not 12 bytes.
 */
export const sealNumber = (keys: NumberKeys, number: string, random12: Buffer): Buffer => {
  if (random12.length !== NONCE) throw new RangeError(`a nonce has ${NONCE} bytes, not ${random12.length}`)
  const id = Buffer.of(keys.id)
  const cipher = createCipheriv('aes-256-gcm', keys.seal, random12, { authTagLength: TAG }).setAAD(id)
  const ciphertext = cipher.update(number, 'latin1')
  return Buffer.concat([id, random12, ciphertext, cipher.final(), cipher.getAuthTag()])
}

/** Decrypts a number sealed by `sealNumber` under the current or the other key. Throws SealBroken, which means a wrong key or a damaged database. */
export const openNumber = (keys: CardKeys, blob: Buffer): string => {
  if (blob.length <= AROUND) throw new SealBroken('length')
  const under = [keys, keys.other].find((some) => some?.id === blob[0])
  if (under == null) throw new SealBroken('key')
  const end = blob.length - TAG
  const decipher = createDecipheriv('aes-256-gcm', under.seal, blob.subarray(1, 1 + NONCE), { authTagLength: TAG })
    .setAAD(blob.subarray(0, 1))
    .setAuthTag(blob.subarray(end))
  const number = decipher.update(blob.subarray(1 + NONCE, end), undefined, 'latin1')
  try {
    return number + decipher.final('latin1')
  } catch {
    throw new SealBroken('tag')
  }
}

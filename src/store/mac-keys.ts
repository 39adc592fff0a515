import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { CardKeys } from '../cards/keys.ts'

/*
 * Terminal keys in the registry are sealed with a key derived from the check-value key, which comes from a file or the
 * environment and never from the database: nonce (12) | ciphertext | tag (16), AES-256-GCM.
 */

const wrappingKey = (keys: CardKeys): Buffer =>
  Buffer.from(hkdfSync('sha256', keys.check, '', 'akart/terminal/mac key', 32))

export function sealMacKey(keys: CardKeys, key: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(keys), nonce)
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}

/** @throws where the blob was not sealed by these keys, or was changed */
export function openMacKey(keys: CardKeys, sealed: Uint8Array): Buffer {
  const blob = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(keys), blob.subarray(0, 12), { authTagLength: 16 })
  decipher.setAuthTag(blob.subarray(-16))
  return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()])
}

import { hkdfSync } from 'node:crypto'

/** Wraps the keys of terminals at rest; comes from a file or the environment, never from the database. */
export type MasterKey = {
  /** Six hex digits that distinguish master keys and do not reveal them; two keys agree once in 16.7 million. */
  readonly id: string
  /** The key for AES-256-GCM. It is derived, so that the check value belongs to a key with no other use. */
  readonly wrapping: Buffer
}

export const MASTER_KEY_BYTES = 32

/** Derives a master key from 32 secret bytes: HKDF-SHA256 (RFC 5869), one output for each purpose. @throws RangeError for other lengths */
export function masterKey(secret: Buffer): MasterKey {
  if (secret.length !== MASTER_KEY_BYTES) throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes`)
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'akart terminal master key v1', purpose, bytes))
  return { id: derive('check value', 3).toString('hex').toUpperCase(), wrapping: derive('wrapping', 32) }
}

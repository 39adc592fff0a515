import { hkdfSync } from 'node:crypto'

/** Wraps the keys of terminals at rest; comes from a file or the environment, never from the database. */
export type MasterKey = {
  /** Six hex digits that tell one master key from another and reveal neither; they agree once in 16.7 million. */
  readonly id: string
  /** For AES-256-GCM: derived, so that the check value is of a key that is used for nothing else. */
  readonly wrapping: Buffer
}

export const MASTER_KEY_BYTES = 32

/** The master key of 32 secret bytes: HKDF-SHA256 (RFC 5869), one output for each purpose. @throws RangeError for other lengths */
export function masterKey(secret: Buffer): MasterKey {
  if (secret.length !== MASTER_KEY_BYTES) throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes`)
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'akart terminal master key v1', purpose, bytes))
  return { id: derive('check value', 3).toString('hex').toUpperCase(), wrapping: derive('wrapping', 32) }
}

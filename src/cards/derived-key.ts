import { hkdfSync } from 'node:crypto'

const known = new WeakMap<Buffer, Map<string, Buffer>>()

/** A key of 32 bytes for one purpose. It is derived once, because a request needs it several times and HKDF takes 20 µs. */
export function derivedKey(secret: Buffer, purpose: string): Buffer {
  const made = known.get(secret) ?? new Map<string, Buffer>()
  known.set(secret, made)
  const key = made.get(purpose) ?? Buffer.from(hkdfSync('sha256', secret, '', purpose, 32))
  made.set(purpose, key)
  return key
}

import { createHash, hkdfSync } from 'node:crypto'

/** The keys of `src/cards`, each for one purpose, all from one card master key. Never logged, never stored. */
export type CardKeys = {
  /** Which master key they come from, 0 to 255: stands in front of every sealed number, so that keys can be changed. */
  readonly id: number
  /** Finds a card by its number, `hash.ts`. */
  readonly lookup: Buffer
  /** Makes the check value on the stripe, `check-value.ts`. */
  readonly check: Buffer
  /** Recognises an eCode, `hash.ts`. */
  readonly ecode: Buffer
  /** Seals numbers at rest, `seal.ts`. */
  readonly seal: Buffer
}

const MASTER_BYTES = 32
const SALT = 'akart card master key v1'

/** HKDF-SHA256 (RFC 5869) with the purpose as info. */
const derive = (master: Buffer, purpose: string, bytes: number): Buffer => {
  if (master.length !== MASTER_BYTES)
    throw new RangeError(`a card master key has ${MASTER_BYTES} bytes, not ${master.length}`)
  return Buffer.from(hkdfSync('sha256', master, SALT, `akart/card/${purpose}`, bytes))
}

/** The keys of one master key of 32 bytes (RangeError else). `id` tells master keys apart once there is more than one. */
export const deriveCardKeys = (master: Buffer, id = 1): CardKeys => {
  if (!Number.isInteger(id) || id < 0 || id > 255) throw new RangeError('a key id is one byte')
  return {
    id,
    lookup: derive(master, 'lookup', 32),
    check: derive(master, 'check', 32),
    ecode: derive(master, 'ecode', 32),
    seal: derive(master, 'seal', 32),
  }
}

/**
 * 6 hex digits that tell one master key from another without revealing either: kept with the database, compared at start,
 * since with a wrong key every card would be unknown. Derived apart from all keys in use; two keys agree once in 16.7 million.
 */
export const keyCheckValue = (master: Buffer): string => derive(master, 'key check value', 3).toString('hex')

/**
 * The master key of demo databases. **Public**: anyone can compute it, so a database that is marked as demo takes no other
 * key and one that is not must refuse this one. The same everywhere, so that demo cards are too.
 */
export const DEMO_MASTER: Buffer = createHash('sha256')
  .update('Akart demo card master key, public, never for real cards')
  .digest()

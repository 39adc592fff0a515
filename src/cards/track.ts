import type { CheckedFields } from './check-value.ts'

/**
 * The data of the magnetic stripe, ISO/IEC 7813. Our discretionary data are ten digits: version (2) and check value
 * (8). A stripe with other discretionary data is well-formed but not ours: both fields are then '', which no card's
 * check value equals.
 */
export type Stripe = CheckedFields & { readonly checkValue: string }

/** The service code: private use, on-line only, goods and services without cash, no PIN. */
export const SERVICE_CODE = '722'

/** The longest tracks without sentinels and LRC, which are 3 more characters (ISO/IEC 7811-6: 79 and 40). */
const LONGEST = { 1: 76, 2: 37 } as const
const NUMBER = { shortest: 10, longest: 19 } as const
const NAME = { shortest: 2, longest: 26 } as const
/** Expiry YYMM and service code. */
const FIXED = 7
const DISCRETIONARY = 10

/** The first position from `from` on that is not a digit. */
const digitsEnd = (text: string, from: number): number => {
  let i = from
  while (i < text.length && text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57) i++
  return i
}

const isDigits = (text: string, length: number): boolean => text.length === length && digitsEnd(text, 0) === length

/** The data characters of track 1: its 64 characters (space to underscore) without the start (%), end (?) and field (^) marks. */
const isTrack1Data = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x5f || code === 0x25 || code === 0x3f || code === 0x5e) return false
  }
  return true
}

const isNumberLength = (length: number): boolean => length >= NUMBER.shortest && length <= NUMBER.longest

/** `rest`: the characters after the separator of the number or name: digits, at least expiry and service code. */
const stripeFrom = (number: string, rest: string): Stripe => {
  const discretionary = rest.slice(FIXED)
  const ours = isDigits(discretionary, DISCRETIONARY)
  return {
    number,
    expiry: rest.slice(0, 4),
    serviceCode: rest.slice(4, FIXED),
    version: ours ? discretionary.slice(0, 2) : '',
    checkValue: ours ? discretionary.slice(2) : '',
  }
}

/**
 * Parses track 2 in the form of DE 35: number (10 to 19 digits), `=` or `D`, YYMM, service code, discretionary digits; at
 * most 37 characters, no sentinels. The Luhn digit and the month are not checked here: a stripe that was tampered with is an
 * unknown card (14), not a malformed message (30).
 */
export const parseTrack2 = (text: string): Stripe | 'not_a_track' => {
  const end = digitsEnd(text, 0)
  const mark = text.charAt(end)
  if (text.length > LONGEST[2] || !isNumberLength(end) || (mark !== '=' && mark !== 'D')) return 'not_a_track'
  if (digitsEnd(text, end + 1) !== text.length || text.length - end - 1 < FIXED) return 'not_a_track'
  return stripeFrom(text.slice(0, end), text.slice(end + 1))
}

/** Parses track 1 in the form of DE 45: `B`, number, `^`, name (2 to 26), `^`, YYMM, service code, discretionary data; at most 76, no sentinels. */
export const parseTrack1 = (text: string): Stripe | 'not_a_track' => {
  const end = digitsEnd(text, 1)
  if (text.length > LONGEST[1] || text.charAt(0) !== 'B' || !isNumberLength(end - 1) || text.charAt(end) !== '^')
    return 'not_a_track'
  const nameEnd = text.indexOf('^', end + 1)
  if (nameEnd < 0 || !isName(text.slice(end + 1, nameEnd))) return 'not_a_track'
  const rest = text.slice(nameEnd + 1)
  if (!isDigits(rest.slice(0, FIXED), FIXED) || !isTrack1Data(rest)) return 'not_a_track'
  return stripeFrom(text.slice(1, end), rest)
}

const isName = (name: string): boolean =>
  name.length >= NAME.shortest && name.length <= NAME.longest && isTrack1Data(name)

/** The data at the end of both tracks. Throws RangeError, without the values, if a part does not fit a stripe. */
const tail = (stripe: Stripe): string => {
  const { number, expiry, serviceCode, version, checkValue } = stripe
  if (!isNumberLength(number.length) || digitsEnd(number, 0) !== number.length)
    throw new RangeError('a number on a track has 10 to 19 digits')
  if (!isDigits(expiry, 4) || !isDigits(serviceCode, 3) || !isDigits(version, 2) || !isDigits(checkValue, 8))
    throw new RangeError('expiry, service code, version and check value on a track have 4, 3, 2 and 8 digits')
  return expiry + serviceCode + version + checkValue
}

/** `PAN=YYMM722` and our ten digits: 34 characters for a number of 16 digits; 37, the longest track, for one of 19. */
export const encodeTrack2 = (stripe: Stripe): string => `${stripe.number}=${tail(stripe)}`

/** Format B. `name`: 2 to 26 of track 1's characters, so no small letters or diacritics. Throws RangeError. */
export const encodeTrack1 = (stripe: Stripe, name: string): string => {
  if (!isName(name)) throw new RangeError("a name on track 1 has 2 to 26 characters, all of track 1's set")
  return `B${stripe.number}^${name}^${tail(stripe)}`
}

/**
 * The start sentinel, and the character whose bits are all 0. The code of a character is its distance from the latter
 * (ISO/IEC 7811-2 and -6, coded character sets).
 */
const MAGNETIC = { 1: { start: '%', zero: 0x20 }, 2: { start: ';', zero: 0x30 } } as const

/**
 * A track as a card maker encodes it: start sentinel, data, end sentinel, LRC. The LRC (ISO/IEC 7811-2 and -6) is the
 * exclusive or of the codes of all characters with the sentinels: it makes the number of 1-bits in each column even, except
 * in that of the parity bits.
 */
export const withSentinels = (track: 1 | 2, text: string): string => {
  const { start, zero } = MAGNETIC[track]
  const framed = `${start}${text}?`
  let lrc = 0
  for (let i = 0; i < framed.length; i++) lrc ^= framed.charCodeAt(i) - zero
  return framed + String.fromCharCode(zero + lrc)
}

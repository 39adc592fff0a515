/** The contribution of a doubled digit d to the Luhn sum: 2d, minus 9 if 2d has two digits. */
const DOUBLED = Uint8Array.of(0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
const ZERO = 48

/** The Luhn sum (ISO/IEC 7812-1 annex B) of `text`; -1 if a character is not a digit. `doubleLast`: the last digit is doubled. */
const luhnSum = (text: string, doubleLast: boolean): number => {
  let sum = 0
  let double = doubleLast
  for (let i = text.length - 1; i >= 0; i--) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return -1
    sum += double ? (DOUBLED[digit] ?? 0) : digit
    double = !double
  }
  return sum
}

/** The Luhn digit of `payload`, ISO/IEC 7812-1. Throws RangeError if `payload` has other characters than digits. */
export const luhnDigit = (payload: string): string => {
  const sum = luhnSum(payload, true)
  if (payload === '' || sum < 0) throw new RangeError('a Luhn digit is made of digits only')
  return String((10 - (sum % 10)) % 10)
}

/** Whether the last digit is the right Luhn digit. False for other characters than digits, and for fewer than two. 40 ns for 16 digits. */
export const isLuhn = (number: string): boolean => number.length >= 2 && luhnSum(number, false) % 10 === 0

export type NumberParts = {
  /** The prefix, 6 to 8 digits. */
  readonly prefix: string
  /** The length of the whole number, 16 to 19. */
  readonly length: number
  /** The digits between prefix and check digit, as a number; padded with zeros on the left. */
  readonly body: number
}

/** Prefix + body + Luhn digit. Throws RangeError if the body does not fit or the parts are not digits. */
export const cardNumber = ({ prefix, length, body }: NumberParts): string => {
  const room = length - prefix.length - 1
  const digits = String(body)
  if (!Number.isSafeInteger(body) || body < 0 || digits.length > room)
    throw new RangeError(`a body of ${digits.length} digits does not fit the ${room} of a number of ${length}`)
  const payload = prefix + digits.padStart(room, '0')
  return payload + luhnDigit(payload)
}

/**
 * A masked number for screens, logs and print: first six and last four digits (PCI DSS 3.4.1). Below 16 digits that would
 * hide too few, so only the last four are shown, and below 12 none.
 */
export const maskNumber = (number: string): string => {
  const { length } = number
  if (length < 12) return '*'.repeat(length)
  const head = length < 16 ? 0 : 6
  return number.slice(0, head) + '*'.repeat(length - head - 4) + number.slice(-4)
}

/** The same of a stored card, of which no more than these digits are in clear; null: there is no card. */
export function shownNumber(firstSix: string, lastFour: string): string
export function shownNumber(firstSix: string | null, lastFour: string | null): string | null
export function shownNumber(firstSix: string | null, lastFour: string | null): string | null {
  return firstSix === null || lastFour === null ? null : `${firstSix}******${lastFour}`
}

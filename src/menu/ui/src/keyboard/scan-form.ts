/** The source of a text that was typed too fast for a person. */
export type ScanKind = 'scan' | 'swipe'

/** How a keyboard-wedge scanner is recognised: this many characters, each within so many milliseconds of the previous one. */
export const SHORTEST = 12
export const GAP_MS = 30
/** On a busy machine some keys of a scan arrive later than that; nobody types every second one within `GAP_MS`. */
export const STALL_MS = 200

/** Are these pauses before each character but the first one those of a reader? */
export const isReadersPace = (pauses: readonly number[]): boolean =>
  pauses.every((pause) => pause <= STALL_MS) && pauses.filter((pause) => pause <= GAP_MS).length * 2 >= pauses.length

/** Track 1, track 2, or both as a stripe reader types them. */
const TRACKS = /^(?:%[^%;?]+\?)?(?:;[^%;?]+\?)?$/
const DIGITS = /^[0-9]{12,19}$/
/** A virtual card's code, in its own alphabet (src/cards/ecode.ts). */
const ECODE = /^[34679ACDEFGHJKMNPQRTVWXY]{4}(?:-?[34679ACDEFGHJKMNPQRTVWXY]{4}){3}$/

/** Recognises the input of a scanner or stripe reader: tracks, a number with a right Luhn or EAN-13 digit, an eCode. Null: another text. */
export function scanKind(text: string): ScanKind | null {
  if (text.length < SHORTEST) return null
  if (TRACKS.test(text)) return 'swipe'
  if (ECODE.test(text)) return 'scan'
  return DIGITS.test(text) && (isLuhn(text) || isEan13(text)) ? 'scan' : null
}

/** A reference has at most twelve digits, a card's number more; tracks and eCodes are secrets as well. */
export const mayStandInUrl = (text: string): boolean =>
  !/[0-9]{13}/.test(text.replace(/[\s-]/g, '')) && !/^[%;]/.test(text) && !ECODE.test(text.toUpperCase())

function isLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return sum % 10 === 0
}

const isEan13 = (digits: string): boolean =>
  digits.length === 13 &&
  Array.from(digits).reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0

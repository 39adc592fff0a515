import { fromEbcdic } from '../../src/iso8583/cp037.ts'

/** One way to read bytes as characters: all of them in a row, and how many half bytes each takes. */
type View = { readonly text: string; readonly nibbles: 1 | 2 }

/**
 * The bytes as ASCII, EBCDIC and BCD, because the encoding of a number is unknown. Character `i` begins at half byte `i
 * * nibbles`.
 */
const viewsOf = (bytes: Buffer): readonly [ascii: View, ebcdic: View, bcd: View] => [
  { text: bytes.toString('latin1'), nibbles: 2 },
  { text: Buffer.from(bytes.map((byte) => fromEbcdic[byte] ?? 0)).toString('latin1'), nibbles: 2 },
  { text: bytes.toString('hex').toUpperCase(), nibbles: 1 },
]

/** A range of half bytes; `to` is exclusive. */
export type Stretch = { readonly from: number; readonly to: number }

/** The hidden digits of a number of that length, as `maskPan` in `mask.ts` masks them. */
export function hiddenDigits(length: number): Stretch {
  return { from: length >= 16 ? 6 : 0, to: length > 8 ? length - 4 : length }
}

const hidden = ({ nibbles }: View, at: number, length: number): Stretch => {
  const digits = hiddenDigits(length)
  return { from: (at + digits.from) * nibbles, to: (at + digits.to) * nibbles }
}

/** The ranges of a known number wherever it occurs in the bytes, in any encoding. */
export function occurrences(bytes: Buffer, numbers: Iterable<string>): Stretch[] {
  const views = viewsOf(bytes)
  return [...numbers].flatMap((number) =>
    views.flatMap((view) => {
      const found: Stretch[] = []
      for (let at = view.text.indexOf(number); at >= 0; at = view.text.indexOf(number, at + 1))
        found.push(hidden(view, at, number.length))
      return found
    }),
  )
}

/** Runs of digits long enough to hold a card number; 13 is a barcode, 16 to 19 our own numbers. */
const RUN = /\d{13,}/g
/** Digits of text; in BCD such bytes in a row are 1 in 100,000. */
const TEXT_DIGITS = /\d{5,}/g

/** The ranges to hide in bytes of unknown layout: of every long run of digits all but its ends. */
export function longRuns(bytes: Buffer): Stretch[] {
  const [ascii, ebcdic] = viewsOf(bytes)
  // Text read as BCD would be one long run; digits of text are not judged a second time.
  const withoutText = ascii.text.replace(TEXT_DIGITS, (run) => '\u00ff'.repeat(run.length))
  const bcd: View = { text: Buffer.from(withoutText, 'latin1').toString('hex'), nibbles: 1 }
  return [ascii, ebcdic, bcd].flatMap((view) =>
    [...view.text.matchAll(RUN)].map(({ index, 0: run }) => hidden(view, index, run.length)),
  )
}

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.at(-1 - i))
    const weighed = i % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

/** A number by itself: card numbers never begin with 0, and amounts that are padded with zeros do. */
export const looksLikeCard = (text: string): boolean => /^[1-9]\d{12,18}$/.test(text) && passesLuhn(text)

const SHORTEST = 13
const LONGEST = 19

/**
 * Before the separator of a track (`^` is 5F or BA in other code pages, here as in 037). Characters before the number,
 * such as its length, are digits too.
 */
const TRACK = /(\d{13,})(?:[=D]\d{4}|[\^\u00ac[])/g
/** A length before a number, such as `16`: two characters, or one byte in BCD. */
const LENGTHS = /(?=(1[3-9])(\d{13,19}))/g
const ALONE = /(?<!\d)\d{13,19}(?!\d)/g

/**
 * Card numbers in bytes that could not be read as intended: if a wrong layout has split a number, its pieces are found
 * by their surroundings. Other digits may be mistaken for a number (one of ten passes the check); this is only for
 * messages that are refused anyway.
 */
export function suspects(bytes: Buffer): Set<string> {
  const found = new Set<string>()
  for (const { text, nibbles } of viewsOf(bytes)) {
    for (const [, digits = ''] of text.matchAll(TRACK)) numbersAtEnd(digits).forEach((number) => found.add(number))
    for (const { index, 1: length, 2: digits = '' } of text.matchAll(LENGTHS)) {
      const number = digits.slice(0, Number(length))
      // In BCD a length is a byte of its own; 13 to 15 there are too often something else.
      const aligned = nibbles === 2 || (index % 2 === 0 && number.length >= 16)
      if (aligned && number.length === Number(length) && looksLikeCard(number)) found.add(number)
    }
    if (nibbles === 2) for (const [run] of text.matchAll(ALONE)) if (looksLikeCard(run)) found.add(run)
  }
  return found
}

/** The numbers that the digits may end in; all of them when none passes the check. */
function numbersAtEnd(digits: string): string[] {
  const sizes = Array.from({ length: LONGEST - SHORTEST + 1 }, (_, i) => SHORTEST + i)
  const ends = sizes.filter((size) => size <= digits.length).map((size) => digits.slice(-size))
  const checked = ends.filter(looksLikeCard)
  return checked.length > 0 ? checked : ends
}

import { createScramble } from './ff1.ts'
import type { CardKeys } from './keys.ts'
import { ean13Digit } from './barcode.ts'
import { cardNumber } from './number.ts'

/** All numbers of a given length with a given prefix. Length 13: EAN-13. */
export type NumberSpace = { readonly length: number; readonly prefix: string }

/** `sequential`: bodies follow each other. `scrambled`: the same bodies in a secret order, so that neighbours cannot be guessed. */
export type NumberBody = 'sequential' | 'scrambled'

export const EAN_LENGTH = 13

/** The first body. The body of zeros is not used, because such a number looks like a test number. */
export const FIRST_PLACE = 1

/** Digits between prefix and check digit: 7 to 12 of a card number, 6 to 10 of an EAN-13. */
export const bodyDigits = ({ length, prefix }: NumberSpace): number => length - prefix.length - 1

/** The number of numbers in a space. */
export const roomOf = (space: NumberSpace): number => 10 ** bodyDigits(space)

/**
 * The numbers at places `first` to `first + count - 1` of a space. The order depends only on the keys and the space, so the
 * number at a place never changes. Throws RangeError past the end of the space.
 */
export function numbersAt(
  keys: CardKeys,
  space: NumberSpace,
  body: NumberBody,
  { first, count }: { readonly first: number; readonly count: number },
): string[] {
  if (first < 0 || first + count > roomOf(space)) throw new RangeError(`prefix ${space.prefix} has no room left`)
  const places = Array.from({ length: count }, (_, i) => first + i)
  return bodiesOf(keys, space, body, places).map((value) => numberOf(space, value))
}

function bodiesOf(keys: CardKeys, space: NumberSpace, body: NumberBody, places: readonly number[]): readonly number[] {
  if (body === 'sequential') return places
  // The tweak gives each space a different order.
  const tweak = Buffer.from(`${space.length}:${space.prefix}`, 'latin1')
  return createScramble(keys.scramble, tweak, bodyDigits(space))(places)
}

function numberOf({ length, prefix }: NumberSpace, body: number): string {
  if (length !== EAN_LENGTH) return cardNumber({ prefix, length, body })
  const twelve = prefix + String(body).padStart(EAN_LENGTH - 1 - prefix.length, '0')
  return twelve + ean13Digit(twelve)
}

import { createScramble } from './ff1.ts'
import type { CardKeys } from './keys.ts'
import { ean13Digit } from './barcode.ts'
import { cardNumber } from './number.ts'

/** All numbers of one length that begin with one prefix. Length 13: EAN-13. */
export type NumberSpace = { readonly length: number; readonly prefix: string }

/** `sequential`: bodies follow each other. `scrambled`: the same bodies in a secret order, so that neighbours cannot be guessed. */
export type NumberBody = 'sequential' | 'scrambled'

export const EAN_LENGTH = 13

/** A body of zeros is left out: such a number looks like a test. */
export const FIRST_PLACE = 1

/** Digits between prefix and check digit: 7 to 12 of a card number, 6 to 10 of an EAN-13. */
export const bodyDigits = ({ length, prefix }: NumberSpace): number => length - prefix.length - 1

/** How many numbers a space has. */
export const roomOf = (space: NumberSpace): number => 10 ** bodyDigits(space)

/**
 * The numbers at places `first` to `first + count - 1` of a space. The order is that of the keys and the space alone: what
 * is at a place stays there. Throws RangeError past the end of the space.
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
  // The tweak makes the order of every space another one.
  const tweak = Buffer.from(`${space.length}:${space.prefix}`, 'latin1')
  return createScramble(keys.scramble, tweak, bodyDigits(space))(places)
}

function numberOf({ length, prefix }: NumberSpace, body: number): string {
  if (length !== EAN_LENGTH) return cardNumber({ prefix, length, body })
  const twelve = prefix + String(body).padStart(EAN_LENGTH - 1 - prefix.length, '0')
  return twelve + ean13Digit(twelve)
}

/**
 * Random messages with card numbers and secrets in all places where they can occur; tests check that no output shows
 * them.
 */

import fc from 'fast-check'
import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import type { Message } from '../../src/iso8583/message.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { messageOf } from '../iso8583/message-arbitrary.ts'

const luhn = (digits: string): number => {
  const sum = [...digits.split('').entries()].reduce((sum, [i, digit]) => {
    const weighed = (digits.length - i) % 2 === 0 ? Number(digit) : 2 * Number(digit)
    return sum + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return (10 - (sum % 10)) % 10
}

/** A number of the demo range, of 16 to 19 digits. */
const cardNumber: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(16, 16, 17, 18, 19), fc.bigInt({ min: 0n, max: 10n ** 13n - 1n }))
  .map(
    ([size, body]) =>
      `62991${String(body)
        .padStart(13, '0')
        .slice(-(size - 6))}`,
  )
  .map((payload) => payload + String(luhn(payload)))

const sizeOf = ({ length }: FieldSpec): number => (length.kind === 'fixed' ? length.size : length.most)

/** A value of an element with a number in it, at that place if there is room; null where there is none. */
function holding(spec: FieldSpec, number: string, place: number): string | null {
  const size = spec.content === 'b' ? 2 * sizeOf(spec) : sizeOf(spec)
  if (spec.content === 'a' || size < number.length) return null
  const room = Math.min(size, 200) - number.length
  const before = place % (room + 1)
  const fixed = spec.length.kind === 'fixed'
  const filler = spec.content === 'ans' ? 'TILL 7: ' : '0201'
  const padding = (length: number): string => filler.repeat(Math.ceil(length / filler.length)).slice(0, length)
  const behind = fixed ? room - before : spec.content === 'b' ? before % 2 : 0
  const value = padding(before) + number + padding(behind)
  // A number of 17 or 19 digits is no whole number of bytes.
  if (spec.content === 'b' && value.length % 2 === 1) return null
  return spec.content === 'x+n' ? `C${value}` : value
}

export type Planted = { readonly message: Message; readonly number: string }

/** Any message, with a card number in up to four elements where there is room for it. */
export const planted = (profile: Profile): fc.Arbitrary<Planted> =>
  fc
    .tuple(
      messageOf(profile, 6),
      cardNumber,
      fc.subarray([...profile.specs.values()], { minLength: 1, maxLength: 4 }),
      fc.nat(),
    )
    .map(([message, number, specs, place]) => {
      const fields = { ...message.fields }
      for (const spec of specs) {
        const value = holding(spec, number, place)
        if (value !== null) fields[spec.de] = value
      }
      return { message: { mti: message.mti, fields }, number }
    })

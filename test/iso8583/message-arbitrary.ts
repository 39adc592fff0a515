import fc from 'fast-check'
import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { writeTlv } from '../../src/iso8583/tlv.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

const characters = (alphabet: string) => fc.constantFrom(...alphabet.split(''))
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = characters('0123456789')
const PRINTABLE = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
const HEX = characters('0123456789ABCDEF')

/** Mostly short, sometimes as long as can be. */
const sizeOf = ({ length }: FieldSpec): fc.Arbitrary<number> =>
  length.kind === 'fixed'
    ? fc.constant(length.size)
    : fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 0, max: Math.min(length.most, 40) }) },
        { weight: 1, arbitrary: fc.constant(length.most) },
      )

const of = (character: fc.Arbitrary<string>, size: number): fc.Arbitrary<string> =>
  fc.string({ unit: character, minLength: size, maxLength: size })

/** Filling spaces at the end, where a fixed element may have them. */
const padded = (value: fc.Arbitrary<string>, { length }: FieldSpec): fc.Arbitrary<string> =>
  length.kind === 'fixed'
    ? fc.tuple(value, fc.nat({ max: length.size })).map(([text, cut]) => text.slice(cut).padEnd(length.size))
    : value

/** One element of so many bytes, whatever length of its length that takes. */
function tlvOf(size: number): string {
  const rest = [2, 3, 4].map((head) => writeTlv('C0', Buffer.alloc(Math.max(0, size - head))))
  return (rest.find(({ length }) => length === size) ?? Buffer.from('C000', 'hex')).toString('hex').toUpperCase()
}

function valueOf(spec: FieldSpec, size: number): fc.Arbitrary<string> {
  const separator = spec.encodings.track2 === 'bcd' ? '=' : '=D'
  const VALUES = {
    n: () => of(DIGITS, size),
    a: () => padded(of(characters(UPPER + UPPER.toLowerCase()), size), spec),
    an: () => padded(of(characters(`0123456789${UPPER}${UPPER.toLowerCase()}`), size), spec),
    ans: () => of(PRINTABLE, size),
    b: () => of(HEX, 2 * size),
    tlv: () => fc.constant(size < 2 ? '' : tlvOf(size)),
    z: () => of(characters(`0123456789${separator}`), size),
    'x+n': () => fc.tuple(characters('CD'), of(DIGITS, size)).map(([sign, digits]) => sign + digits),
  } satisfies Record<FieldSpec['content'], () => fc.Arbitrary<string>>
  return VALUES[spec.content]()
}

/** Any message that the profile can carry, with up to `most` elements. */
export function messageOf(profile: Profile, most = 20): fc.Arbitrary<Message> {
  const specs = [...profile.specs.values()]
  return fc
    .tuple(of(DIGITS, 4), fc.subarray(specs, { maxLength: most }))
    .chain(([mti, chosen]) =>
      fc
        .tuple(...chosen.map((spec) => sizeOf(spec).chain((size) => valueOf(spec, size))))
        .map((values) => ({ mti, fields: Object.fromEntries(chosen.map(({ de }, i) => [de, values[i]])) })),
    )
}

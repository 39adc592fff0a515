import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import type { Content } from '../../src/iso8583/content.ts'
import type { Random } from '../random.ts'

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')

const alphabets = {
  n: DIGITS,
  a: LETTERS,
  an: DIGITS + LETTERS,
  ans: PRINTABLE,
  z: `${DIGITS}=`,
  b: '0123456789ABCDEF',
  'x+n': DIGITS,
} as const satisfies Record<Exclude<Content, 'tlv'>, string>

const ONE_BYTE_LENGTH = 0x7f

/** One element of BER-TLV in so many bytes in all, tag and length included; nothing where that is too few. */
function anyTlv(size: number, random: Random): string {
  const head = size - 2 <= ONE_BYTE_LENGTH ? 2 : 4
  if (size < head) return ''
  const most = size - head
  const length = head === 2 ? most.toString(16).padStart(2, '0') : `82${most.toString(16).padStart(4, '0')}`
  return `9A${length.toUpperCase()}${random.pick(['00', 'FF', '9F']).repeat(most)}`
}

/** A value that the element can carry: of its least or most length or between, of one character or of many. */
export function anyValue({ content, length }: FieldSpec, random: Random): string {
  const most = length.kind === 'fixed' ? length.size : length.most
  const size = length.kind === 'fixed' ? most : random.pick([0, 1, most, random.below(most + 1)])
  if (content === 'tlv') return anyTlv(size, random)
  const characters = (content === 'b' ? 2 : 1) * size
  const alphabet = alphabets[content]
  const draw = () => alphabet.charAt(random.below(alphabet.length))
  const text = random.chance(50) ? draw().repeat(characters) : Array.from({ length: characters }, draw).join('')
  return content === 'x+n' ? random.pick(['C', 'D']) + text : text
}

/** Values that a profile lets pass and that make no sense, or only just. */
export const hostileValues: Readonly<Record<number, readonly string[]>> = {
  2: ['', '0', '6299100000000047', '9999999999999999999', '0000000000000000'],
  3: ['000000', '999999', '300000', '930060', '010000'],
  4: ['000000000000', '999999999999', '000000000001', '100000000000'],
  7: ['0000000000', '1332256161', '0229235959', '0230000000', '9999999999', '1231240000'],
  11: ['000000', '999999'],
  12: ['999999', '240000'],
  13: ['0000', '0230', '9999'],
  22: ['000', '999', '022', '012', '812', '052'],
  25: ['00', '99', '41'],
  35: ['', '=', 'D', '6299100000000047=', '6299100000000047=99991222222222222222', '='.repeat(37)],
  37: ['000000000000', 'ZZZZZZZZZZZZ', '            '],
  39: ['00', '99', 'ZZ'],
  41: ['        ', 'UNKNOWN1', 'DEMO0001', "DEMO000'"],
  42: ['               ', '999999999999999', '000000000000002'],
  45: ['', 'B', 'B^^', 'B6299100000000047^A^', '^'.repeat(76)],
  48: ['', 'P', ' N', 'PN', 'X'.repeat(999)],
  49: ['000', '999', '978', '840'],
  59: ['', ' ', '~'.repeat(999)],
  62: ['', '0', 'A'.repeat(999)],
  70: ['000', '161', '301', '999'],
  74: ['9999999999'],
  76: ['9999999999'],
  86: ['9999999999999999'],
  88: ['9999999999999999'],
  90: [
    '0'.repeat(42),
    '9'.repeat(42),
    `0200${'0'.repeat(38)}`,
    `02000000010229235959${'9'.repeat(22)}`,
    `0420${'1'.repeat(6)}1231235959${'0'.repeat(22)}`,
    `0800${'1'.repeat(6)}1231235959${'0'.repeat(22)}`,
  ],
  97: ['D9999999999999999', 'C9999999999999999'],
  103: ['', '6299100000000047', 'not a number'],
}

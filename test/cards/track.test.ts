import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  encodeTrack1,
  encodeTrack2,
  parseTrack1,
  parseTrack2,
  withSentinels,
  type Stripe,
} from '../../src/cards/track.ts'

/**
 * The character tables of ISO/IEC 7811-6, as bits: 5 each on track 2 and 7 on track 1, both given as the characters in the
 * order of their codes. A character is written b1 (the lowest) first, odd parity last.
 */
const TABLE = {
  2: '0123456789:;<=>?',
  1: ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_',
}

/** Reads a stripe as a head does: bits to characters, with parity, sentinels and LRC checked. Anything wrong is named. */
const readStripe = (track: 1 | 2, bits: readonly number[]): string => {
  const width = track === 1 ? 7 : 5
  const characters: number[][] = []
  for (let i = 0; i < bits.length; i += width) characters.push(bits.slice(i, i + width))
  if (characters.some((c) => c.reduce((a, b) => a + b, 0) % 2 !== 1)) return 'parity'
  for (let column = 0; column < width - 1; column++)
    if (characters.reduce((sum, c) => sum + (c[column] ?? 0), 0) % 2 !== 0) return `LRC column ${column}`
  const text = characters.map((c) => {
    const code = c.slice(0, -1).reduce((sum, bit, i) => sum + bit * 2 ** i, 0)
    return TABLE[track][code]
  })
  if (text[0] !== (track === 1 ? '%' : ';') || text.at(-2) !== '?') return 'sentinels'
  return text.slice(1, -2).join('')
}

/** Writes characters as an encoder does: each with its own parity bit, the LRC among them. */
const writeStripe = (track: 1 | 2, text: string): number[] =>
  Array.from(text).flatMap((character) => {
    const code = TABLE[track].indexOf(character)
    if (code < 0) throw new Error(`${character} is not in the table`)
    const bits = Array.from({ length: track === 1 ? 6 : 4 }, (_, i) => (code >> i) & 1)
    return [...bits, 1 - (bits.reduce((a, b) => a + b, 0) % 2)]
  })

const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength, maxLength })
const stripes: fc.Arbitrary<Stripe> = fc.record(
  {
    number: digits(5, 14).map((more) => `62991${more}`),
    expiry: digits(4),
    serviceCode: digits(3),
    version: digits(2),
    checkValue: digits(8),
  },
  { noNullPrototype: true },
)
const names = fc.string({
  unit: fc.constantFrom(...Array.from(TABLE[1]).filter((c) => !'%^?'.includes(c))),
  minLength: 2,
  maxLength: 26,
})
const EXAMPLE: Stripe = {
  number: '6299100000000047',
  expiry: '4912',
  serviceCode: '722',
  version: '00',
  checkValue: '01234567',
}

void t.test('the example of the interface', async (t) => {
  t.equal(encodeTrack2(EXAMPLE), '6299100000000047=49127220001234567')
  t.same(parseTrack2('6299100000000047=49127220001234567'), EXAMPLE)
  t.same(parseTrack2('6299100000000047D49127220001234567'), EXAMPLE)
  t.equal(encodeTrack1(EXAMPLE, 'GIFT CARD'), 'B6299100000000047^GIFT CARD^49127220001234567')
  t.same(parseTrack1('B6299100000000047^GIFT CARD^49127220001234567'), EXAMPLE)
})

void t.test('whatever is encoded is read back, by us and by a head', async () => {
  fc.assert(
    fc.property(stripes, names, (stripe, name) => {
      const track1 = encodeTrack1(stripe, name)
      const track2 = encodeTrack2(stripe)
      assert.deepEqual(parseTrack1(track1), stripe)
      assert.deepEqual(parseTrack2(track2), stripe)
      assert.equal(readStripe(1, writeStripe(1, withSentinels(1, track1))), track1)
      assert.equal(readStripe(2, writeStripe(2, withSentinels(2, track2))), track2)
    }),
  )
})

void t.test('a bit that is read wrongly shows', async (t) => {
  const bits = writeStripe(2, withSentinels(2, encodeTrack2(EXAMPLE)))
  for (const i of bits.keys()) t.equal(readStripe(2, bits.with(i, 1 - (bits[i] ?? 0))), 'parity')
  const framed = withSentinels(2, encodeTrack2(EXAMPLE))
  t.match(readStripe(2, writeStripe(2, framed.replace('=4912', '=4913'))), /^LRC/)
  t.equal(framed.length, 34 + 3)
  t.equal(withSentinels(2, '').slice(0, 2), ';?')
  t.equal(withSentinels(2, '').slice(2), '4', '; is 1011 and ? is 1111: the LRC is 0100')
})

void t.test('what is no track', async (t) => {
  const rest = '49127220001234567'
  for (const text of [
    '',
    '=',
    '6299100000000047',
    '6299100000000047=',
    '6299100000000047=4912',
    '6299100000000047=491272',
    `=${rest}`,
    `629910047=${rest}`, // 9 digits
    `62991000000000000047=${rest.slice(0, 16)}`, // 20 digits
    `6299100000000000047=${rest}0`, // 38 characters
    `6299100000000047d${rest}`,
    `6299100000000047^${rest}`,
    `6299100000000047 =${rest}`,
    `6299100000000047=${rest} `,
    `6299100000000047==${rest}`,
    `6299100000000047=4912722000123456x`,
    `6299100000000047=4912=7220001234567`,
    `6299100000000047=４９１２7220001234567`,
    `;6299100000000047=${rest}?`,
    withSentinels(2, encodeTrack2(EXAMPLE)),
    `${'6'.repeat(100_000)}=`,
  ])
    t.equal(parseTrack2(text), 'not_a_track', text.slice(0, 50))

  for (const text of [
    '',
    'B',
    'B6299100000000047',
    'B6299100000000047^',
    'B6299100000000047^GIFT CARD',
    'B6299100000000047^GIFT CARD^',
    'B6299100000000047^GIFT CARD^491272',
    `6299100000000047^GIFT CARD^${rest}`,
    `A6299100000000047^GIFT CARD^${rest}`,
    `B629910047^GIFT CARD^${rest}`,
    `B62991000000000000047^GIFT CARD^${rest}`,
    `B6299100000000047^X^${rest}`,
    `B6299100000000047^^${rest}`,
    `B6299100000000047^${'X'.repeat(27)}^${rest}`,
    `B6299100000000047^gift card^${rest}`,
    `B6299100000000047^ŁÓDŹ^${rest}`,
    `B6299100000000047^GIFT?CARD^${rest}`,
    `B6299100000000047^GIFT CARD^${rest}^`,
    `B6299100000000047^GIFT CARD^${rest}?`,
    `B6299100000000047^GIFT CARD^491272200012345\n7`,
    `B6299100000000047^GIFT CARD^${rest}${'0'.repeat(33)}`, // 77 characters
    withSentinels(1, encodeTrack1(EXAMPLE, 'GIFT CARD')),
    `B${'^'.repeat(100_000)}`,
  ])
    t.equal(parseTrack1(text), 'not_a_track', text.slice(0, 50))
})

void t.test('a stripe of the standard that is not ours has no version and no check value', async (t) => {
  const foreign = { ...EXAMPLE, version: '', checkValue: '' }
  for (const data of ['', '0', '000123456', '00012345678'])
    t.same(parseTrack2(`6299100000000047=4912722${data}`), foreign, data)
  for (const data of ['', '000123456', '000123456A', '0001234567 ', '0'.repeat(41)])
    t.same(parseTrack1(`B6299100000000047^GIFT CARD^4912722${data}`), foreign, data)
  t.same(
    parseTrack2('6299100000000047=49137220001234567'),
    { ...EXAMPLE, expiry: '4913' },
    'the month is not judged here',
  )
})

void t.test('arbitrary text is a track only if encoding it again gives the same', async () => {
  const near = fc.tuple(stripes, fc.nat(40), fc.string({ maxLength: 2 })).map(([stripe, at, text]) => {
    const track = encodeTrack2(stripe)
    return track.slice(0, at) + text + track.slice(at + 1)
  })
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ maxLength: 45 })), (text) => {
      const stripe = parseTrack2(text)
      if (stripe !== 'not_a_track' && stripe.version !== '') assert.equal(encodeTrack2(stripe), text.replace('D', '='))
    }),
  )
})

void t.test('what cannot stand on a stripe is refused, without its values', async (t) => {
  const bad: readonly Partial<Stripe>[] = [
    { number: '62991' },
    { number: '629910000000004x' },
    { expiry: '491' },
    { serviceCode: '7222' },
    { version: '0x' },
    { checkValue: '1234567' },
  ]
  for (const change of bad)
    for (const encode of [encodeTrack2, (s: Stripe) => encodeTrack1(s, 'GIFT CARD')])
      t.throws(() => encode({ ...EXAMPLE, ...change }), RangeError)
  for (const name of ['X', 'X'.repeat(27), 'Łódź', 'A^B', 'A?', '%A'])
    t.throws(() => encodeTrack1(EXAMPLE, name), RangeError, name)
  try {
    encodeTrack2({ ...EXAMPLE, checkValue: '9876543x' })
    t.fail('encoded')
  } catch (error) {
    t.notMatch(String(error), /62991|9876543/)
  }
})

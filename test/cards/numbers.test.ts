import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { code128Text, ean13Digit } from '../../src/cards/barcode.ts'
import { ECODE_ALPHABET, isEcode, newEcode, normalEcode } from '../../src/cards/ecode.ts'
import { cardNumber, isLuhn, luhnDigit, maskNumber } from '../../src/cards/number.ts'

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength, maxLength })
/** Parts of a number in the demo range. */
const parts = fc
  .record({
    prefix: digits(1, 3).map((more) => `62991${more}`),
    length: fc.integer({ min: 16, max: 19 }),
    seed: fc.nat(2 ** 31 - 1),
  })
  .map(({ prefix, length, seed }) => ({ prefix, length, body: seed % 10 ** (length - prefix.length - 1) }))

/** The algorithm as ISO/IEC 7812-1 tells it, in words: double every second digit from the right, add up the digits. */
const luhnInWords = (payload: string): string => {
  const spelt = Array.from(payload)
    .toReversed()
    .map((d, i) => (i % 2 === 0 ? String(2 * Number(d)) : d))
  const sum = Array.from(spelt.join('')).reduce((total, d) => total + Number(d), 0)
  return String((1000 - sum) % 10)
}

void t.test('Luhn digit', async (t) => {
  for (const [payload, digit] of [
    ['7992739871', '3'], // the textbook's
    ['04645428', '6'], // a Canadian social insurance number in its own documentation
    ['629910000000004', '7'], // docs/spec/terminal.md, section 9
    ['0', '0'],
  ] as const) {
    t.equal(luhnDigit(payload), digit, payload)
    t.equal(isLuhn(payload + digit), true)
  }
  fc.assert(fc.property(digits(1, 19), (payload) => luhnDigit(payload) === luhnInWords(payload)))
  for (const bad of ['', '0', '7992739871x', '79927398 713', '７９９２７３９８７１３', '-79927398713'])
    t.equal(isLuhn(bad), false, `not a number: ${bad}`)
  t.throws(() => luhnDigit(''), RangeError)
  t.throws(() => luhnDigit('12a'), RangeError)
})

void t.test('card number', async (t) => {
  t.equal(cardNumber({ prefix: '629910', length: 16, body: 4 }), '6299100000000047')
  t.equal(cardNumber({ prefix: '629911', length: 19, body: 999_999_999_999 }).slice(0, -1), '629911999999999999')
  fc.assert(
    fc.property(parts, (p) => {
      const number = cardNumber(p)
      assert.equal(isLuhn(number), true)
      assert.equal(number.length, p.length)
      assert.equal(number.slice(0, p.prefix.length), p.prefix)
      assert.equal(Number(number.slice(p.prefix.length, -1)), p.body)
    }),
  )
  fc.assert(
    fc.property(parts, fc.nat(18), fc.integer({ min: 1, max: 9 }), (p, at, by) => {
      const number = cardNumber(p)
      const i = at % number.length
      return !isLuhn(number.slice(0, i) + String((Number(number[i]) + by) % 10) + number.slice(i + 1))
    }),
  )
  for (const body of [1_000_000_000, -1, 0.5, NaN, 1e21])
    t.throws(() => cardNumber({ prefix: '629910', length: 16, body }), RangeError, String(body))
  t.throws(() => cardNumber({ prefix: '62991x', length: 16, body: 4 }), RangeError)
  t.throws(() => cardNumber({ prefix: '629910', length: 6, body: 4 }), RangeError)
})

void t.test('masked number', async (t) => {
  for (const [number, masked] of [
    ['6299100000000047', '629910******0047'],
    ['6299100000000000047', '629910*********0047'],
    ['629910000000047', '***********0047'],
    ['62991000000', '***********'],
    ['', ''],
  ] as const)
    t.equal(maskNumber(number), masked)
})

void t.test('EAN-13 digit', async (t) => {
  for (const code of ['4006381333931', '5901234123457', '9783161484100', '0000000000000'])
    t.equal(ean13Digit(code.slice(0, 12)), code.slice(12), code)
  for (const bad of ['', '40063813339', '4006381333931', '40063813339x'])
    t.throws(() => ean13Digit(bad), RangeError, bad)
  t.equal(code128Text('6299100000000047'), '6299100000000047')
})

void t.test('eCode', async (t) => {
  const one = newEcode(randomBytes)
  t.match(one, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
  t.notMatch(ECODE_ALPHABET, /[0O1IL2Z5S8BU]/, 'no look-alikes')
  t.equal(new Set(ECODE_ALPHABET).size, ECODE_ALPHABET.length)
  t.equal(normalEcode(` ${one.toLowerCase().replaceAll('-', ' ')}\t`), one.replaceAll('-', ''))

  // A source that gives every byte equally often must give every character equally often, or some are likelier.
  let next = 0
  const everyByte = (n: number) => Buffer.from(Array.from({ length: n }, () => next++ % 256))
  const count = new Map<string, number>()
  for (let i = 0; i < 15 * 24; i++)
    for (const c of normalEcode(newEcode(everyByte))) count.set(c, (count.get(c) ?? 0) + 1)
  t.equal(count.size, ECODE_ALPHABET.length)
  const counts = [...count.values()]
  t.ok(Math.max(...counts) <= 1.02 * Math.min(...counts), `even: ${Math.min(...counts)} to ${Math.max(...counts)}`)
  t.equal(
    newEcode((n) => Buffer.alloc(n, next++ % 2 === 0 ? 255 : 0)),
    '3333-3333-3333-3333',
    'unfair bytes are skipped',
  )

  const spelt: readonly (readonly [string, boolean])[] = [
    [one, true],
    [one.toLowerCase(), true],
    [one.replaceAll('-', ''), true],
    [one.replaceAll('-', ' '), true],
    [one.slice(1), false],
    [`${one}3`, false],
    [`0${one.slice(1)}`, false],
    ['', false],
    ['3'.repeat(999), false],
    [`${' '.repeat(900)}${one}`, false],
  ]
  for (const [text, is] of spelt) t.equal(isEcode(text), is, JSON.stringify(text.slice(0, 25)))
})

import t from 'tap'
import { FF1 } from '@noble/ciphers/ff1.js'
import fc from 'fast-check'
import { isEan13 } from '../../src/cards/barcode.ts'
import { createScramble } from '../../src/cards/ff1.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { isLuhn } from '../../src/cards/number.ts'
import { bodyDigits, numbersAt, roomOf } from '../../src/cards/number-space.ts'

const keys = deriveCardKeys(DEMO_MASTER)

t.test('FF1: the radix 10 samples of NIST SP 800-38G', async (t) => {
  const rows: [string, string, string][] = [
    ['2B7E151628AED2A6ABF7158809CF4F3C', '', '2433477484'],
    ['2B7E151628AED2A6ABF7158809CF4F3C', '39383736353433323130', '6124200773'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F', '', '2830668132'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F', '39383736353433323130', '2496655549'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94', '', '6657667009'],
    ['2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94', '39383736353433323130', '1001623463'],
  ]
  for (const [key, tweak, wanted] of rows) {
    const scramble = createScramble(Buffer.from(key, 'hex'), Buffer.from(tweak, 'hex'), 10)
    t.same(scramble([123_456_789]).map(String), [wanted], `key of ${key.length * 4} bits, tweak ${tweak}`)
  }
})

t.test('FF1: as @noble/ciphers has it, for every length, key and tweak that we use', async (t) => {
  const bytes = (from: number, to: number) => fc.uint8Array({ minLength: from, maxLength: to })
  const key = fc.constantFrom(16, 24, 32).chain((length) => bytes(length, length))
  const digits = fc.integer({ min: 6, max: 12 })
  fc.assert(
    fc.property(
      key,
      bytes(0, 12),
      digits,
      fc.array(fc.double({ min: 0, max: 0.9999999, noNaN: true }), { minLength: 1, maxLength: 5 }),
      (key, tweak, digits, parts) => {
        const values = parts.map((part) => Math.floor(part * 10 ** digits))
        const theirs = FF1(10, key, tweak)
        const wanted = values.map((value) =>
          Number(theirs.encrypt(Array.from(String(value).padStart(digits, '0'), Number)).join('')),
        )
        return t.same(createScramble(Buffer.from(key), Buffer.from(tweak), digits)(values), wanted)
      },
    ),
    { numRuns: 150 },
  )
})

t.test('a million bodies of six digits come out, each once, and in no order', async (t) => {
  const scramble = createScramble(keys.scramble, Buffer.from('13:291111'), 6)
  const seen = new Uint8Array(1_000_000)
  let following = 0
  for (let from = 0; from < seen.length; from += 1_000) {
    const out = scramble(Array.from({ length: 1_000 }, (_, i) => from + i))
    out.forEach((value, i) => {
      seen[value] = 1
      if (value === (out[i - 1] ?? -9) + 1) following++
    })
  }
  t.ok(seen.every((mark) => mark === 1))
  t.ok(following < 12, `${following} neighbours are neighbours still`)
})

t.test('what FF1 is not for here', async (t) => {
  t.throws(() => createScramble(keys.scramble, Buffer.alloc(0), 5), { message: /6 to 12 digits, not 5/ })
  t.throws(() => createScramble(keys.scramble, Buffer.alloc(0), 13), { message: /6 to 12 digits, not 13/ })
  t.throws(() => createScramble(keys.scramble, Buffer.alloc(13), 9), { message: /at most 12 bytes/ })
  t.throws(() => createScramble(keys.scramble, Buffer.alloc(0), 6)([1_000_000]), { message: /more than 6 digits/ })
})

t.test('numbers at places of a space', async (t) => {
  const space = { prefix: '629914', length: 16 }
  t.same(numbersAt(keys, space, 'sequential', { first: 1, count: 2 }), ['6299140000000019', '6299140000000027'])
  const ean = { prefix: '29', length: 13 }
  for (const place of [{ prefix: '62991401', length: 19 }, { prefix: '62991401', length: 16 }, space, ean]) {
    const numbers = numbersAt(keys, place, 'scrambled', { first: 1, count: 500 })
    const { prefix, length } = place
    const isRight = length === 13 ? isEan13 : isLuhn
    t.ok(
      numbers.every((number) => number.length === length && number.startsWith(prefix) && isRight(number)),
      prefix,
    )
    t.equal(new Set(numbers).size, 500)
    t.same(
      numbersAt(keys, place, 'scrambled', { first: 401, count: 100 }),
      numbers.slice(400),
      'a place keeps its number',
    )
  }
  t.equal(bodyDigits({ prefix: '62991401', length: 16 }), 7, 'the shortest body of a card number')
  t.equal(roomOf(space), 1e9)
  t.throws(() => numbersAt(keys, { prefix: '62991401', length: 16 }, 'scrambled', { first: 9_999_999, count: 2 }), {
    message: /no room left/,
  })
})

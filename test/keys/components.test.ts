import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import t from 'tap'
import { xor } from '../../src/keys/blocks.ts'
import { checkValue, hasCheckValue } from '../../src/keys/check-value.ts'
import { combineComponents, type KeyComponent } from '../../src/keys/components.ts'
import { hasOddParity, isSingleDes, withOddParity } from '../../src/keys/des-parity.ts'
import { freshKey } from '../../src/keys/fresh-key.ts'
import { KEY_BYTES, type KeyAlgorithm, keyBytes, sameKey, secretKey } from '../../src/keys/secret-key.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

void t.test('check values of published keys', async (t) => {
  const rows: readonly (readonly [KeyAlgorithm, string, string])[] = [
    // TR-31:2018 A.7.2.2, X9.143:2021 8.4.2, ISO 20038:2017 B.2, as quoted in openemv/tr31 test/tr31_decrypt_test.c.
    ['tdes', '3F419E1CB7079442AA37474C2EFBF8B8', '57C409'],
    ['tdes', 'E8BC63E5479455E26577F715D587FE68', '9A4212'],
    ['tdes', '777261707065642033444553206B6579', 'B29D42'],
    // The same, X9.143:2021 8.1, and the protection key of 8.6, whose check value stands in that block's KP.
    ['aes', '3F419E1CB7079442AA37474C2EFBF8B8', '08793E25AB'],
    ['aes', '88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6', '2331550BC9'],
  ]
  for (const [algorithm, bytes, wanted] of rows) {
    const key = secretKey(algorithm, hex(bytes))
    t.equal(checkValue(key), wanted)
    t.ok(hasCheckValue(key, wanted.toLowerCase()))
    t.ok(hasCheckValue(key, wanted.slice(0, 6)))
    t.notOk(hasCheckValue(key, wanted.slice(0, 5)), 'too little to believe')
    t.notOk(hasCheckValue(key, `${wanted}0`))
    t.notOk(hasCheckValue(key, `${wanted.slice(0, 5)}${wanted[5] === '0' ? '1' : '0'}`))
    t.notOk(hasCheckValue(key, ''))
  }
})

void t.test('parity', async (t) => {
  const odd = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => hasOddParity(Buffer.of(byte)))
  t.equal(odd.length, 128)
  t.same(odd.slice(0, 5), [1, 2, 4, 7, 8])
  const adjusted = Array.from({ length: 256 }, (_, byte) => withOddParity(Buffer.of(byte))[0] ?? -1)
  t.ok(
    adjusted.every((to, byte) => to >> 1 === byte >> 1 && odd.includes(to)),
    'only the last bit changes',
  )
  const half = '0123456789ABCDEF'
  const rows: readonly (readonly [string, boolean])[] = [
    [half + half, true],
    // The same but for parity bits.
    [`${half}0022446688AACCEE`, true],
    [`${half}FEDCBA9876543210`, false],
    [`FEDCBA9876543210${half}${half}`, true],
    [`${half}${half}FEDCBA9876543210`, true],
    // Two-key triple DES written with three: not what section 3.2 forbids.
    [`${half}FEDCBA9876543210${half}`, false],
  ]
  for (const [key, single] of rows) t.equal(isSingleDes(hex(key)), single, key)
})

const part = (algorithm: KeyAlgorithm, bytes: Buffer): KeyComponent => ({
  bytes,
  checkValue: checkValue(secretKey(algorithm, bytes)),
})

void t.test('a key split in any number of components comes back', async () => {
  const algorithm = fc.constantFrom<KeyAlgorithm>('tdes', 'aes')
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b))
  const cases = algorithm.chain((algorithm) =>
    fc.constantFrom(...KEY_BYTES[algorithm]).chain((length) =>
      fc.record({
        algorithm: fc.constant(algorithm),
        parts: fc.array(bytes(length), { minLength: 2, maxLength: 9 }),
      }),
    ),
  )
  fc.assert(
    fc.property(cases, ({ algorithm, parts }) => {
      const sum = parts.reduce<Buffer>(xor, Buffer.alloc(parts[0]?.length ?? 0))
      fc.pre(sum.some((byte) => byte !== 0) && (algorithm === 'aes' || !isSingleDes(sum)))
      const key = secretKey(algorithm, algorithm === 'tdes' ? withOddParity(sum) : sum)
      const components = parts.map((bytes) => part(algorithm, bytes))
      const found = combineComponents(algorithm, components, checkValue(key))
      const other = combineComponents(algorithm, components.toReversed(), checkValue(key).toLowerCase())
      return found.kind === 'key' && other.kind === 'key' && sameKey(found.key, key) && sameKey(other.key, key)
    }),
  )
})

void t.test('components that make no key', async (t) => {
  const [a, b] = [hex('0123456789ABCDEFFEDCBA9876543210'), hex('89E88CF7931444F334BD7547FC3F380C')]
  const [pa, pb] = [part('tdes', a), part('tdes', b)]
  const whole = checkValue(secretKey('tdes', xor(a, b)))
  t.match(combineComponents('tdes', [pa, pb], whole), { kind: 'key', checkValue: whole })
  const weak = part('tdes', xor(b, hex('0123456789ABCDEF0022446688AACCEE')))
  const aes = part('aes', a)
  const rows: readonly (readonly [KeyAlgorithm, readonly KeyComponent[], string, string, number | null])[] = [
    ['tdes', [], whole, 'count', null],
    ['tdes', [pa], pa.checkValue, 'count', null],
    ['tdes', Array.from({ length: 10 }, () => pa), whole, 'count', null],
    ['tdes', [pa, { bytes: b.subarray(0, 8), checkValue: whole }], whole, 'length', 2],
    ['tdes', [{ bytes: Buffer.alloc(15), checkValue: whole }, pa], whole, 'length', 1],
    ['tdes', [pa, { bytes: Buffer.alloc(24, 1), checkValue: whole }], whole, 'length', 2],
    ['tdes', [pa, { ...pb, checkValue: pa.checkValue }], whole, 'check value', 2],
    ['tdes', [pa, pb], pa.checkValue, 'check value', null],
    ['tdes', [pa, pb], '', 'check value', null],
    ['tdes', [pa, pa], whole, 'weak', null],
    ['tdes', [pb, weak], whole, 'weak', null],
    ['aes', [aes, aes], whole, 'weak', null],
  ]
  for (const [algorithm, components, wanted, reason, component] of rows) {
    t.same(combineComponents(algorithm, components, wanted), { kind: 'refused', reason, component }, reason)
  }
})

void t.test('fresh keys', async (t) => {
  const key = freshKey('tdes', 16, randomBytes)
  t.ok(hasOddParity(keyBytes(key)))
  t.notOk(sameKey(key, freshKey('tdes', 16, randomBytes)))
  t.same(keyBytes(freshKey('aes', 32, (n) => Buffer.alloc(n, 7))), Buffer.alloc(32, 7))
  t.throws(() => freshKey('tdes', 16, (n) => Buffer.alloc(n)), /repeats/)
  t.throws(() => freshKey('tdes', 32, randomBytes), RangeError)
  t.notOk(
    sameKey(secretKey('tdes', Buffer.alloc(16, 1)), secretKey('aes', Buffer.alloc(16, 1))),
    'two ciphers, two keys',
  )
})

void t.test('a key is never seen', async (t) => {
  const bytes = hex('0123456789ABCDEFFEDCBA98765432')
  const key = secretKey('aes', Buffer.concat([bytes, Buffer.of(0x10)]))
  const combined = combineComponents('aes', [part('aes', keyBytes(key)), part('aes', Buffer.alloc(16, 3))], '')
  const texts = [
    inspect({ key }, { showHidden: true, depth: 20, getters: true }),
    JSON.stringify({ key }),
    Object.prototype.toString.call(key) + Object.prototype.toString.call(key.material),
    JSON.stringify(combined),
    messageOf(() => secretKey('aes', bytes)),
    messageOf(() => secretKey('tdes', Buffer.alloc(32, 1))),
  ]
  for (const text of texts) t.notMatch(text, /01, ?23|1, ?35, ?69|0123456789abcdef|ASNFZ4mrze/iu, text.slice(0, 40))
  t.match(texts[4], 'not 15')

  const given = Buffer.alloc(16, 9)
  const copied = secretKey('aes', given)
  given.fill(0)
  keyBytes(copied).fill(0)
  t.same(keyBytes(copied), Buffer.alloc(16, 9), 'the key is not the buffer it came from, nor the one given out')
})

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return String(error)
  }
  throw new Error('nothing was thrown')
}

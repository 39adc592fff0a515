import assert from 'node:assert/strict'
import { createCipheriv, createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { checkValue, checkValueMatches } from '../../src/cards/check-value.ts'
import { ecodeHash, ecodeHashHex, numberHash, numberHashes, numberHashHex } from '../../src/cards/hash.ts'
import { hmacHex } from '../../src/cards/hmac.ts'
import { DEMO_MASTER, deriveCardKeys, deriveNumberKeys, keyCheckValue, type NumberKeys } from '../../src/cards/keys.ts'
import { openNumber, SealBroken, sealNumber } from '../../src/cards/seal.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const SECOND = deriveNumberKeys(Buffer.alloc(32, 2), 2)
const NUMBER = '6299100000000047'
const hmac = (key: Buffer, ...message: (string | Buffer)[]) =>
  createHmac('sha256', key)
    .update(Buffer.concat(message.map((m) => Buffer.from(m))))
    .digest()

void t.test('keys of a master key', async (t) => {
  // RFC 5869 in its two steps, for outputs of one block.
  const extracted = hmac(Buffer.from('akart card master key v1'), DEMO_MASTER)
  const expanded = (purpose: string) => hmac(extracted, `akart/card/${purpose}`, Buffer.of(1))
  for (const purpose of ['lookup', 'check', 'ecode', 'seal'] as const) t.same(keys[purpose], expanded(purpose), purpose)
  t.equal(keyCheckValue(DEMO_MASTER), expanded('key check value').toString('hex').slice(0, 6))

  t.equal(DEMO_MASTER.length, 32)
  t.equal(keyCheckValue(DEMO_MASTER), '3a2247', 'the demo key is the same for ever')
  t.not(keyCheckValue(Buffer.alloc(32)), keyCheckValue(Buffer.alloc(32, 1)))
  t.equal(keys.id, 1)
  t.equal(keys.other, null)
  t.equal(deriveNumberKeys(DEMO_MASTER, 255).id, 255)
  for (const id of [-1, 0, 256, 1.5]) t.throws(() => deriveNumberKeys(DEMO_MASTER, id), RangeError)
  const moving = deriveCardKeys(DEMO_MASTER, SECOND, deriveNumberKeys(DEMO_MASTER))
  t.match(moving, { id: 2, check: keys.check, ecode: keys.ecode, other: { id: 1, lookup: keys.lookup } })
  t.notSame(moving.lookup, keys.lookup, 'numbers have a key of their own')
  for (const bytes of [0, 16, 31, 33]) {
    t.throws(() => deriveCardKeys(Buffer.alloc(bytes)), RangeError)
    t.throws(() => keyCheckValue(Buffer.alloc(bytes)), RangeError)
  }
})

void t.test('HMAC out of one-shot hashes is createHmac', async (t) => {
  // RFC 4231, test case 2.
  t.equal(
    hmacHex(Buffer.from('Jefe'), 'what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
  const key = fc.uint8Array({ maxLength: 100, size: 'max' }).map((bytes) => Buffer.from(bytes))
  // The longest that fits, and one more.
  for (const m of ['€'.repeat(64), '€'.repeat(65), 'x'.repeat(300)])
    t.equal(hmacHex(keys.lookup, m), hmac(keys.lookup, m).toString('hex'))
  // Any UTF-16, lone surrogates too, around the length from which the plain way is taken.
  const text = fc
    .array(fc.oneof(fc.nat(127), fc.nat(0xffff)), { maxLength: 80, size: 'max' })
    .map((c) => String.fromCharCode(...c))
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 4 }), (k, messages) => {
      for (const m of messages) assert.equal(hmacHex(k, m), createHmac('sha256', k).update(m).digest('hex'))
    }),
  )
})

void t.test('what a card is found by', async (t) => {
  t.same(numberHash(keys, NUMBER), hmac(keys.lookup, NUMBER).subarray(0, 16))
  t.equal(numberHashHex(keys, NUMBER), numberHash(keys, NUMBER).toString('hex'))
  t.notSame(numberHash(keys, NUMBER), numberHash(deriveCardKeys(Buffer.alloc(32)), NUMBER))
  const numberHashOf = (under: NumberKeys) => numberHashHex(under, NUMBER)
  t.same(numberHashes(keys, NUMBER), { numberHash: numberHashOf(keys), otherHash: null, newestKey: 1 })
  // While numbers are moved, whichever of the two is in use.
  t.same(numberHashes(deriveCardKeys(DEMO_MASTER, SECOND, keys), NUMBER), {
    numberHash: numberHashOf(SECOND),
    otherHash: numberHashOf(keys),
    newestKey: 2,
  })
  t.match(numberHashes(deriveCardKeys(DEMO_MASTER, keys, SECOND), NUMBER), {
    otherHash: numberHashOf(SECOND),
    newestKey: 2,
  })

  t.same(ecodeHash(keys, 'ACDE-FGHJ-KMNP-3467'), hmac(keys.ecode, 'ACDEFGHJKMNP3467').subarray(0, 16))
  t.equal(ecodeHashHex(keys, ' acde fghj-kmnp3467 '), ecodeHash(keys, 'ACDE-FGHJ-KMNP-3467').toString('hex'))
  t.not(ecodeHashHex(keys, 'ACDE-FGHJ-KMNP-3467'), ecodeHashHex(keys, 'ACDE-FGHJ-KMNP-3469'))
})

void t.test('check value', async (t) => {
  const fields = { number: NUMBER, expiry: '4912', serviceCode: '722', version: '00' }
  const drawn = BigInt(`0x${hmac(keys.check, `${NUMBER}|4912|722|00`).toString('hex').slice(0, 13)}`)
  t.equal(checkValue(keys, fields), String(drawn % 100_000_000n).padStart(8, '0'))
  t.not(checkValue(keys, fields), checkValue(deriveCardKeys(Buffer.alloc(32)), fields))

  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: length, maxLength: length })
  const any = fc.record({ number: digits(16), expiry: digits(4), serviceCode: digits(3), version: digits(2) })
  const at = fc.record({ digit: fc.nat(32), by: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(any, at, (f, { digit, by }) => {
      const right = checkValue(keys, f)
      assert.match(right, /^[0-9]{8}$/)
      assert.equal(checkValueMatches(keys, f, right), true)
      // One digit changed, anywhere on the stripe. By chance it still matches once in 10^8.
      const all = f.number + f.expiry + f.serviceCode + f.version + right
      const changed = all.slice(0, digit) + String((Number(all[digit]) + by) % 10) + all.slice(digit + 1)
      const [number, expiry, serviceCode, version, presented] = [
        changed.slice(0, 16),
        changed.slice(16, 20),
        changed.slice(20, 23),
        changed.slice(23, 25),
        changed.slice(25),
      ]
      assert.equal(checkValueMatches(keys, { number, expiry, serviceCode, version }, presented), false)
    }),
  )
  const right = checkValue(keys, fields)
  for (const other of ['', right.slice(1), `${right}0`, right.replace(/.$/, 'ł'), '1234567ł'])
    t.equal(checkValueMatches(keys, fields, other), false)
})

/** GCM from its definition (SP 800-38D, 7.1) over nothing but the AES block: a second opinion, for one message. */
const gcm = (key: Buffer, nonce: Buffer, aad: Buffer, plain: Buffer): Buffer => {
  const block = (b: Buffer) => createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(b)
  const big = (b: Buffer) => BigInt(`0x${b.toString('hex')}`)
  const multiply = (x: bigint, y: bigint) => {
    let [z, v] = [0n, y]
    for (let i = 127n; i >= 0n; i--) {
      if ((x >> i) & 1n) z ^= v
      v = v & 1n ? (v >> 1n) ^ (0xe1n << 120n) : v >> 1n
    }
    return z
  }
  const padded = (b: Buffer) => Buffer.concat([b, Buffer.alloc((16 - (b.length % 16)) % 16)])
  const counter = (n: number) => Buffer.concat([nonce, Buffer.of(0, 0, 0, n)])
  const stream = Buffer.concat([2, 3].map((n) => block(counter(n))))
  const cipher = Buffer.from(plain.map((byte, i) => byte ^ (stream[i] ?? 0)))
  const lengths = Buffer.alloc(16)
  lengths.writeUInt32BE(8 * aad.length, 4)
  lengths.writeUInt32BE(8 * cipher.length, 12)
  const hashed = Buffer.concat([padded(aad), padded(cipher), lengths])
  const h = big(block(Buffer.alloc(16)))
  let y = 0n
  for (let i = 0; i < hashed.length; i += 16) y = multiply(y ^ big(hashed.subarray(i, i + 16)), h)
  const tag = y ^ big(block(counter(1)))
  return Buffer.concat([cipher, Buffer.from(tag.toString(16).padStart(32, '0'), 'hex')])
}

void t.test('a number at rest', async (t) => {
  // The second opinion itself first: test case 14 of the GCM specification by McGrew and Viega.
  t.equal(
    gcm(Buffer.alloc(32), Buffer.alloc(12), Buffer.alloc(0), Buffer.alloc(16)).toString('hex'),
    'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  )
  for (const number of [NUMBER, '6299100000000000047', '62991']) {
    const nonce = randomBytes(12)
    const blob = sealNumber(keys, number, nonce)
    t.same(blob, Buffer.concat([Buffer.of(1), nonce, gcm(keys.seal, nonce, Buffer.of(1), Buffer.from(number))]))
    t.equal(openNumber(keys, blob), number)
  }

  const reason = (blob: Buffer, with_ = keys) => {
    try {
      return openNumber(with_, blob)
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
      t.notMatch(error.message, /[0-9]/, 'nothing of the blob in the message')
      return error.reason
    }
  }
  const blob = sealNumber(keys, NUMBER, randomBytes(12))
  for (let bit = 0; bit < 8 * blob.length; bit++) {
    const damaged = Buffer.from(blob)
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (reason(damaged) !== (bit < 8 ? 'key' : 'tag')) t.fail(`bit ${bit} changed`, { got: reason(damaged) })
  }
  for (let length = 0; length < blob.length; length++)
    if (reason(blob.subarray(0, length)) !== (length < 30 ? 'length' : 'tag')) t.fail(`cut to ${length}`)
  t.equal(reason(Buffer.concat([blob, Buffer.of(0)])), 'tag')
  t.equal(reason(blob, deriveCardKeys(Buffer.alloc(32))), 'tag', 'another master key under the same id')
  t.equal(reason(blob, deriveCardKeys(DEMO_MASTER, SECOND)), 'key')
  t.equal(openNumber(deriveCardKeys(DEMO_MASTER, SECOND, keys), blob), NUMBER, 'under the other key')
  t.throws(() => sealNumber(keys, NUMBER, randomBytes(11)), RangeError)
})

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { MALFORMED, type Malformed, malformedText } from '../../src/iso8583/malformed.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack, packInto } from '../../src/iso8583/pack.ts'
import { PackError } from '../../src/iso8583/pack-error.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { CONFIRMATION, PAYMENT, PAYMENT_ANSWER } from './example-messages.ts'
import { messageOf } from './message-arbitrary.ts'
import { PROFILE_NAMES, PROFILES } from './profiles.ts'

const ascii = PROFILES['iso87-ascii']

void t.test('the example of the terminal interface, byte for byte', async (t) => {
  const bytes = pack(ascii, PAYMENT)
  t.equal(bytes.toString('hex', 4, 12), '3238040020c08000')
  t.equal(
    bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 12),
    '0200' +
      '006000' +
      '000000010000' +
      '1122173005' +
      '000017' +
      '183005' +
      '1122' +
      '022' +
      '346299100000000047=49127220001234567' +
      'DEMO0001' +
      '000000000000001' +
      '985',
  )
  t.equal(
    pack(PROFILES['iso87-bcd'], PAYMENT).toString('hex'),
    '0200' +
      '3238040020c08000' +
      '006000' +
      '000000010000' +
      '1122173005' +
      '000017' +
      '183005' +
      '1122' +
      '0022' +
      '346299100000000047d49127220001234567' +
      Buffer.from('DEMO0001000000000000001').toString('hex') +
      '0985',
  )
  for (const name of PROFILE_NAMES) {
    for (const message of [PAYMENT, PAYMENT_ANSWER, CONFIRMATION]) {
      t.same(unpack(PROFILES[name], pack(PROFILES[name], message)), { ok: true, message }, `${name} ${message.mti}`)
    }
  }
})

/** Every refusal names the place, and repeats nothing but the elements before it. */
function checkRefusal(malformed: Malformed, bytes: Buffer, original: Message | null): void {
  const { field, offset, reason, readable } = malformed
  if (!(field >= 0 && field <= 128) || !(offset >= 0 && offset <= bytes.length)) throw new Error(`field ${field}`)
  if (!(reason in MALFORMED) || malformedText(malformed).length > 25) throw new Error(`reason ${reason}`)
  if ((readable === null) !== field <= 1 && reason !== 'leftOver') throw new Error(`readable of field ${field}`)
  for (const [de, value] of Object.entries(readable?.fields ?? {})) {
    if (value === undefined || (Number(de) >= field && reason !== 'leftOver')) throw new Error(`field ${de} read`)
    if (original && original.fields[Number(de)] !== value) throw new Error(`field ${de} differs`)
  }
}

/** Bytes that are accepted come out again; hex digits may have become capitals. */
function checkBytes(profile: Profile, bytes: Buffer): void {
  const unpacked = unpack(profile, bytes)
  if (!unpacked.ok) return checkRefusal(unpacked.malformed, bytes, null)
  const again = pack(profile, unpacked.message)
  if (again.equals(bytes)) return
  const capitals = again.toString('latin1').toUpperCase() === bytes.toString('latin1').toUpperCase()
  if (profile.encodings.binary === 'hex' && capitals) return
  throw new Error('accepted, but packed to other bytes')
}

for (const name of PROFILE_NAMES) {
  const profile = PROFILES[name]

  void t.test(`${name}: every message survives`, async () => {
    fc.assert(
      fc.property(messageOf(profile, profile.specs.size), (message) => {
        const bytes = pack(profile, message)
        const unpacked = unpack(profile, bytes)
        if (!unpacked.ok) throw new Error(malformedText(unpacked.malformed))
        return pack(profile, unpacked.message).equals(bytes) && isDeepStrictEqual(unpacked.message, message)
      }),
      { numRuns: 150 },
    )
  })

  void t.test(`${name}: every cut is refused where it is`, async () => {
    fc.assert(
      fc.property(messageOf(profile), (message) => {
        const bytes = pack(profile, message)
        for (let end = 0; end < bytes.length; end += 1 + (bytes.length >> 8)) {
          const unpacked = unpack(profile, bytes.subarray(0, end))
          if (unpacked.ok) throw new Error(`cut at ${end} and accepted`)
          checkRefusal(unpacked.malformed, bytes.subarray(0, end), message)
          if (unpacked.malformed.reason !== 'cut' && unpacked.malformed.reason !== 'length') throw new Error('reason')
        }
      }),
      { numRuns: 40 },
    )
  })

  void t.test(`${name}: every one-byte change of the example is refused or comes out again`, async (t) => {
    let refused = 0
    for (const message of [PAYMENT, CONFIRMATION]) {
      const bytes = pack(profile, message)
      for (let at = 0; at < bytes.length; at++) {
        const was = bytes.readUInt8(at)
        for (let byte = 0; byte < 256; byte++) {
          bytes[at] = byte
          checkBytes(profile, bytes)
          if (!unpack(profile, bytes).ok) refused++
        }
        bytes[at] = was
      }
    }
    t.ok(refused > 10_000)
  })

  void t.test(`${name}: changes of other messages, and noise`, async () => {
    const bytes = messageOf(profile).map((message) => pack(profile, message))
    const change = fc.tuple(bytes, fc.nat(), fc.nat({ max: 255 })).map(([message, at, byte]) => {
      message[at % message.length] = byte
      return message
    })
    fc.assert(
      fc.property(change, (changed) => checkBytes(profile, changed)),
      { numRuns: 400 },
    )
    const noise = fc
      .uint8Array({ maxLength: 300 })
      .map((rest) => Buffer.concat([pack(profile, PAYMENT).subarray(0, 20), rest]))
    fc.assert(
      fc.property(noise, (changed) => checkBytes(profile, changed)),
      { numRuns: 400 },
    )
  })

  void t.test(`${name}: a secondary bitmap of zeros is accepted, one announced and absent is not`, async (t) => {
    const message: Message = { ...PAYMENT, secondaryBitmap: true }
    const bytes = pack(profile, message)
    t.equal(bytes.length, pack(profile, PAYMENT).length + (profile.bitmaps[0]?.size ?? 0))
    t.same(unpack(profile, bytes), { ok: true, message })
    t.same(unpack(profile, pack(profile, { mti: '0800', fields: {} })), {
      ok: true,
      message: { mti: '0800', fields: {} },
    })
  })
}

void t.test('short values are filled up, n with zeros on the left, text with spaces on the right', async (t) => {
  const short: Message = { mti: '0210', fields: { 4: '1050', 38: 'A7', 41: 'T1', 44: '', 49: '985', 97: 'D1050' } }
  const filled = { 4: '000000001050', 38: 'A7    ', 41: 'T1      ', 44: '', 49: '985', 97: 'D0000000000001050' }
  for (const name of PROFILE_NAMES) {
    t.same(unpack(PROFILES[name], pack(PROFILES[name], short)), { ok: true, message: { mti: '0210', fields: filled } })
  }
})

void t.test('what cannot be packed is an error that names the element and not the value', async (t) => {
  const ROWS: readonly (readonly [fields: Message['fields'], field: number, reason: string])[] = [
    [{ 4: '1234567890123' }, 4, 'length'],
    [{ 4: '12E4' }, 4, 'content'],
    [{ 2: '62991000000000470000' }, 2, 'length'],
    [{ 35: '6299100000000047^4912' }, 35, 'content'],
    [{ 37: 'AB CD' }, 37, 'content'],
    [{ 41: 'ŁÓDŹ' }, 41, 'content'],
    [{ 52: '0011' }, 52, 'length'],
    [{ 52: '001122334455667G' }, 52, 'content'],
    [{ 55: '9F0' }, 55, 'length'],
    [{ 97: '0000000000010050' }, 97, 'content'],
    [{ 1: '0000000000000000' }, 1, 'undefined field'],
    [{ 65: '0', 70: '301' }, 65, 'undefined field'],
    [{ 129: '0' }, 129, 'undefined field'],
  ]
  for (const name of PROFILE_NAMES) {
    for (const [fields, field, reason] of ROWS) {
      const message = `field ${field} cannot be packed: ${reason}`
      t.throws(() => pack(PROFILES[name], { mti: '0200', fields }), { name: 'PackError', field, message }, name)
    }
    for (const mti of ['020', '02000', '02X0', '']) t.throws(() => pack(PROFILES[name], { mti, fields: {} }), PackError)
  }
  t.throws(() => packInto(ascii, PAYMENT, Buffer.alloc(100), 0), PackError)
})

void t.test('a message can be packed into a buffer behind other bytes', async (t) => {
  const target = Buffer.alloc(2 + ascii.most)
  const end = packInto(ascii, PAYMENT, target, 2)
  t.same(target.subarray(2, end), pack(ascii, PAYMENT))
})

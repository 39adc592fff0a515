import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { describe } from '../../simulators/describe/parts.ts'
import { fits } from '../../simulators/describe/fit.ts'
import { type Framing, framings, likeliestFraming, type Piece, pieces } from '../../simulators/describe/frames.ts'
import { hiddenIn, isOpen, shownHex, shownValue } from '../../simulators/describe/mask.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { CONFIRMATION, PAYMENT, PAYMENT_ANSWER } from '../iso8583/example-messages.ts'
import { messageOf } from '../iso8583/message-arbitrary.ts'
import { PROFILE_NAMES, PROFILES, type ProfileName } from '../iso8583/profiles.ts'
import { type Vector, vectorProfile } from '../iso8583/vector-profile.ts'

const ALL: readonly Profile[] = PROFILE_NAMES.map((name) => PROFILES[name])

/** Where the parts of the payment of section 9 stand, counted by hand: element, offset, bytes, of them the length. */
const ASCII = [
  [0, 0, 4, 0],
  [1, 4, 8, 0],
  [3, 12, 6, 0],
  [4, 18, 12, 0],
  [7, 30, 10, 0],
  [11, 40, 6, 0],
  [12, 46, 6, 0],
  [13, 52, 4, 0],
  [22, 56, 3, 0],
  [35, 59, 36, 2],
  [41, 95, 8, 0],
  [42, 103, 15, 0],
  [49, 118, 3, 0],
] as const

const PLACES: Record<ProfileName, readonly (readonly [number, number, number, number])[]> = {
  'iso87-ascii': ASCII,
  'iso87-ebcdic': ASCII,
  'iso87-hex': ASCII.map(([de, at, size, length]) => [de, de > 1 ? at + 8 : at, de === 1 ? 16 : size, length]),
  'iso87-bcd': [
    [0, 0, 2, 0],
    [1, 2, 8, 0],
    [3, 10, 3, 0],
    [4, 13, 6, 0],
    [7, 19, 5, 0],
    [11, 24, 3, 0],
    [12, 27, 3, 0],
    [13, 30, 2, 0],
    [22, 32, 2, 0],
    [35, 34, 18, 1],
    [41, 52, 8, 0],
    [42, 60, 15, 0],
    [49, 75, 2, 0],
  ],
}

t.test('where each part of the example stands', async (t) => {
  for (const name of PROFILE_NAMES) {
    const { parts, malformed, message, unread } = describe(PROFILES[name], pack(PROFILES[name], PAYMENT))
    const places = parts.map(({ de, from, dataFrom, to }) => [de, from, to - from, dataFrom - from])
    t.same(places, PLACES[name], name)
    t.same(message, PAYMENT)
    t.same([malformed, unread], [null, parts.at(-1)?.to])
    t.equal(parts[1]?.value, '3238040020C08000')
    t.equal(parts[2]?.name, 'Processing code')
  }
  const second = describe(PROFILES['iso87-ascii'], pack(PROFILES['iso87-ascii'], CONFIRMATION))
  t.same(
    second.parts.slice(1, 3).map(({ de, name, from, to }) => [de, name, from, to]),
    [
      [1, 'Bitmap', 4, 12],
      [65, 'Bitmap, secondary', 12, 20],
    ],
  )
})

/** It reads what `unpack` reads, refuses what it refuses, and leaves no byte between its parts. */
function disagreement(profile: Profile, bytes: Buffer): string | null {
  const { parts, message, malformed, unread } = describe(profile, bytes)
  const unpacked = unpack(profile, bytes)
  const theirs = unpacked.ok ? [unpacked.message, null] : [unpacked.malformed.readable, unpacked.malformed]
  if (JSON.stringify(theirs) !== JSON.stringify([message, malformed])) return 'read otherwise'
  let end = 0
  for (const { from, dataFrom, to } of parts) {
    if (from !== end || dataFrom < from || to < dataFrom) return `a part at ${from} after ${end}`
    end = to
  }
  if (malformed === null && end !== bytes.length) return 'bytes without a part'
  return end === unread ? null : `unread from ${unread}, parts up to ${end}`
}

/** A message, or what is left of it after one of a few accidents. */
const damaged = (profile: Profile): fc.Arbitrary<Buffer> =>
  fc
    .tuple(messageOf(profile, 12), fc.constantFrom('none', 'change', 'cut', 'add'), fc.nat(), fc.integer({ max: 255 }))
    .map(([message, accident, place, byte]) => {
      const bytes = pack(profile, message)
      const at = place % bytes.length
      if (accident === 'change') bytes.writeUInt8(byte & 0xff, at)
      if (accident === 'cut') return bytes.subarray(0, at)
      return accident === 'add' ? Buffer.concat([bytes, Buffer.of(byte & 0xff)]) : bytes
    })

t.test('it agrees with unpack', async (t) => {
  for (const profile of ALL) {
    fc.assert(
      fc.property(damaged(profile), (bytes) => {
        const problem = disagreement(profile, bytes)
        if (problem !== null) throw new Error(problem)
      }),
      { numRuns: 150 },
    )
  }
  const vectors = readFileSync(new URL('../../../test/vectors/messages.jsonl', import.meta.url), 'utf8')
  let read = 0
  for (const line of vectors.trim().split('\n')) {
    const vector = JSON.parse(line) as Vector
    if (vector.id === 'v042') continue // no profile can have its layout
    const bytes = Buffer.from(vector.hex ?? '', 'hex').subarray(vector.spec.header)
    const problem = disagreement(vectorProfile(vector), bytes)
    if (problem !== null) t.fail(`${vector.id}: ${problem}`)
    read++
  }
  t.equal(read, 210, 'the vectors of other suites, with one to three bitmaps')
})

t.test('the profile that fits', async (t) => {
  for (const message of [PAYMENT, PAYMENT_ANSWER, CONFIRMATION]) {
    for (const name of PROFILE_NAMES) {
      const bytes = pack(PROFILES[name], message)
      const [best, second] = fits(ALL, bytes)
      t.same([best?.profile.name, best?.likeness], [name, 1])
      t.ok(second !== undefined && second.likeness < 0.9, `${name}: no other reads it`)
      t.equal(fits(ALL, bytes.subarray(0, bytes.length - 5))[0]?.profile.name, name, 'cut')
      t.equal(fits(ALL, Buffer.concat([bytes, Buffer.of(0x30)]))[0]?.profile.name, name, 'with a byte too many')
    }
  }
  t.equal(fits(ALL, Buffer.alloc(0))[0]?.likeness, 0)
})

const TPDU = Buffer.from('6000010203', 'hex')

function frame({ length, tpdu }: Framing, body: Buffer): Buffer {
  const header = tpdu === 'none' ? null : TPDU
  if (length === 'none') return Buffer.concat([header ?? Buffer.alloc(0), body])
  return encodeFrame({ length, tpdu, maxFrame: 65_535 }, body, header)
}

const shortly = (piece: Piece): unknown =>
  piece.kind === 'message' ? [piece.kind, piece.at, piece.body.length, piece.cut] : [piece.kind, piece.at]

t.test('every framing is found in every profile', async (t) => {
  for (const name of PROFILE_NAMES) {
    const bodies = [PAYMENT, PAYMENT_ANSWER, CONFIRMATION].map((message) => pack(PROFILES[name], message))
    for (const framing of framings({})) {
      const what = `${name} ${framing.length} ${framing.tpdu}`
      const frames = bodies.map((body) => frame(framing, body))
      for (const bytes of [frames[0] ?? Buffer.alloc(0), Buffer.concat(frames)]) {
        const found = likeliestFraming(bytes, ALL, framings({}))
        t.same(found.framing, framing, what)
        t.ok(found.likeness > 0.9, what)
      }
      const split = pieces(Buffer.concat(frames), ALL, framing)
      t.same(
        split.map((piece) => (piece.kind === 'message' ? piece.body.toString('hex') : piece.kind)),
        bodies.map((body) => body.toString('hex')),
        what,
      )
    }
  }
})

t.test('what stands between messages', async (t) => {
  const body = pack(PROFILES['iso87-ascii'], PAYMENT)
  const be2: Framing = { length: 'be2', tpdu: 'none' }
  const one = frame(be2, body)
  const keepAlive = Buffer.alloc(2)
  const all = Buffer.concat([keepAlive, one, keepAlive, keepAlive, one, keepAlive, one.subarray(0, 50)])
  t.same(likeliestFraming(all, ALL, framings({})).framing, be2)
  t.same(pieces(all, ALL, be2).map(shortly), [
    ['keep-alive', 0],
    ['message', 2, 121, false],
    ['keep-alive', 125],
    ['keep-alive', 127],
    ['message', 129, 121, false],
    ['keep-alive', 252],
    ['message', 254, 48, true],
  ])
  const text = pieces(Buffer.concat([one, Buffer.from('0800')]), ALL, { length: 'ascii4', tpdu: 'none' })
  t.match(text, [{ kind: 'fault', at: 0, text: /not four digits: the bytes are 00793032/ }])
  const wrong = pieces(Buffer.concat([one, Buffer.of(0, 9, 0x41), Buffer.alloc(8)]), ALL, { length: 'be2', tpdu: 5 })
  t.match(wrong, [{ kind: 'fault', at: 0, text: /TPDU begins with 30/, rest: 134 }])
  t.match(pieces(Buffer.of(0), ALL, be2), [{ kind: 'fault', at: 0, rest: 1 }])

  // Without lengths the end of a message is known only where one follows that makes sense.
  const none: Framing = { length: 'none', tpdu: 'none' }
  t.same(pieces(Buffer.concat([body, Buffer.from('more')]), ALL, none).map(shortly), [['message', 0, 125, false]])
  t.same(pieces(Buffer.concat([body, body.subarray(0, 100)]), ALL, none).map(shortly), [
    ['message', 0, 121, false],
    ['message', 121, 100, false],
  ])
})

/** The visible parts of a message: element → value and hex of all of it. */
function seen(name: ProfileName, message: Message): Record<string, string> {
  const bytes = pack(PROFILES[name], message)
  const described = describe(PROFILES[name], bytes)
  const hidden = hiddenIn(PROFILES[name], described, bytes)
  return Object.fromEntries(
    described.parts.map((part) => [
      part.de,
      `${shownValue(part, hidden)} ${shownHex(bytes, hidden, part.from, part.to)}`,
    ]),
  )
}

t.test('what is hidden, in values and in bytes', async (t) => {
  const number = '6299100000000047'
  const message: Message = {
    mti: '0200',
    fields: {
      2: number,
      35: `${number}=4912`,
      42: '462991000000047',
      48: `P ${number}`,
      54: '6001985C000000015000',
      62: 'ABCD',
      86: '0000000000015000',
      88: number,
      90: '020000001711221730050000000000000000000000',
      98: `x${number}`.padEnd(25),
    },
  }
  t.match(seen('iso87-bcd', message), {
    2: /^629910\*{6}0047 16629910\*{6}0047$/,
    35: /^\(hidden\) 21\*{22}$/,
    42: /^462991000000047 /,
    48: /^P 629910\*{6}0047 0018502036323939313\d(\*\*){6}30303437$/,
    54: /^6001985C000000015000 /,
    62: /^\(hidden\) 0004\*{8}$/,
    86: /^0{11}15000 0{11}15000$/,
    88: /^629910\*{6}0047 629910\*{6}0047$/,
    90: /^0200000017112217300500{21} /,
    98: /^x629910\*{6}0047 +/,
  })
  t.match(seen('iso87-ebcdic', message), {
    2: /^629910\*{6}0047 F1F6F6F2F9F9F1F0(\*\*){6}F0F0F4F7$/,
    90: /^02000000171122/,
  })
  // An original that is none is not shown; nor is a balance with a number in it.
  const forged = seen('iso87-ascii', {
    mti: '0400',
    fields: { 54: `00${number}00`, 90: `0200${number}${'0'.repeat(22)}` },
  })
  t.notMatch(forged, { 54: new RegExp(number) })
  t.notMatch(forged, { 90: new RegExp(number) })
  t.match(seen('iso87-ascii', { mti: '0810', fields: { 48: 'D0112KEYBLOCK' } }), { 48: /^\(hidden\) 303133\*+$/ })

  const bytes = pack(PROFILES['iso87-ascii'], PAYMENT)
  const described = describe(PROFILES['iso87-ascii'], bytes)
  const hidden = hiddenIn(PROFILES['iso87-ascii'], described, bytes)
  t.same(
    described.parts.filter((part) => !isOpen(part, hidden)).map(({ de }) => de),
    [35],
  )
})

t.test('a number of an odd length in BCD, and one that is known from elsewhere', async (t) => {
  const long = '6299100000000000047'
  t.match(seen('iso87-bcd', { mti: '0200', fields: { 2: long } }), { 2: /^629910\*{9}0047 190629910\*{9}0047$/ })
  // Neither would be hidden on its own: a store's number, and an amount of which the check digit is wrong.
  const barcode = '5901234123457'
  t.match(seen('iso87-hex', { mti: '0200', fields: { 2: barcode, 42: `00${barcode}` } }), { 42: /^00\*{9}3457 / })
  const wrong = '6299100000000041'
  t.match(seen('iso87-bcd', { mti: '0200', fields: { 2: wrong, 88: wrong } }), {
    88: /^629910\*{6}0041 629910\*{6}0041$/,
  })
})

t.test('a number that a wrong bitmap cuts in two is hidden in both pieces', async (t) => {
  const profile = PROFILES['iso87-ascii']
  const bytes = pack(profile, {
    mti: '0200',
    fields: { 2: '6299100000000047', 3: '006000', 4: '000000010000', 41: 'DEMO0001' },
  })
  bytes.writeUInt8(bytes.readUInt8(4) & 0b1011_1111, 4)
  const described = describe(profile, bytes)
  const hidden = hiddenIn(profile, described, bytes)
  t.not(described.malformed, null)
  t.same(
    described.parts.slice(2, 4).map((part) => [part.de, part.value, shownValue(part, hidden)]),
    [
      [3, '166299', '166299'],
      [4, '100000000047', '10******0047'],
    ],
  )
})

t.test('a bitmap is never masked, also where its digits pass the check of card numbers', async (t) => {
  // 8220000080000000 passes Luhn; the message is cut, so that all digits in it are looked at.
  const bytes = Buffer.concat([Buffer.from('0800', 'latin1'), Buffer.from('8220000080000000', 'hex')])
  for (const [name, message] of [
    ['iso87-ascii', bytes],
    ['iso87-hex', Buffer.from('08008220000080000000', 'latin1')],
  ] as const) {
    const described = describe(PROFILES[name], message)
    const hidden = hiddenIn(PROFILES[name], described, message)
    t.not(described.malformed, null)
    t.same(
      described.parts.map((part) => shownValue(part, hidden)),
      ['0800', '8220000080000000'],
      name,
    )
  }
})

import t from 'tap'
import { malformedText } from '../../src/iso8583/malformed.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { PAYMENT } from './example-messages.ts'
import { PROFILE_NAMES, PROFILES, type ProfileName } from './profiles.ts'

/** The test's own encoding of each wire, independent of the tested code. */
type Wire = {
  readonly text: (text: string) => Buffer
  /** Digits of a number; A to F stand for letters, or for the nibbles that no digit is. */
  readonly digits: (digits: string) => Buffer
  readonly track: (track: string) => Buffer
  readonly bitmap: (hex: string) => Buffer
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Code page 037, as far as it is needed: digits, capitals, space, `=`, `-`. */
function ebcdic(text: string): Buffer {
  const rows = [
    [0xf0, '0123456789'],
    [0xc1, 'ABCDEFGHI'],
    [0xd1, 'JKLMNOPQR'],
    [0xe2, 'STUVWXYZ'],
    [0x40, ' '],
    [0x7e, '='],
    [0x60, '-'],
  ] as const
  const code = (character: string): number => {
    const row = rows.find(([, characters]) => characters.includes(character))
    if (!row) throw new Error('not in this test')
    return row[0] + row[1].indexOf(character)
  }
  return Buffer.from(text.split('').map(code))
}

const bcd = (digits: string): Buffer => Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex')

const WIRES = {
  'iso87-ascii': { text: latin1, digits: latin1, track: latin1, bitmap: hex },
  'iso87-hex': { text: latin1, digits: latin1, track: latin1, bitmap: latin1 },
  'iso87-bcd': {
    text: latin1,
    digits: bcd,
    track: (track) => hex(track.replace('=', 'D') + (track.length % 2 ? 'F' : '')),
    bitmap: hex,
  },
  'iso87-ebcdic': { text: ebcdic, digits: ebcdic, track: ebcdic, bitmap: hex },
} as const satisfies Record<ProfileName, Wire>

/** The payment of the example in parts, any of which can be replaced. */
type Parts = { mti: Buffer; bitmap: Buffer; amount: Buffer; length35: Buffer; track: Buffer }

const TRACK = '6299100000000047=49127220001234567'

function message({ text, digits, track, bitmap }: Wire, changed: Partial<Parts>): Buffer {
  const parts: Parts = {
    mti: digits('0200'),
    bitmap: bitmap('3238040020C08000'),
    amount: digits('000000010000'),
    length35: digits('34'),
    track: track(TRACK),
    ...changed,
  }
  return Buffer.concat([
    parts.mti,
    parts.bitmap,
    digits('006000'),
    parts.amount,
    ...['1122173005', '000017', '183005', '1122', '022'].map(digits),
    parts.length35,
    parts.track,
    text('DEMO0001'),
    text('000000000000001'),
    digits('985'),
  ])
}

/** The eleven ways to break a 0200 that were tried on other codecs, and what each is called here. */
const WAYS: readonly (readonly [way: string, broken: (wire: Wire) => Buffer, text: string])[] = [
  ['cut in the middle', (wire) => message(wire, {}).subarray(0, message(wire, {}).length >> 1), ''],
  ['cut by the last byte', (wire) => message(wire, {}).subarray(0, -1), 'F049 cut'],
  ['bytes left over', (wire) => Buffer.concat([message(wire, {}), wire.digits('00')]), 'F049 left over'],
  ['a length of letters', (wire) => message(wire, { length35: wire.digits('AB') }), 'F035 length'],
  [
    'a length of -1',
    (wire) => message(wire, { length35: wire === WIRES['iso87-bcd'] ? hex('D1') : wire.text('-1') }),
    'F035 length',
  ],
  [
    'a length past the end',
    (wire) => message(wire, {}).subarray(0, message(wire, { track: hex('') }).length - 20),
    'F035 length',
  ],
  [
    'a length above the maximum though the bytes are there',
    (wire) => message(wire, { length35: wire.digits('38'), track: wire.track(`${TRACK}0000`) }),
    'F035 length',
  ],
  ['letters in the amount', (wire) => message(wire, { amount: wire.digits('0000000A0000') }), 'F004 content'],
  ['letters in the MTI', (wire) => message(wire, { mti: wire.digits('02A0') }), 'F000 content'],
  [
    'a secondary bitmap announced but absent',
    (wire) => Buffer.concat([wire.digits('0800'), wire.bitmap('8220000000000000')]),
    'F001 cut',
  ],
]

for (const name of PROFILE_NAMES) {
  const profile = PROFILES[name]
  const wire = WIRES[name]

  void t.test(`${name}: none of the eleven is let through`, async (t) => {
    t.same(message(wire, {}), pack(profile, PAYMENT), 'the message is good before it is broken')
    for (const [way, broken, text] of WAYS) {
      const unpacked = unpack(profile, broken(wire))
      if (unpacked.ok) t.fail(`${way} was let through`)
      else if (text === '') t.match(malformedText(unpacked.malformed), /^F0\d\d (cut|length)$/, way)
      else t.equal(malformedText(unpacked.malformed), text, way)
    }

    // Only hex digits can be no bitmap. Raw bytes always are one; there a third bitmap stands for it, which no
    // profile has.
    const third = Buffer.concat([
      wire.digits('0800'),
      wire.bitmap('80000000000000008000000000000000'),
      wire.digits('000000'),
    ])
    const noBitmap = name === 'iso87-hex' ? message(wire, { bitmap: latin1('323804002OC08000') }) : third
    const unpacked = unpack(profile, noBitmap)
    if (unpacked.ok) t.fail('a bitmap that is none was let through')
    else t.equal(malformedText(unpacked.malformed), name === 'iso87-hex' ? 'F001 bitmap' : 'F065 undefined field')
  })

  void t.test(`${name}: a refusal gives the elements before it`, async (t) => {
    const bytes = message(wire, { length35: wire.digits('38') })
    const unpacked = unpack(profile, bytes)
    const { 35: _, 41: __, 42: ___, 49: ____, ...before } = PAYMENT.fields
    const offset = wire.bitmap('3238040020C08000').length + wire.digits('0200').length + before22(wire)
    t.same(unpacked, {
      ok: false,
      malformed: { field: 35, offset, reason: 'length', readable: { mti: '0200', fields: before } },
    })
    t.same(unpack(profile, message(wire, { mti: wire.digits('02A0') })), {
      ok: false,
      malformed: { field: 0, offset: name === 'iso87-bcd' ? 1 : 2, reason: 'content', readable: null },
    })
    const over = unpack(profile, Buffer.concat([message(wire, {}), Buffer.alloc(3)]))
    t.same(over, {
      ok: false,
      malformed: { field: 49, offset: message(wire, {}).length, reason: 'leftOver', readable: PAYMENT },
    })
  })
}

/** Bytes of elements 3 to 22 on that wire. */
const before22 = ({ digits }: Wire): number =>
  ['006000', '000000010000', '1122173005', '000017', '183005', '1122', '022'].reduce(
    (sum, value) => sum + digits(value).length,
    0,
  )

void t.test('what only BCD can have wrong', async (t) => {
  const wire = WIRES['iso87-bcd']
  const ROWS: readonly (readonly [what: string, bytes: Buffer, text: string])[] = [
    [
      'a filling nibble of a number that is not 0',
      Buffer.concat([hex('0800'), hex('0000010000000000'), hex('1301')]),
      'F024 content',
    ],
    ['a filling nibble of a track that is not F', message(wire, { length35: hex('33') }), 'F035 content'],
    [
      'a filler inside a track',
      message(wire, { track: hex(`${TRACK.slice(0, 16)}F${TRACK.slice(17)}`) }),
      'F035 content',
    ],
    [
      'a length with a nibble too many',
      Buffer.concat([hex('0800'), hex('0000000000010000'), hex('1001'), latin1('P')]),
      'F048 length',
    ],
  ]
  for (const [what, bytes, text] of ROWS) {
    const unpacked = unpack(PROFILES['iso87-bcd'], bytes)
    t.equal(unpacked.ok ? 'let through' : malformedText(unpacked.malformed), text, what)
  }
})

import fc from 'fast-check'
import t from 'tap'
import { describe } from '../../simulators/describe/parts.ts'
import { hiddenIn, shownHex, shownValue } from '../../simulators/describe/mask.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { parseProfile, type Profile } from '../../src/iso8583/profile.ts'
import { TEXT_SETS, type TextSet } from '../../src/iso8583/text-set.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { PAYMENT_ANSWER } from './example-messages.ts'
import { PROFILE_NAMES, PROFILES, profileText } from './profiles.ts'

/* The text of an answer in another character set than its profile has for text. */

const POLISH = 'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ'

/** `Brak środków`, written out by hand from the code charts. */
const BYTES = {
  'iso-8859-2': '4272616b20b6726f646bf377',
  'windows-1250': '4272616b209c726f646bf377',
  cp852: '4272616b2098726f646ba277',
  'utf-8': '4272616b20c59b726f646bc3b377',
} as const satisfies Record<TextSet, string>

const withText = (text: string): Message => ({
  mti: '0210',
  fields: { ...PAYMENT_ANSWER.fields, 63: text, 64: 'A1B2C3D4E5F60718' },
})

/** The profile of a reader of such answers. */
const reading = (profile: Profile, set: TextSet): Profile => ({ ...profile, ...profile.textIn[set] })

/** The length before it in each profile, of 12 and of 14 bytes. */
const LENGTHS = {
  'iso87-ascii': ['303132', '303134'],
  'iso87-hex': ['303132', '303134'],
  'iso87-bcd': ['0012', '0014'],
  'iso87-ebcdic': ['f0f1f2', 'f0f1f4'],
} as const satisfies Record<(typeof PROFILE_NAMES)[number], readonly [string, string]>

t.test('the bytes of one text in every profile and set', async (t) => {
  for (const name of PROFILE_NAMES) {
    const profile = PROFILES[name]
    const [twelve, fourteen] = LENGTHS[name]
    const without = pack(profile, withText('')).toString('hex')
    const mac = profile.encodings.binary === 'hex' ? 32 : 16
    for (const set of TEXT_SETS) {
      const bytes = pack(profile.textIn[set], withText('Brak środków'))
      const length = set === 'utf-8' ? fourteen : twelve
      const head = without.slice(0, -mac - length.length)
      t.equal(bytes.toString('hex'), head + length + BYTES[set] + without.slice(-mac), `${name} ${set}`)
      t.same(unpack(reading(profile, set), bytes), { ok: true, message: withText('Brak środków') }, `${name} ${set}`)
      const strict = unpack(profile, bytes)
      t.match(strict, { ok: false, malformed: { field: 63, reason: 'content' } }, `${name} takes no ${set} itself`)
    }
  }
})

t.test('what a set can say comes out again, and what it cannot is refused', async (t) => {
  for (const set of TEXT_SETS) {
    for (const name of PROFILE_NAMES) {
      const profile = PROFILES[name]
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom(...Array.from(`${POLISH}Ab 9~`)), maxLength: 400 }), (text) => {
          const read = unpack(reading(profile, set), pack(profile.textIn[set], withText(text)))
          return read.ok && read.message.fields[63] === text
        }),
        { numRuns: 25 },
      )
    }
    const written = (text: string) => pack(PROFILES['iso87-ascii'].textIn[set], withText(text))
    for (const text of ['a\nb', 'a\u00adb', 'a\u{1f600}b', '\ud800', '\ufeffab', '\u2028']) {
      t.throws(
        () => written(text),
        { name: 'PackError', field: 63, message: /content/ },
        `${set} ${Buffer.from(text).toString('hex')}`,
      )
    }
    if (set !== 'utf-8') t.throws(() => written('Привет'), { name: 'PackError', field: 63 }, set)
    t.throws(() => written('x'.repeat(1000)), { name: 'PackError', field: 63, message: /length/ })
    const most = set === 'utf-8' ? 499 : 999
    t.equal(
      written('ó'.repeat(most)).length,
      written('').length + (set === 'utf-8' ? 998 : 999),
      'a length is of bytes',
    )
    t.throws(() => written('ó'.repeat(most + 1)), { name: 'PackError', field: 63, message: /length/ })
  }
})

t.test('bytes that a set does not have are refused where they stand', async (t) => {
  const rows: [TextSet, number[]][] = [
    ['iso-8859-2', [0x41, 0x80]],
    ['windows-1250', [0x41, 0x81]],
    ['cp852', [0x41, 0x1b]],
    ['utf-8', [0x41, 0xc5]],
    ['utf-8', [0xc0, 0x80]],
    ['utf-8', [0xef, 0xbb, 0xbf]],
  ]
  for (const [set, wrong] of rows) {
    const profile = PROFILES['iso87-ascii']
    const bytes = pack(profile, withText('A'.repeat(wrong.length)))
    const at = bytes.length - 8 - wrong.length
    Buffer.from(wrong).copy(bytes, at)
    const { malformed } = unpack(reading(profile, set), bytes) as { malformed?: unknown }
    t.match(malformed, { field: 63, offset: at, reason: 'content' }, `${set} ${Buffer.from(wrong).toString('hex')}`)
  }
})

t.test('a dialect of its own: no text, a text of fixed length, one that is no text', async (t) => {
  const ROW = /^ {2}63: .*$/m
  const dialect = (row: string): Profile => parseProfile(profileText('iso87-ascii').replace(ROW, row), 'x.yaml')
  t.match(profileText('iso87-ascii'), ROW)
  const { 63: _none, ...others } = withText('').fields
  const message = { mti: '0210', fields: others }
  const none = dialect('')
  t.same(pack(none.textIn.cp852, message), pack(none, message))
  const fixed = dialect('  63: { name: Text, content: ans, length: fixed 20 }')
  const text = pack(fixed.textIn['utf-8'], withText('Brak środków')).subarray(-28, -8)
  t.equal(text.toString('utf8'), 'Brak środków      ', 'filled up with spaces, by bytes')
  const number = dialect('  63: { name: Text, content: n, length: LLLVAR..999 }')
  t.same(pack(number.textIn.cp852, withText('123')), pack(number, withText('123')))
})

t.test('a card number in such a text is hidden where it stands', async (t) => {
  for (const set of TEXT_SETS) {
    for (const number of ['6299100000000047', '1234567890123456']) {
      const profile = reading(PROFILES['iso87-ascii'], set)
      const bytes = pack(profile, withText(`źródło ${number} już`))
      const described = describe(profile, bytes)
      const hidden = hiddenIn(profile, described, bytes)
      const part = described.parts.find(({ de }) => de === 63)
      if (part === undefined) throw new Error('no text')
      const masked = `${number.slice(0, 6)}******${number.slice(-4)}`
      t.equal(shownValue(part, hidden), `źródło ${masked} już`, set)
      const shown = shownHex(bytes, hidden, part.dataFrom, part.to)
      const digits = (some: string): string => Buffer.from(some).toString('hex').toUpperCase()
      t.ok(shown.includes(digits(number.slice(0, 6)) + '**'.repeat(6) + digits(number.slice(-4))), `${set} ${shown}`)
    }
  }
})

import fc from 'fast-check'
import t from 'tap'
import { malformedText } from '../../src/iso8583/malformed.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PROFILE_NAMES, PROFILE_TEXTS, PROFILES } from './profiles.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { readTlv, type Tlv, writeTlv } from '../../src/iso8583/tlv.ts'
import { unpack } from '../../src/iso8583/unpack.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** `9F02:000000001000 E1(C0:01 C1:02)`. */
const shown = (elements: readonly Tlv[]): string =>
  elements
    .map(({ tag, value, elements: inner }) =>
      inner === null ? `${tag}:${value.toString('hex').toUpperCase()}` : `${tag}(${shown(inner)})`,
    )
    .join(' ')

const GOOD: readonly (readonly [bytes: string, shown: string])[] = [
  ['', ''],
  ['5A 00', '5A:'],
  ['9F02 06 000000001000 5F2A 02 0985', '9F02:000000001000 5F2A:0985'],
  ['E1 06 C0 01 01 C1 01 02', 'E1(C0:01 C1:02)'],
  ['70 04 61 02 50 00', '70(61(50:))'],
  ['DF8101 01 07', 'DF8101:07'],
  ['9F1F 81 01 41', '9F1F:41'],
  // EMV book 3, annex B: padding before, between and after data objects, in templates too.
  ['00 00', ''],
  ['FF FF FF', ''],
  ['5A 01 01 00 00', '5A:01'],
  ['00 5A 01 01 00 9F02 01 07 00', '5A:01 9F02:07'],
  ['FF 9F02 01 07 FF FF 5F2A 02 0985 FF', '9F02:07 5F2A:0985'],
  ['E1 07 00 C0 01 01 00 FF FF 5A 00', 'E1(C0:01) 5A:'],
  ['FF8105 03 C0 01 02 FF', 'FF8105(C0:02)'],
  [`C0 8180 ${'AB'.repeat(128)}`, `C0:${'AB'.repeat(128)}`],
  [`C0 820100 ${'AB'.repeat(256)}`, `C0:${'AB'.repeat(256)}`],
]

const BAD: readonly (readonly [title: string, bytes: string, offset: number])[] = [
  ['a tag and nothing behind it', '5A', 0],
  ['a value that is too short', '5A 02 01', 0],
  ['the second tag', '5A 01 01 9F02 06 00', 3],
  ['a tag number that begins with nothing', 'DF 80 01 00', 0],
  ['a tag number without an end', 'DF 81 82 83 84 01 00', 0],
  ['a tag number that is cut', 'DF 81', 0],
  ['an indefinite length', '70 80 5A 00 00 00', 0],
  ['a length of three bytes', 'C0 83 00 00 01 AB', 0],
  ['a length that is cut', 'C0 82 01', 0],
  ['one that reaches out of its template', 'E1 03 C0 02 01 02', 2],
  ['a byte left over in a template', 'E1 04 C0 01 01 C1', 5],
  ['behind padding', '5A 01 01 00 FF 9F02 06 00', 5],
  ['too deep', '70 10 70 0E 70 0C 70 0A 70 08 70 06 70 04 70 02 70 00', 16],
]

void t.test('BER-TLV that is read', async (t) => {
  for (const [bytes, wanted] of GOOD) {
    const read = readTlv(hex(bytes))
    t.equal(read.kind === 'tlv' ? shown(read.elements) : `fault at ${read.offset}`, wanted, bytes)
  }
})

void t.test('BER-TLV that is refused, and where', async (t) => {
  for (const [title, bytes, offset] of BAD) t.same(readTlv(hex(bytes)), { kind: 'fault', offset }, title)
})

const leaf = fc
  .tuple(fc.constantFrom('5A', 'C0', '9F02', 'DF8101'), fc.uint8Array({ maxLength: 300 }))
  .map(([tag, value]) => writeTlv(tag, Buffer.from(value)))
const nodeOf = (depth: number): fc.Arbitrary<Buffer> =>
  depth === 0
    ? leaf
    : fc.oneof(
        leaf,
        fc
          .tuple(fc.constantFrom('E1', '70', 'BF0C'), fc.array(nodeOf(depth - 1), { maxLength: 3 }))
          .map(([tag, inner]) => writeTlv(tag, Buffer.concat(inner))),
      )

const written = (elements: readonly Tlv[]): Buffer =>
  Buffer.concat(
    elements.map(({ tag, value, elements: inner }) => writeTlv(tag, inner === null ? value : written(inner))),
  )

void t.test('what is written is read back; cut anywhere it is other data or refused, and nothing throws', async () => {
  fc.assert(
    fc.property(fc.array(nodeOf(4), { maxLength: 4 }), fc.nat(), (nodes, at) => {
      const bytes = Buffer.concat(nodes)
      const read = readTlv(bytes)
      if (read.kind === 'fault') return false
      const cut = readTlv(bytes.subarray(0, bytes.length === 0 ? 0 : at % bytes.length))
      const shorter = cut.kind === 'fault' || cut.elements.length < Math.max(1, read.elements.length)
      return written(read.elements).equals(bytes) && shorter
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => readTlv(Buffer.from(bytes)) !== null))
})

void t.test('as a content type of a profile: refused where the tag is wrong', async (t) => {
  for (const name of PROFILE_NAMES) {
    const text = `name: tlv\nextends: ${name}\nfields:\n  55: { name: ICC data, content: tlv, length: LLLVAR..255 }\n`
    const [asTlv, asBinary] = [parseProfile(text, 'tlv.yaml', PROFILE_TEXTS), PROFILES[name]]
    t.equal(asTlv.specs.get(55)?.content, 'tlv')
    const message = { mti: '0100', fields: { 11: '000001', 55: 'E106C00101C10102' } }
    const bytes = pack(asTlv, message)
    t.same(bytes, pack(asBinary, message), `${name}: the same on the wire`)
    t.match(unpack(asTlv, bytes), { ok: true, message }, 'and read')

    const broken = pack(asBinary, { mti: '0100', fields: { 11: '000001', 55: '5A0101E103C002' } })
    const read = unpack(asTlv, broken)
    if (read.ok) throw new Error('broken data were read')
    t.equal(malformedText(read.malformed), 'F055 tag')
    const data = broken.length - 7 * (name === 'iso87-hex' ? 2 : 1)
    t.equal(read.malformed.offset, data + 3 * (name === 'iso87-hex' ? 2 : 1), 'at the tag that is wrong')
    t.same(read.malformed.readable, { mti: '0100', fields: { 11: '000001' } })
    t.throws(() => pack(asTlv, { mti: '0100', fields: { 55: '5A0201' } }), /field 55 cannot be packed: content/)
  }
})

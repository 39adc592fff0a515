import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Message } from '../../src/iso8583/message.ts'
import { malformedText } from '../../src/iso8583/malformed.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { type Vector, vectorProfile } from './vector-profile.ts'

const VECTORS = readFileSync(new URL('../../../test/vectors/messages.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

/** Input that the peer accepts and we refuse: an MTI has four digits. */
const STRICTER: Readonly<Record<string, string>> = { v005: 'F000 content', v008: 'F000 content' }

/** Layouts that no profile can have, and why. */
const NO_PROFILE: Readonly<Record<string, string>> = { v042: 'an element of fixed length 0' }

/** The value of a tag in BER-TLV data, in hex: `9F02` in element 55. What is inside an element is not the codec's. */
function tagValue(tlv: string, wanted: string): string | null {
  const bytes = Buffer.from(tlv, 'hex')
  for (let at = 0; at < bytes.length;) {
    const start = at
    if ((bytes.readUInt8(at++) & 0x1f) === 0x1f) while (bytes.readUInt8(at++) & 0x80);
    const tag = bytes.toString('hex', start, at).toUpperCase()
    const length = bytes.readUInt8(at++)
    if (tag === wanted) return bytes.toString('hex', at, at + length).toUpperCase()
    at += length
  }
  return null
}

function differences({ fields, spec }: Vector, message: Message): string[] {
  return Object.entries(fields).flatMap(([de, theirs]) => {
    const [element = '', tag] = de.split('.')
    if (element === 'header') return []
    const value = element === '0' ? message.mti : message.fields[Number(element)]
    const expected = theirs.startsWith('hex:') ? theirs.slice(4).toUpperCase() : theirs
    const unpadded = spec.fields[de]?.padnote === '0' ? value?.replace(/^0+/, '') : value
    const ours = tag === undefined ? unpadded : tagValue(value ?? '', tag)
    return ours === expected ? [] : [`${de}: ${ours} for ${expected}`]
  })
}

void t.test('messages of other test suites, with their layouts as profiles', async (t) => {
  t.equal(VECTORS.length, 211)
  for (const vector of VECTORS) {
    const name = `${vector.id} ${vector.source}`
    if (vector.id in NO_PROFILE) {
      t.throws(() => vectorProfile(vector), { name: 'ProfileError' }, name)
      continue
    }
    const profile = vectorProfile(vector)
    const bytes = Buffer.from(vector.hex ?? '', 'hex').subarray(vector.spec.header)
    const unpacked = unpack(profile, bytes)
    if (unpacked.ok) {
      const again = pack(profile, unpacked.message)
      t.ok(again.toString('latin1').toUpperCase() === bytes.toString('latin1').toUpperCase(), `${name} packed again`)
    }
    if (vector.id in STRICTER) {
      t.equal(unpacked.ok ? 'accepted' : malformedText(unpacked.malformed), STRICTER[vector.id], name)
    } else if (vector.expect === 'error') {
      t.notOk(unpacked.ok, `${name} refused`)
    } else if (unpacked.ok) {
      t.same(differences(vector, unpacked.message), [], name)
    } else {
      t.fail(`${name}: ${malformedText(unpacked.malformed)} at ${unpacked.malformed.offset}`)
    }
  }
})

import { describe, type Part } from '../describe/parts.ts'
import type { WireLine } from '../fuzz/wire-line.ts'
import { type ByteStage, inWords } from './byte-stage.ts'
import { finding, type Finding, passedOver } from './check.ts'

/** A payment's bytes made wrong, or null where the dialect cannot have that fault. `parts` by element; 0 the MTI. */
type Spoil = (bytes: Buffer, part: (de: number) => Part, stage: ByteStage) => Buffer | null

const put = (bytes: Buffer, at: number, by: Buffer | string): Buffer => {
  const changed = Buffer.from(bytes)
  Buffer.from(by).copy(changed, at)
  return changed
}

const TRACK = 35
const AMOUNT = 4

/** A length in the code of the profile: text digits, EBCDIC ones, or BCD. */
function lengthOf(part: Part, digits: string, { line: { profile } }: ByteStage): Buffer {
  const size = part.dataFrom - part.from
  if (profile.encodings.length === 'bcd') return Buffer.from(digits.padStart(2 * size, '0').slice(-2 * size), 'hex')
  const shift = profile.encodings.length === 'ebcdic' ? 0xf0 - 0x30 : 0
  return Buffer.from(Array.from(digits.padStart(size, '0'), (digit) => digit.charCodeAt(0) + shift))
}

/** A character that no number has, in the code of the digits. */
const letter = ({ line: { profile } }: ByteStage): Buffer =>
  Buffer.from([profile.encodings.numeric === 'bcd' ? 0xab : profile.encodings.numeric === 'ebcdic' ? 0xc1 : 0x41])

/** The ways to break an 0200 that models.md found peers to let through. */
const spoils: Readonly<Record<string, Spoil>> = {
  'cut in the middle': (bytes, part) => bytes.subarray(0, part(TRACK).dataFrom + 3),
  'cut by its last byte': (bytes) => bytes.subarray(0, -1),
  'with bytes left over': (bytes) => Buffer.concat([bytes, Buffer.from('00')]),
  'with a length of letters': (bytes, part, stage) =>
    put(bytes, part(TRACK).from, Buffer.alloc(part(TRACK).dataFrom - part(TRACK).from, letter(stage)[0])),
  'with a length of -1': (bytes, part, { line: { profile } }) => {
    const { length } = profile.encodings
    return put(
      bytes,
      part(TRACK).from,
      length === 'bcd' ? Buffer.of(0xd1) : Buffer.from(length === 'ebcdic' ? '60f1' : '2d31', 'hex'),
    )
  },
  'with a length past its end': (bytes, part, stage) => {
    const cut = bytes.subarray(0, part(TRACK).to)
    return put(cut, part(TRACK).from, lengthOf(part(TRACK), '37', stage))
  },
  'with a length above what the element may have': (bytes, part, stage) => {
    const { from, to } = part(TRACK)
    const digit = bytes.subarray(to - 2, to - 1)
    const long = Buffer.concat([
      bytes.subarray(0, to - 1),
      Buffer.concat(Array.from({ length: 60 }, () => digit)),
      bytes.subarray(to),
    ])
    return put(long, from, lengthOf(part(TRACK), '99', stage))
  },
  'with letters in the amount': (bytes, part, stage) => put(bytes, part(AMOUNT).dataFrom + 2, letter(stage)),
  'with a second bitmap that is announced and absent': (bytes, part) => {
    const { from } = part(1)
    const first = bytes.readUInt8(from)
    // The first bit, as a bit or as that of a hex digit (the bitmap of a payment begins with 3 or 7).
    const isHex = bytes.subarray(from, from + 16).every((byte) => /[0-9A-F]/.test(String.fromCharCode(byte)))
    return put(bytes, from, isHex ? ((first | 0x08) === 0x3b ? 'B' : 'F') : Buffer.of(first | 0x80))
  },
}

const partOf =
  (stage: ByteStage, bytes: Buffer) =>
  (de: number): Part => {
    const found = describe(stage.line.profile, bytes).parts.find((part) => part.de === de)
    if (found === undefined) throw new Error(`the payment has no element ${de}`)
    return found
  }

type MessageCheck = (stage: ByteStage, line: WireLine) => Promise<Finding>

const refused =
  (spoil: Spoil): MessageCheck =>
  async (stage, line) => {
    const bytes = stage.packed(stage.request('payment'))
    const spoilt = spoil(bytes, partOf(stage, bytes), stage)
    if (spoilt === null) return passedOver('this profile has no such thing')
    const [came] = await stage.exchange(line, stage.framed(spoilt), 1)
    return finding([
      ...(came?.code === '30' ? [] : [`expected 30, came ${inWords(came)}`]),
      ...(/^F\d{3} /.test(came?.reason ?? '') ? [] : ['DE44 does not name the field']),
      ...(await stage.serves(line)),
    ])
  }

/** Where not even MTI and bitmap can be read, nothing is sent (section 1). */
const unanswered =
  (spoil: Spoil): MessageCheck =>
  async (stage, line) => {
    const bytes = stage.packed(stage.request('payment'))
    const spoilt = spoil(bytes, partOf(stage, bytes), stage)
    if (spoilt === null) return passedOver('this profile has no such thing')
    const came = await stage.exchange(line, stage.framed(spoilt), 0)
    return finding([...came.map((one) => `it was answered: ${inWords(one)}`), ...(await stage.serves(line))])
  }

/** Section 2. */
export const messageChecks: Readonly<Record<string, MessageCheck>> = {
  ...Object.fromEntries(
    Object.entries(spoils).map(([what, spoil]) => [`a payment ${what} is refused`, refused(spoil)]),
  ),
  'a payment with letters in its MTI is not answered': unanswered((bytes, _, stage) => put(bytes, 0, letter(stage))),
  'a payment with a bitmap that is not hex is not answered': unanswered((bytes, part, { line: { profile } }) =>
    profile.encodings.bitmap === 'raw' ? null : put(bytes, part(1).from, 'ZZ'),
  ),
  'a second bitmap of zeros is accepted': async (stage, line) => {
    const { profile } = stage.line
    const bytes = stage.packed(stage.request('payment'))
    const { from, to } = partOf(stage, bytes)(1)
    const announced = spoils['with a second bitmap that is announced and absent']?.(bytes, partOf(stage, bytes), stage)
    if (announced === null || announced === undefined) return passedOver('there is only one bitmap')
    const zeros = Buffer.alloc(to - from, profile.encodings.bitmap === 'raw' ? 0 : 0x30)
    const whole = Buffer.concat([announced.subarray(0, to), zeros, announced.subarray(to)])
    const [came] = await stage.exchange(line, stage.framed(whole), 1)
    return finding(came?.code === '00' ? [] : [`expected 00, came ${inWords(came)}`])
  },
}

/** Checks of section 3 that scenarios cannot express. */
export const requestChecks: Readonly<Record<string, MessageCheck>> = {
  'a request that is not in the table is answered 12': async (stage, line) => {
    const problems = []
    for (const [mti, wanted] of [
      ['0301', '0310'],
      ['0620', '0630'],
    ] as const) {
      const [came] = await stage.exchange(line, stage.framed(stage.packed({ ...stage.request('payment'), mti })), 1)
      if (came?.mti !== wanted || came.code !== '12')
        problems.push(`${mti}: expected ${wanted} 12, came ${inWords(came)}`)
    }
    return finding(problems)
  },
}

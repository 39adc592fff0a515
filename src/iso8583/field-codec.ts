import { bcdDigits, bcdTrack } from './bcd-data.ts'
import { hexData, rawData } from './binary-data.ts'
import { CHARSETS, EBCDIC } from './charset.ts'
import { type Content, TEXT_CONTENT } from './content.ts'
import { type Cursor, fault } from './cursor.ts'
import type { Data } from './data.ts'
import type { BinaryEncoding, DigitEncoding, Encodings, FieldSpec } from './field-spec.ts'
import { counting, LENGTH_PREFIX, type LengthPrefix } from './length-prefix.ts'
import { PackError } from './pack-error.ts'
import { tlvData } from './tlv-data.ts'
import { signedData, textData, textDigits } from './text-data.ts'
import { type TextSet, textSetData } from './text-set.ts'

/** The reader and writer of one data element. */
export type FieldCodec = {
  /** Reads at the cursor and moves it, or sets the fault. */
  readonly read: (cursor: Cursor) => string
  /** Writes the value; returns its end. @throws PackError */
  readonly write: (target: Buffer, at: number, value: string) => number
  /** The most bytes on the wire. */
  readonly most: number
}

const DIGITS = {
  ascii: textDigits(CHARSETS.ascii),
  ebcdic: textDigits(CHARSETS.ebcdic),
  bcd: bcdDigits(),
} as const satisfies Record<DigitEncoding, Data>

const TRACK = {
  ascii: textData(CHARSETS.ascii, TEXT_CONTENT.z, false),
  ebcdic: textData(CHARSETS.ebcdic, TEXT_CONTENT.z, false),
  bcd: bcdTrack(),
} as const satisfies Record<DigitEncoding, Data>

const BINARY = {
  raw: rawData,
  hex: hexData(CHARSETS.ascii),
  'hex-ebcdic': hexData(CHARSETS.ebcdic),
} as const satisfies Record<BinaryEncoding, Data>

/** One codec for all elements of the same kind: a profile has a hundred elements, and each codec has tables to compute. */
function text(content: 'a' | 'an' | 'ans') {
  const made = new Map<string, Data>()
  return ({ text, codePage }: Encodings, fixed: boolean): Data => {
    const name = `${text} ${text === 'ebcdic' ? codePage : ''} ${fixed}`
    const charset = text === 'ebcdic' ? EBCDIC[codePage] : CHARSETS[text]
    const data = made.get(name) ?? textData(charset, TEXT_CONTENT[content], fixed)
    made.set(name, data)
    return data
  }
}

/** The encoding of each content type under the settings of a profile. */
const DATA = {
  n: ({ numeric }) => DIGITS[numeric],
  a: text('a'),
  an: text('an'),
  ans: text('ans'),
  b: ({ binary }) => BINARY[binary],
  z: ({ track2 }) => TRACK[track2],
  tlv: ({ binary }) => tlvData(BINARY[binary]),
  'x+n': (encodings) => signedData(CHARSETS[encodings.text], DIGITS[encodings.numeric]),
} as const satisfies Record<Content, (encodings: Encodings, fixed: boolean) => Data>

/** Makes reader and writer of an element from its row in the profile. */
export const fieldCodec = (spec: FieldSpec): FieldCodec => codecOf(spec, dataOf(spec))

/** Reader and writer of an element whose text has another character set; its length prefix stays that of the profile. */
export const textSetCodec = (spec: FieldSpec, set: TextSet): FieldCodec =>
  spec.content === 'ans' ? codecOf(spec, textSetData(set)) : fieldCodec(spec)

function codecOf(spec: FieldSpec, data: Data): FieldCodec {
  const { de, content, length } = spec
  if (length.kind === 'fixed') return fixedField(de, data, content === 'x+n' ? length.size + 1 : length.size)
  return variableField(de, data, prefixOf(spec, length.digits, data), length.most)
}

function dataOf({ content, length, encodings, filler }: FieldSpec): Data {
  if (filler !== null) return content === 'z' ? bcdTrack(filler) : bcdDigits(filler)
  return DATA[content](encodings, length.kind === 'fixed')
}

/** Half bytes for each unit that a length counts. */
const COUNTED = { bytes: 2, nibbles: 1 } as const

/** The length of a variable element, in units, whatever the prefix counts on the wire. */
function prefixOf({ encodings, lengthCounts }: FieldSpec, digits: number, data: Data): LengthPrefix {
  const prefix = LENGTH_PREFIX[encodings.length](digits)
  return lengthCounts === 'units' ? prefix : counting(prefix, data.nibbles / COUNTED[lengthCounts])
}

/** The largest length that the length prefix of an element can express, in units. */
export const longest = (spec: FieldSpec, digits: number): number => prefixOf(spec, digits, dataOf(spec)).most

/** The MTI: four digits, never padded (ISO 8583:1987, 4.1). */
export const mtiCodec = (encoding: DigitEncoding): FieldCodec => fixedField(0, { ...DIGITS[encoding], fills: false }, 4)

function fixedField(de: number, data: Data, units: number): FieldCodec {
  const size = data.size(units)
  return {
    most: size,
    read: (cursor) => (cursor.at + size > cursor.end ? fault(cursor, 'cut', cursor.at) : data.read(cursor, units)),
    write(target, at, value) {
      const has = data.units(value)
      if (has !== units && (has < 0 || has > units || !data.fills)) throw new PackError(de, 'length')
      if (!data.write(target, at, value, units)) throw new PackError(de, 'content')
      return at + size
    },
  }
}

/**
 * A length past the end of the message is reported as a wrong length, not as a truncated message. Either may be true, but a
 * length in the wrong unit (digits or bytes) is the more frequent mistake.
 */
function variableField(de: number, data: Data, prefix: LengthPrefix, most: number): FieldCodec {
  return {
    most: prefix.size + data.size(most),
    read(cursor) {
      const start = cursor.at
      if (start + prefix.size > cursor.end) return fault(cursor, 'cut', start)
      const units = prefix.read(cursor)
      if (units < 0 || units > most) return fault(cursor, 'length', start)
      cursor.at = start + prefix.size
      if (cursor.at + data.size(units) > cursor.end) return fault(cursor, 'length', start)
      return data.read(cursor, units)
    },
    write(target, at, value) {
      const units = data.units(value)
      if (units < 0 || units > most || !prefix.counts(units)) throw new PackError(de, 'length')
      const start = at + prefix.size
      prefix.write(target, at, units)
      if (!data.write(target, start, value, units)) throw new PackError(de, 'content')
      return start + data.size(units)
    },
  }
}

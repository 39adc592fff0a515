import { parseProfile, type Profile } from '../../src/iso8583/profile.ts'

/** How a peer lays an element out; the words of `test/vectors/README.md`. */
export type VectorField = {
  readonly fmt: 'fixed' | 'var'
  readonly max: number
  readonly unit?: 'bytes' | 'digits' | 'nibbles'
  readonly enc: 'ascii' | 'utf8' | 'ebcdic' | 'bcd' | 'bin' | 'hexascii' | 'xbcd'
  readonly len?: {
    readonly bytes: number
    readonly enc: 'ascii' | 'bcd' | 'bin' | 'ebcdic'
    readonly counts: 'bytes' | 'digits' | 'nibbles'
  }
  readonly pad?: 'left' | 'right' | 'none'
  readonly numeric?: boolean
  readonly padnote?: string
}

type BitmapName = 'bin' | 'hexascii' | 'hexebcdic'

export type Vector = {
  readonly id: string
  readonly source: string
  readonly spec_note: string
  readonly hex?: string
  readonly fields: { readonly [de: string]: string }
  readonly expect: 'ok' | 'error'
  readonly spec: {
    readonly header: number
    readonly mti: VectorField
    readonly bitmap: {
      readonly enc: BitmapName
      readonly enc2?: BitmapName
      readonly max?: number
      readonly fixed?: number
    }
    readonly fields: { readonly [de: string]: VectorField }
  }
}

const BITMAP_ENCODING = { bin: 'raw', hexascii: 'hex', hexebcdic: 'hex-ebcdic' } as const
const LENGTH_ENCODING = { ascii: 'ascii', ebcdic: 'ebcdic', bcd: 'bcd', bin: 'binary' } as const

/** Content type and encoding for how the peer has the data; half bytes that a unit of it takes. */
const DATA = {
  ascii: { content: 'ans', encoding: 'ascii', nibbles: 2 },
  utf8: { content: 'ans', encoding: 'ascii', nibbles: 2 },
  ebcdic: { content: 'ans', encoding: 'ebcdic', nibbles: 2 },
  bcd: { content: 'n', encoding: 'bcd', nibbles: 1 },
  xbcd: { content: 'n', encoding: 'bcd', nibbles: 1 },
  bin: { content: 'b', encoding: 'raw', nibbles: 2 },
  hexascii: { content: 'b', encoding: 'hex', nibbles: 4 },
} as const satisfies Record<VectorField['enc'], object>

/** The peer's count in our units. */
function unitsOf(count: number, counts: 'bytes' | 'digits' | 'nibbles', nibbles: number): number {
  return counts === 'digits' ? count : counts === 'nibbles' ? count / nibbles : (count * 2) / nibbles
}

function row(de: string, field: VectorField, note: string): string {
  const { content, encoding, nibbles } = DATA[field.enc]
  const parts = [`name: element ${de}`, `content: ${field.numeric ? 'n' : content}`, `encoding: ${encoding}`]
  if (field.len) {
    const { bytes, enc, counts } = field.len
    const digits = enc === 'bcd' ? 2 * bytes : bytes
    // Some of them name a maximum that the length cannot say; our profiles may not.
    const sayable = Math.min(field.max, enc === 'bin' ? 256 ** bytes - 1 : 10 ** digits - 1)
    parts.push(`length: ${'L'.repeat(digits)}VAR..${Math.floor(unitsOf(sayable, counts, nibbles))}`)
    parts.push(`lengthEncoding: ${LENGTH_ENCODING[enc]}`, `lengthCounts: ${counts === 'digits' ? 'units' : counts}`)
  } else {
    const size = field.unit ? unitsOf(field.max, field.unit, nibbles) : field.max
    parts.push(`length: fixed ${size}`)
  }
  const [, end, nibble] = new RegExp(`DE${de} [^;]*?(left|right)_pad='([0F])'`).exec(note) ?? []
  if (encoding === 'bcd' && end) parts.push(`filler: ${end} ${nibble}`)
  return `  ${de}: { ${parts.join(', ')} }`
}

/** The peer's layout as one of our profiles, which is text first. */
export function vectorProfile({ id, spec, spec_note }: Vector): Profile {
  const { enc, enc2 = enc, max, fixed } = spec.bitmap
  const { bcd, ebcdic } = { bcd: spec.mti.enc === 'bcd', ebcdic: spec.mti.enc === 'ebcdic' }
  const rows = Object.entries(spec.fields).map(([de, field]) => row(de, field, spec_note))
  const yaml = `name: ${id}
bitmaps: ${fixed ? `always ${fixed / 8}` : `up to ${max}`}
encodings:
  mti: ${bcd ? 'bcd' : ebcdic ? 'ebcdic' : 'ascii'}
  bitmap: ${BITMAP_ENCODING[enc]}
  furtherBitmaps: ${BITMAP_ENCODING[enc2]}
  numeric: ascii
  text: ascii
  length: ascii
  binary: raw
  track2: ascii
fields: ${rows.length ? '' : '{}'}
${rows.join('\n')}
`
  return parseProfile(yaml, `${id}.yaml`)
}

import { isScalar } from 'yaml'
import { BITMAP, type BitmapCodec, LAST_ELEMENT } from './bitmap.ts'
import { LONGEST } from './charset.ts'
import { CODE_PAGES, type CodePage } from './code-pages.ts'
import { type Content, TEXT_CONTENT } from './content.ts'
import { type EntryModes, NO_ENTRY_MODES, parseEntryModes } from './entry-modes.ts'
import { type FieldCodec, fieldCodec, longest, mtiCodec, textSetCodec } from './field-codec.ts'
import type { Encodings, FieldSpec, Length } from './field-spec.ts'
import { numbered, oneOf, onlyKeys, readFile, type Section, section, text } from './profile-file.ts'
import type { TextSet } from './text-set.ts'

/** The positions and encodings of the parts of a message, for `pack`. */
export type Layout = {
  readonly mti: FieldCodec
  /** One for each possible bitmap. */
  readonly bitmaps: readonly BitmapCodec[]
  /** Whether all bitmaps are always present; then no bitmap announces the next one. */
  readonly allBitmaps: boolean
  /** By data element, 0 to 192; undefined if the profile does not have the element. */
  readonly fields: readonly (FieldCodec | undefined)[]
  /** The number of bytes of the longest message. */
  readonly most: number
}

/** The message format of one dialect, prepared for `pack` and `unpack`. */
export type Profile = Layout & {
  readonly name: string
  readonly encodings: Encodings
  /** The rows of the profile file, by data element. */
  readonly specs: ReadonlyMap<number, FieldSpec>
  readonly entryModes: EntryModes
  /** `file:line` at which the elements begin. */
  readonly fieldsPlace: string
  /** The layouts of answers, by the character set of the terminal; `ascii`: DE 63 is encoded like all other text. */
  readonly textIn: Readonly<Record<'ascii' | TextSet, Layout>>
}

/** The text for cashier and receipt. */
const TEXT = 63

const FILLERS = ['left 0', 'left F', 'right 0', 'right F'] as const
const LENGTH_COUNTS = ['units', 'bytes', 'nibbles'] as const
const DIGITS = ['ascii', 'ebcdic', 'bcd'] as const

/** The settings under `encodings`. */
const ENCODINGS = {
  mti: DIGITS,
  bitmap: ['raw', 'hex', 'hex-ebcdic'],
  furtherBitmaps: ['raw', 'hex', 'hex-ebcdic'],
  numeric: DIGITS,
  text: ['ascii', 'ebcdic'],
  codePage: CODE_PAGES,
  length: ['ascii', 'ebcdic', 'bcd', 'binary'],
  binary: ['raw', 'hex', 'hex-ebcdic'],
  track2: DIGITS,
} as const satisfies { [Part in keyof Encodings]: readonly Encodings[Part][] }

/** The encoding that applies to each content type; a row's own `encoding` replaces it. */
const ENCODING_OF = {
  n: 'numeric',
  a: 'text',
  an: 'text',
  ans: 'text',
  b: 'binary',
  z: 'track2',
  'x+n': 'numeric',
  tlv: 'binary',
} as const satisfies Record<Content, keyof Encodings>

const CONTENTS = [...(Object.keys(TEXT_CONTENT) as (keyof typeof TEXT_CONTENT)[]), 'b', 'x+n', 'tlv'] as const

/** The highest number of bitmaps: two in the 1987 standard, of which the first announces the second. */
const BITMAPS = {
  'up to 1': { count: 1, all: false },
  'up to 2': { count: 2, all: false },
  'up to 3': { count: 3, all: false },
  'always 1': { count: 1, all: true },
  'always 2': { count: 2, all: true },
  'always 3': { count: 3, all: true },
} as const
const BITMAPS_GIVEN = Object.keys(BITMAPS) as (keyof typeof BITMAPS)[]

/** Texts of profiles that others may extend, by name. */
export type ProfileTexts = ReadonlyMap<string, string>

type Row = { readonly key: unknown; readonly row: Section }

/** A profile file merged with the profile that it extends. */
type Draft = {
  readonly bitmaps: (typeof BITMAPS_GIVEN)[number]
  readonly encodings: Encodings
  readonly rows: ReadonlyMap<number, Row>
  readonly entryModes: EntryModes
}

/**
 * Reads a profile from the text of its YAML file.
 * @param texts the profiles that it may extend
 * @throws ProfileError `file:line: reason` for everything that is wrong
 */
export function parseProfile(yaml: string, fileName: string, texts: ProfileTexts = new Map()): Profile {
  const file = readFile(yaml, fileName)
  const draft = draftOf(file, texts, [])
  const { encodings, entryModes } = draft
  const bitmaps = BITMAPS[draft.bitmaps]
  const last = 64 * bitmaps.count
  const specs = [...draft.rows].map(([number, { key, row }]) => {
    const indicates = number % 64 === 1 && number < last
    if (number < 1 || number > last || indicates) {
      return row.complain(key, `data element ${number}: it may be 2 to ${last}, but not what announces a bitmap`)
    }
    return parseField(number, row, encodings)
  })
  const codePage = file.node.has('encodings') ? section(file, 'encodings').node.get('codePage', true) : undefined
  const isText = ({ content, encodings }: FieldSpec) => ENCODING_OF[content] === 'text' && encodings.text === 'ebcdic'
  if (codePage !== undefined && !specs.some(isText)) {
    file.complain(codePage, 'codePage is for text in ebcdic, and no element has it')
  }
  const fieldsPlace = file.placeOf(file.node.get('fields', true))
  return { ...compile(text(file, 'name'), bitmaps, encodings, specs), entryModes, fieldsPlace }
}

/** `path`: the names of the profiles that lead here. */
function draftOf(file: Section, texts: ProfileTexts, path: readonly string[]): Draft {
  onlyKeys(file, ['name', 'extends', 'bitmaps', 'encodings', 'entryModes', 'fields'])
  const base = baseOf(file, texts, path)
  return {
    bitmaps: file.node.has('bitmaps') ? oneOf(file, 'bitmaps', BITMAPS_GIVEN) : (base?.bitmaps ?? 'up to 2'),
    encodings:
      base !== null && !file.node.has('encodings')
        ? base.encodings
        : parseEncodings(section(file, 'encodings'), base?.encodings ?? null),
    rows: base !== null && !file.node.has('fields') ? base.rows : new Map([...(base?.rows ?? []), ...rowsOf(file)]),
    entryModes: file.node.has('entryModes')
      ? parseEntryModes(section(file, 'entryModes'))
      : (base?.entryModes ?? NO_ENTRY_MODES),
  }
}

const rowsOf = (file: Section): (readonly [number, Row])[] =>
  numbered(section(file, 'fields'), 'a data element').map(({ number, key, row }) => [number, { key, row }])

function baseOf(file: Section, texts: ProfileTexts, path: readonly string[]): Draft | null {
  if (!file.node.has('extends')) return null
  const name = text(file, 'extends')
  const refuse = (reason: string): never => file.complain(file.node.get('extends', true), `extends ${name}: ${reason}`)
  const yaml = texts.get(name)
  if (yaml === undefined) return refuse(`there is no such profile; there are ${[...texts.keys()].join(', ') || 'none'}`)
  if (path.includes(name)) return refuse('it extends itself')
  return draftOf(readFile(yaml, `${name}.yaml`), texts, [...path, name])
}

function parseEncodings(from: Section, base: Encodings | null): Encodings {
  onlyKeys(from, Object.keys(ENCODINGS))
  const part = <Part extends keyof Encodings>(name: Part): Encodings[Part] =>
    base !== null && !from.node.has(name) ? base[name] : (oneOf<string>(from, name, ENCODINGS[name]) as Encodings[Part])
  const saysBitmap = base === null || from.node.has('bitmap')
  return {
    mti: part('mti'),
    bitmap: part('bitmap'),
    furtherBitmaps: from.node.has('furtherBitmaps') || !saysBitmap ? part('furtherBitmaps') : part('bitmap'),
    numeric: part('numeric'),
    text: part('text'),
    codePage: base !== null && !from.node.has('codePage') ? base.codePage : parseCodePage(from),
    length: part('length'),
    binary: part('binary'),
    track2: part('track2'),
  }
}

/** YAML parses `1047` and `037` as numbers, so the source text is used. */
function parseCodePage(from: Section): CodePage {
  if (!from.node.has('codePage')) return '037'
  const given = from.node.get('codePage', true)
  const written = isScalar(given) ? (given.source ?? '').padStart(3, '0') : ''
  return (
    CODE_PAGES.find((page) => page === written) ??
    from.complain(given, `codePage is ${written}; it may be ${CODE_PAGES.join(', ')}`)
  )
}

const ROW_KEYS = ['name', 'content', 'length', 'encoding', 'lengthEncoding', 'lengthCounts', 'filler']

function parseField(de: number, row: Section, profile: Encodings): FieldSpec {
  onlyKeys(row, ROW_KEYS)
  const content = oneOf(row, 'content', CONTENTS)
  const part = ENCODING_OF[content]
  const encodings: Encodings = {
    ...profile,
    ...(row.node.has('encoding') && { [part]: oneOf<string>(row, 'encoding', ENCODINGS[part]) }),
    ...(row.node.has('lengthEncoding') && { length: oneOf(row, 'lengthEncoding', ENCODINGS.length) }),
  }
  const filler = row.node.has('filler') ? oneOf(row, 'filler', FILLERS) : null
  if (filler !== null && (encodings[part] !== 'bcd' || content === 'x+n')) {
    row.complain(row.node.get('filler', true), 'filler is for n and z in bcd')
  }
  const lengthCounts = row.node.has('lengthCounts') ? oneOf(row, 'lengthCounts', LENGTH_COUNTS) : 'units'
  const length = parseLength(row, content)
  const place = row.placeOf(row.node)
  const spec: FieldSpec = { place, de, name: text(row, 'name'), content, length, encodings, lengthCounts, filler }
  if (length.kind === 'variable') {
    const holds = Math.min(LONGEST, longest(spec, length.digits))
    const name = `${'L'.repeat(length.digits)}VAR`
    if (length.most > holds) {
      const reason = `length ${name}..${length.most}: ${name} in ${encodings.length} holds at most ${holds}`
      row.complain(row.node.get('length', true), reason)
    }
  }
  return spec
}

/** `fixed 6` or `LLVAR..19`, with as many L as the length has digits. */
function parseLength(row: Section, content: Content): Length {
  const given = text(row, 'length')
  const refuse = (reason: string): never => row.complain(row.node.get('length', true), `length ${given}: ${reason}`)
  const [, size, name, most] = /^(?:fixed ([1-9]\d*)|(L{1,6})VAR\.\.([1-9]\d*))$/.exec(given) ?? []
  if (size !== undefined) {
    return Number(size) <= LONGEST ? { kind: 'fixed', size: Number(size) } : refuse(`at most ${LONGEST}`)
  }
  if (name === undefined || most === undefined)
    return refuse('it is `fixed N`, `LVAR..N`, `LLVAR..N`, `LLLVAR..N` or with more L')
  if (content === 'x+n') return refuse('x+n has a fixed length')
  return { kind: 'variable', digits: name.length, most: Number(most) }
}

function compile(
  name: string,
  { count, all }: (typeof BITMAPS)[keyof typeof BITMAPS],
  encodings: Encodings,
  rows: readonly FieldSpec[],
): Omit<Profile, 'entryModes' | 'fieldsPlace'> {
  const specs = new Map(rows.map((spec) => [spec.de, spec]))
  const fields = Array.from({ length: LAST_ELEMENT + 1 }, (_, de) => {
    const spec = specs.get(de)
    return spec && fieldCodec(spec)
  })
  const mti = mtiCodec(encodings.mti)
  const further = BITMAP[encodings.furtherBitmaps]
  const bitmaps = [BITMAP[encodings.bitmap], further, further].slice(0, count)
  const head = bitmaps.reduce((sum, { size }) => sum + size, mti.most)
  const most = fields.reduce((sum, field) => sum + (field?.most ?? 0), head)
  const ascii: Layout = { mti, bitmaps, allBitmaps: all, fields, most }
  const ofText = specs.get(TEXT)
  const inSet = (set: TextSet): Layout =>
    ofText === undefined ? ascii : { ...ascii, fields: fields.with(TEXT, textSetCodec(ofText, set)) }
  const textIn = {
    ascii,
    'iso-8859-2': inSet('iso-8859-2'),
    'windows-1250': inSet('windows-1250'),
    cp852: inSet('cp852'),
    'utf-8': inSet('utf-8'),
  }
  return { ...ascii, name, encodings, specs, textIn }
}

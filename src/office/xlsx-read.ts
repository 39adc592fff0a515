import { strFromU8, unzipSync } from 'fflate'

/** Limit of the unpacked size of a part: a small file may unpack to gigabytes. */
const MOST_BYTES = 40_000_000
const MOST_ROWS = 100_000

/** The cells of the first sheet as text, row by row; null: no workbook (ECMA-376), or larger than is read. */
export function rowsOfXlsx(bytes: Uint8Array): string[][] | null {
  const parts = partsOf(bytes)
  if (parts === null) return null
  const names = [...parts.keys()].filter((name) => /^xl\/worksheets\/[^/]+\.xml$/u.test(name)).toSorted(bySheet)
  const sheet = parts.get(names[0] ?? '')
  if (sheet === undefined) return null
  return readSheet(sheet, sharedStrings(parts.get('xl/sharedStrings.xml') ?? ''))
}

const bySheet = (a: string, b: string): number => numberIn(a) - numberIn(b)
const numberIn = (name: string): number => Number(/(\d+)\.xml$/u.exec(name)?.[1] ?? 0)

function partsOf(bytes: Uint8Array): Map<string, string> | null {
  try {
    let total = 0
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        const wanted = name === 'xl/sharedStrings.xml' || name.startsWith('xl/worksheets/')
        if (!wanted) return false
        total += originalSize
        if (total > MOST_BYTES) throw new Error('too large')
        return true
      },
    })
    return new Map(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]))
  } catch {
    return null
  }
}

type Tag = { readonly name: string; readonly closes: boolean; readonly empty: boolean; readonly attributes: string }
/** A tag, and the text before it. */
type Piece = { readonly text: string; readonly tag: Tag }

/** One pass without look-ahead; malformed input ends the reading. */
function* pieces(xml: string): Generator<Piece> {
  for (let at = 0; ;) {
    const open = xml.indexOf('<', at)
    const close = open === -1 ? -1 : xml.indexOf('>', open)
    if (close === -1) return
    const [, closes = '', name = '', rest = ''] =
      /^(\/?)(?:\w+:)?([\w.-]*)([\s\S]*)$/u.exec(xml.slice(open + 1, close)) ?? []
    const tag = { name, closes: closes === '/', empty: rest.endsWith('/'), attributes: rest }
    yield { text: xml.slice(at, open), tag }
    at = close + 1
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const plain = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{2,4});/giu, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole
    const code = entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

function sharedStrings(xml: string): string[] {
  const all: string[] = []
  let now: string | null = null
  for (const { text, tag } of pieces(xml)) {
    if (tag.name === 'si' && !tag.closes) now = ''
    if (tag.name === 't' && tag.closes && now !== null) now += plain(text)
    if (tag.name === 'si' && tag.closes && now !== null) {
      all.push(now)
      now = null
    }
  }
  return all
}

function readSheet(xml: string, shared: readonly string[]): string[][] | null {
  const rows: string[][] = []
  let row: string[] = []
  let [column, type, value] = [0, '', '']
  for (const { text, tag } of pieces(xml)) {
    if (tag.name === 'row' && !tag.closes) {
      row = []
      // Spreadsheets leave empty rows out; here they keep their place, so that a row is named by its number.
      const place = Number(/\br="(\d{1,7})"/u.exec(tag.attributes)?.[1] ?? 0)
      if (place > MOST_ROWS) return null
      while (rows.length < place - 1) rows.push([])
    }
    if (tag.name === 'c' && !tag.closes) {
      column = columnOf(tag.attributes) ?? row.length
      ;[type, value] = [/\bt="(\w+)"/u.exec(tag.attributes)?.[1] ?? '', '']
    }
    if (tag.closes && (tag.name === 'v' || tag.name === 't')) value += plain(text)
    if (tag.name === 'c' && (tag.closes || tag.empty)) {
      while (row.length < column) row.push('')
      row[column] = (type === 's' ? (shared[Number(value)] ?? '') : value).trim()
    }
    if (tag.name === 'row' && (tag.closes || tag.empty)) {
      if (rows.length >= MOST_ROWS) return null
      rows.push(row)
    }
  }
  return rows
}

/** The column of a cell: `BC12` is in column 54. Null: beyond the columns that are read. */
function columnOf(attributes: string): number | null {
  const letters = /\br="([A-Z]{1,3})\d/u.exec(attributes)?.[1]
  if (letters === undefined) return null
  const number = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
  return number <= 256 ? number - 1 : null
}

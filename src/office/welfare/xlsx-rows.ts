/** Reads the rows of an XLSX workbook with bounded memory, and refuses anything that is not a plain list. */

import { isRefused, refused, type Refused } from '../refusal.ts'
import { type FileRows, MOST_CHARACTERS, type Upload } from './list-file.ts'
import { MOST_SHEET_ROWS, sheetReader } from './xlsx-cells.ts'
import { styleReader } from './xlsx-styles.ts'
import { attribute, type XmlEvent, xmlReader } from './xml-events.ts'
import { unpacked, type ZipPart, zipParts } from './zip-parts.ts'

type Parts = ReadonlyMap<string, ZipPart>

/** Unpacked bytes of a part at most: a sheet of 100,000 full rows has some 60 MB. */
const MOST = { sheet: 256 * 1024 * 1024, strings: 96 * 1024 * 1024, other: 4 * 1024 * 1024 } as const
const MOST_STRINGS = 1_000_000

/** Parts of a workbook that a plain list does not have. */
const HOSTILE = [
  { is: /vbaProject|\/macrosheets\/|\/activeX\//iu, code: 'file_has_macros' },
  { is: /\/externalLinks\/|\/connections\.xml$|\/queryTables\//iu, code: 'file_has_links' },
] as const

export type Workbook = { readonly sheet: string; readonly rows: () => FileRows }

/** Opens a workbook (ECMA-376) at its first visible sheet. Nothing in it is ever computed or fetched. */
export async function openWorkbook({ name, content }: Upload): Promise<Workbook | Refused> {
  const file = name
  const parts = zipParts(content)
  if (parts === null) return refused('not_xlsx', { file })
  for (const part of parts.keys()) {
    const hostile = HOSTILE.find(({ is }) => is.test(`/${part}`))
    if (hostile !== undefined) return refused(hostile.code, { file })
  }
  const sheet = await firstSheet(file, parts)
  if (isRefused(sheet)) return sheet
  const part = parts.get(sheet.path)
  return part === undefined
    ? refused('not_xlsx', { file })
    : { sheet: sheet.name, rows: () => sheetRows(file, parts, part) }
}

/** Events of a part, piece by piece; a refusal is the last one. No part of that name: no events. */
async function* eventsOf(
  file: string,
  part: ZipPart | undefined,
  most: number,
): AsyncGenerator<readonly XmlEvent[] | Refused, void> {
  if (part === undefined) return
  const reader = xmlReader()
  try {
    for await (const piece of unpacked(part, most)) {
      if (piece === null) {
        yield refused('file_unpacks_to_too_much', { file })
        return
      }
      const events = reader.read(piece)
      yield events.some(({ what }) => what === 'fault') ? refused('not_xlsx', { file }) : events
    }
  } catch (error) {
    // An error of zlib: the packed bytes are broken.
    if (!String((error as { code?: unknown }).code).startsWith('Z_')) throw error
    yield refused('not_xlsx', { file })
  }
}

async function firstSheet(file: string, parts: Parts): Promise<{ name: string; path: string } | Refused> {
  const sheets: { name: string; id: string }[] = []
  for await (const events of eventsOf(file, parts.get('xl/workbook.xml'), MOST.other)) {
    if (isRefused(events)) return events
    for (const attributes of opened(events, 'sheet')) {
      if ((attribute(attributes, 'state') ?? 'visible') !== 'visible') continue
      sheets.push({ name: attribute(attributes, 'name') ?? '', id: relationOf(attributes) })
    }
  }
  const [first] = sheets
  if (first === undefined) return refused('not_xlsx', { file })
  for await (const events of eventsOf(file, parts.get('xl/_rels/workbook.xml.rels'), MOST.other)) {
    if (isRefused(events)) return events
    const attributes = opened(events, 'Relationship').find((one) => attribute(one, 'Id') === first.id)
    if (attributes === undefined) continue
    if (attribute(attributes, 'TargetMode') === 'External') return refused('file_has_links', { file })
    const target = attribute(attributes, 'Target') ?? ''
    return { name: first.name, path: target.startsWith('/') ? target.slice(1) : `xl/${target}` }
  }
  return refused('not_xlsx', { file })
}

/** The attributes of the elements of that name that begin in this piece. */
const opened = (events: readonly XmlEvent[], name: string): string[] =>
  events.flatMap((event) => (event.what === 'open' && event.name === name ? [event.attributes] : []))

const relationOf = (attributes: string): string => /\s\w+:id\s*=\s*["']([^"']*)["']/u.exec(attributes)?.[1] ?? ''

async function* sheetRows(file: string, parts: Parts, part: ZipPart): FileRows {
  const strings = await sharedStrings(file, parts.get('xl/sharedStrings.xml'))
  if (isRefused(strings)) return yield strings
  const styles = styleReader()
  for await (const events of eventsOf(file, parts.get('xl/styles.xml'), MOST.other)) {
    if (isRefused(events)) return yield events
    for (const event of events) styles.take(event)
  }
  const reader = sheetReader({ strings, formatOf: styles.of })
  for await (const events of eventsOf(file, part, MOST.sheet)) {
    if (isRefused(events)) return yield events
    for (const event of events) {
      const row = reader.take(event)
      if (reader.counted() > MOST_SHEET_ROWS) return yield refused('sheet_too_long', { file })
      if (reader.isWrong()) return yield refused('not_xlsx', { file })
      if (row !== null) yield row
    }
  }
}

/** The shared strings, which cells refer to by index; the runs of a text are joined, phonetic readings are left out. */
async function sharedStrings(file: string, part: ZipPart | undefined): Promise<string[] | Refused> {
  const reader = stringReader()
  for await (const events of eventsOf(file, part, MOST.strings)) {
    if (isRefused(events)) return events
    for (const event of events) reader.take(event)
    if (reader.strings.length > MOST_STRINGS) return refused('file_unpacks_to_too_much', { file })
  }
  return reader.strings
}

function stringReader() {
  const strings: string[] = []
  let current = ''
  let isText = false
  let isReading = false
  return {
    strings,
    take(event: XmlEvent): void {
      if (event.what === 'fault') return
      if (event.what === 'text') {
        if (isText && !isReading && current.length < MOST_CHARACTERS) current += event.text.slice(0, MOST_CHARACTERS)
        return
      }
      const isOpen = event.what === 'open'
      if (event.name === 't') isText = isOpen
      if (event.name === 'rPh') isReading = isOpen
      if (event.name === 'si' && isOpen) current = ''
      if (event.name === 'si' && !isOpen) strings.push(current)
    },
  }
}

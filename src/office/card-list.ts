import type { CardKeys } from '../cards/keys.ts'
import { readNumber, readSerial } from './card-name.ts'
import { csvLines, type TextFile } from './csv-lines.ts'
import type { SelectedCards } from './pack-plan.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** More than a pack may hold, so that a long list is reported as too long and not cut. */
const MOST_LINES = 200_000
const MOST_BYTES = 20_000_000

const COLUMNS = ['number', 'barcode', 'serial'] as const

/**
 * Cards from a file: CSV with a head line that names a column `number`, `barcode` or `serial` (others are passed over), or
 * a plain list of numbers, one a line, as a scanner writes it. Empty lines count for nothing. A refusal names file and line.
 */
export function readCardList(keys: CardKeys, file: TextFile): SelectedCards[] | Refused {
  const { name, content } = file
  if (content.length > MOST_BYTES)
    return refused('file_too_large', { file: name, most: `${MOST_BYTES / 1_000_000} MB` })
  const rows = csvLines(file)
  if (isRefused(rows)) return rows
  const head = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  const column = COLUMNS.map((title) => head.indexOf(title)).find((index) => index >= 0)
  const what = column === undefined ? 'number' : (COLUMNS.find((title) => head[column] === title) ?? 'number')
  const cards: SelectedCards[] = []
  for (const { line, cells } of column === undefined ? rows : rows.slice(1)) {
    const card = selectedFrom(keys, what, cells[column ?? 0] ?? '', `${name}:${line}`)
    if (isRefused(card)) return card
    cards.push(card)
  }
  if (cards.length === 0) return refused('no_cards_in_file', { file: name })
  if (cards.length > MOST_LINES) return refused('file_too_large', { file: name, most: `${MOST_LINES} lines` })
  return cards
}

function selectedFrom(
  keys: CardKeys,
  what: (typeof COLUMNS)[number],
  text: string,
  where: string,
): SelectedCards | Refused {
  if (what === 'serial') {
    const serial = readSerial(text, where)
    return isRefused(serial) ? serial : { by: 'serials', where, serials: { first: serial, last: serial } }
  }
  return selectedNumber(keys, text, where)
}

export function selectedNumber(keys: CardKeys, text: string, where: string): SelectedCards | Refused {
  const read = readNumber(keys, text, where)
  if (isRefused(read)) return read
  const { shown, ...number } = read
  return { by: 'number', where, number, shown }
}

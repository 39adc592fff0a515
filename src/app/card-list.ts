import { readFile } from 'node:fs/promises'
import { eanHashes, numberHashes } from '../cards/hash.ts'
import { isEan13 } from '../cards/barcode.ts'
import type { CardKeys } from '../cards/keys.ts'
import { isLuhn, maskNumber } from '../cards/number.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { NumberHashes } from '../core/request.ts'
import type { Wanted } from '../office/pack-plan.ts'
import { csvLines } from './csv-lines.ts'

/** Number, or EAN-13 of its own. */
const EAN13 = 13
/** More than a pack may have, so that its list is told to be too long and not cut. */
const MOST_LINES = 200_000
const MOST_BYTES = 20_000_000

/**
 * A number as it is scanned or typed: digits, which spaces and hyphens may group.
 *
 * @throws a set-up error naming `where`, never the number, for what is no number
 */
export function readNumber(keys: CardKeys, text: string, where: string): NumberHashes & { readonly shown: string } {
  const digits = text.replace(/[\s-]/gu, '')
  if (digits.length === EAN13 && isEan13(digits)) return { ...eanHashes(keys, digits), shown: digits }
  if (!/^\d{16,19}$/u.test(digits)) throw setUpError(`${where}: a card number has 16 to 19 digits, a barcode 13`)
  if (!isLuhn(digits)) throw setUpError(`${where}: the check digit of ${maskNumber(digits)} is wrong`)
  return { ...numberHashes(keys, digits), shown: maskNumber(digits) }
}

/**
 * Cards from a file: CSV with a head line that names a column `number`, `barcode` or `serial` (others are passed over), or
 * a plain list of numbers, one a line, as a scanner writes it. Empty lines count for nothing.
 *
 * @throws a set-up error naming file and line
 */
export async function readCardList(keys: CardKeys, file: string): Promise<Wanted[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw setUpError(`${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`)
  })
  if (content.length > MOST_BYTES) throw setUpError(`${file}: more than ${MOST_BYTES / 1_000_000} MB`)
  const rows = csvLines(file, content)
  const head = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  const column = COLUMNS.map((name) => head.indexOf(name)).find((index) => index >= 0)
  const what = column === undefined ? 'number' : (COLUMNS.find((name) => head[column] === name) ?? 'number')
  const cards = (column === undefined ? rows : rows.slice(1)).map(({ line, cells }) =>
    wantedFrom(keys, what, cells[column ?? 0] ?? '', `${file}:${line}`),
  )
  if (cards.length === 0) throw setUpError(`${file}: no cards in it`)
  if (cards.length > MOST_LINES) throw setUpError(`${file}: more than ${MOST_LINES} lines`)
  return cards
}

const COLUMNS = ['number', 'barcode', 'serial'] as const

function wantedFrom(keys: CardKeys, what: (typeof COLUMNS)[number], text: string, where: string): Wanted {
  if (what === 'serial') {
    const serial = readSerial(text, where)
    return { by: 'serials', where, serials: { first: serial, last: serial } }
  }
  const { shown, ...number } = readNumber(keys, text, where)
  return { by: 'number', where, number, shown }
}

/** @throws a set-up error naming `where` */
export function readSerial(text: string, where: string): number {
  const serial = /^\d{1,9}$/u.test(text.trim()) ? Number(text) : 0
  if (serial < 1) throw setUpError(`${where}: a serial is a whole number from 1`)
  return serial
}

/** Reads the cells of a worksheet. */

import { type Cell, type FileRow, MOST_CHARACTERS, MOST_COLUMNS, NO_CELL, textCell } from './list-file.ts'
import type { CellFormat } from './xlsx-styles.ts'
import { attribute, type XmlEvent } from './xml-events.ts'

export type SheetParts = {
  readonly strings: readonly string[]
  readonly formatOf: (style: number) => CellFormat
}

/** The highest number of rows of a sheet, empty ones included. */
export const MOST_SHEET_ROWS = 1_048_576

const DAY_MS = 86_400_000
/** Day 0 of a spreadsheet, 1899-12-30. */
const EPOCH = Date.UTC(1899, 11, 30)

type Open = { type: string; style: number; column: number; value: string; text: string; hasFormula: boolean }

/** Reads a worksheet's cells; `counted`: the number of rows so far, with empty ones. `isWrong`: rows or cells that no spreadsheet would write. */
export function sheetReader({ strings, formatOf }: SheetParts) {
  let line = 0
  let cells: Cell[] = []
  let cell: Open | null = null
  let into: 'value' | 'text' | null = null
  const state = { rows: 0, isWrong: false }
  const places = new Set<number>()

  const open = (name: string, attributes: string): void => {
    if (name === 'row') {
      state.rows += 1
      const place = Number(attribute(attributes, 'r') ?? line + 1)
      if (!Number.isSafeInteger(place) || place < 1) state.isWrong = true
      if (place > state.rows) state.rows = place
      line = place
      cells = []
    } else if (name === 'c') {
      const place = attribute(attributes, 'r')
      const column = place === null ? cells.length : columnNumber(place)
      const style = Number(attribute(attributes, 's') ?? 0)
      cell = { type: attribute(attributes, 't') ?? 'n', style, column, value: '', text: '', hasFormula: false }
    } else if (name === 'f' && cell !== null) {
      cell.hasFormula = true
    } else if (name === 'v') into = 'value'
    else if (name === 't') into = 'text'
  }

  const close = (name: string): FileRow | null => {
    if (name === 'v' || name === 't') into = null
    if (name === 'c' && cell !== null) {
      if ((cells[cell.column] ?? NO_CELL) !== NO_CELL) state.isWrong = true
      if (cell.column < MOST_COLUMNS) {
        while (cells.length < cell.column) cells.push(NO_CELL)
        cells[cell.column] = cellOf(cell, strings, formatOf)
      }
      cell = null
    }
    if (name !== 'row' || !cells.some(({ text }) => text !== '')) return null
    // Two rows with the same number would become one row of the batch.
    if (places.has(line)) state.isWrong = true
    places.add(line)
    return { line, cells }
  }

  return {
    counted: () => state.rows,
    isWrong: () => state.isWrong,
    take(event: XmlEvent): FileRow | null {
      if (event.what === 'open') open(event.name, event.attributes)
      else if (event.what === 'close') return close(event.name)
      else if (event.what === 'text' && cell !== null && into !== null && cell[into].length < MOST_CHARACTERS) {
        cell[into] += event.text.slice(0, MOST_CHARACTERS)
      }
      return null
    },
  }
}

/** `B7` → 1. */
function columnNumber(place: string): number {
  let column = 0
  for (const sign of place) {
    const letter = sign.charCodeAt(0) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column - 1
}

function cellOf(
  { type, style, value, text, hasFormula }: Open,
  strings: readonly string[],
  formatOf: SheetParts['formatOf'],
): Cell {
  const shown = type === 's' ? (strings[Number(value)] ?? '') : type === 'inlineStr' ? text : value
  const trimmed = shown.trim()
  if (hasFormula) return { kind: 'formula', text: trimmed === '' ? '=' : trimmed, number: null }
  if (type === 'e') return { kind: 'error', text: trimmed, number: null }
  if (type === 'd') return { kind: 'date', text: trimmed.slice(0, 10), number: null }
  if (type === 'b') return textCell(value === '1' ? 'yes' : 'no')
  if (type !== 'n' || trimmed === '') return textCell(trimmed)
  const number = Number(trimmed)
  const format = formatOf(style)
  if (!format.isDate) return { kind: 'number', text: numberText(trimmed, number, format), number }
  const day = new Date(EPOCH + number * DAY_MS)
  const isDay = Number.isFinite(number) && !Number.isNaN(day.getTime())
  return { kind: 'date', text: isDay ? day.toISOString().slice(0, 10) : trimmed, number: null }
}

/** A whole number as the sheet shows it; `1.2E+15` is written out in digits. */
const numberText = (kept: string, number: number, { zeros }: CellFormat): string =>
  Number.isSafeInteger(number) ? String(number).padStart(zeros, '0') : kept

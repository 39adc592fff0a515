import mysql from 'mysql2'
import { keyText, type Key } from '../../core/key.ts'

/*
 * The engine sends text, not prepared statements: an IN list is a new statement per length, and mysql2 binds numbers
 * as DOUBLE. So every value passes through one of these, and only checked scalars do.
 */

/**
 * Most texts are codes or JSON, which are quoted as they are: within single quotes only these and backslashes mean something.
 * The driver escapes the rest, which takes it 3 µs for the JSON of a payment.
 */
export const text = (value: string): string => (PLAIN.test(value) ? `'${value}'` : mysql.escape(value))
// oxlint-disable-next-line no-control-regex -- NUL, line ends and the like are escaped, as they always were
const PLAIN = /^[^'\\\u0000-\u001f]*$/

/**
 * What a person typed, to be compared with a column of ASCII. The server refuses to compare other letters with it; here they
 * become DEL, which is in no code: such a text equals none.
 */
export const word = (value: string): string => text(value.replace(/\P{ASCII}/gu, '\u007f'))
export const textOrNull = (value: string | null): string => (value === null ? 'NULL' : text(value))

export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`not a safe integer: ${typeof value}`)
  return String(value)
}
export const integerOrNull = (value: number | null): string => (value === null ? 'NULL' : integer(value))
export const boolean = (value: boolean): string => (value ? '1' : '0')
export const booleanOrNull = (value: boolean | null): string => (value === null ? 'NULL' : boolean(value))

const HEX = /^[0-9a-f]*$/
export function binary(hex: string): string {
  if (!HEX.test(hex)) throw new Error('not lower-case hex digits')
  return `x'${hex}'`
}

export const binaryOrNull = (hex: string | null): string => (hex === null ? 'NULL' : binary(hex))

/** One word is an equality, so that an index which goes on in a list's order serves the order too. */
export function oneOfWords(column: string, words: readonly string[]): string {
  const [first] = words
  if (words.length === 1 && first !== undefined) return `${column} = ${word(first)}`
  return words.length === 0 ? '1 = 0' : `${column} IN (${words.map(word).join(',')})`
}

/** ms since 1970 as DATETIME(3), UTC. */
export function instant(at: number): string {
  if (at !== written.at) {
    const iso = new Date(at).toISOString()
    written = { at, text: `'${iso.slice(0, 10)} ${iso.slice(11, 23)}'` }
  }
  return written.text
}
/** The last one: the requests of a batch often came within the same ms. */
let written = { at: 0, text: "'1970-01-01 00:00:00.000'" }
export const instantOrNull = (at: number | null): string => (at === null ? 'NULL' : instant(at))
/** The inverse of `instant`, for the text that the driver gives (`dateStrings`). */
export const fromInstant = (stored: string): number => Date.parse(`${stored.replace(' ', 'T')}Z`)

/** The columns of the unique key `transactions_once`, in its order. */
export const KEY_COLUMNS = ['transmitted', 'stan', 'terminal_code', 'store_code', 'kind'] as const

export const keyTuple = ({ transmitted, stan, terminal, store, kind }: Key): string =>
  `(${integer(transmitted)},${integer(stan)},${text(terminal)},${text(store)},${integer(kind)})`

/**
 * Follows the table of every `inKeys` and `inStamps`. Without it the optimizer uses `transactions_day` by the terminal
 * alone (EXPLAIN shows it while a terminal has few rows), and dives into every possible index once per key: 15 of the
 * 85 µs that the database spent on a payment.
 */
export const BY_KEY = 'FORCE INDEX (transactions_once)'

/** A row-wise IN over the unique key, each key once. */
export function inKeys(alias: string, keys: readonly Key[]): string {
  const distinct = new Map(keys.map((key) => [keyText(key), key]))
  const columns = KEY_COLUMNS.map((column) => `${alias}.${column}`).join(',')
  return `(${columns}) IN (${[...distinct.values()].map(keyTuple).join(',')})`
}

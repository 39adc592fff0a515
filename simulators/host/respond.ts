import type { Fields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import { originalMti, responseMti } from '../terminal/operations.ts'
import { type Book, type Entry, type EntryKey, keyText } from './book.ts'
import { numberIn, operate, operationOf } from './operate.ts'
import { cancel, confirm, reverse } from './settle.ts'

/** The elements that an answer echoes. */
const ECHOED = [3, 7, 11, 12, 13, 24, 32, 37, 41, 42, 49, 59, 70] as const

const NETWORK: readonly string[] = ['001', '002', '301']

/** The mandatory elements of each kind of request, besides DE11. */
const MANDATORY: Readonly<Record<string, readonly number[]>> = {
  '0100': [3, 7],
  '0200': [3, 4, 7],
  '0202': [7, 90],
  '0220': [3, 4, 7],
  '0400': [7, 90],
  '0420': [7, 90],
}

function keyOf(kind: string, fields: Fields): EntryKey {
  return { kind, terminal: (fields[41] ?? '').trimEnd(), trace: fields[11] ?? '', transmission: fields[7] ?? '' }
}

/** DE90: MTI, trace number and DE7 of the original, which is of the same terminal. */
function originalIn(fields: Fields): EntryKey | null {
  const found = /^(\d{4})(\d{6})(\d{10})/.exec(fields[90] ?? '')
  if (found === null) return null
  const [, mti = '', trace = '', transmission = ''] = found
  return { kind: originalMti(mti), terminal: (fields[41] ?? '').trimEnd(), trace, transmission }
}

function newEntry(key: EntryKey, fields: Fields): Entry {
  return {
    ...key,
    operation: operationOf(fields[3]),
    card: numberIn(fields),
    asked: fields[4] === undefined ? null : Number(fields[4]),
    effect: 0,
    state: 'declined',
    original: originalIn(fields),
    content: [3, 4, 90].map((de) => fields[de] ?? '').join('/') + (numberIn(fields) ?? ''),
    decided: {},
    times: 1,
  }
}

/** Stored under the key of its original, so that the original is refused when it comes. */
function tombstone(key: EntryKey): Entry {
  const none = { operation: null, card: null, asked: null, effect: 0, original: null, content: '', times: 0 }
  return { ...key, ...none, state: 'tombstone', decided: {} }
}

function decide(book: Book, entry: Entry, fields: Fields): Fields {
  const original = entry.original === null ? undefined : book.entries.get(keyText(entry.original))
  const approvalCode = String(book.entries.size % 1_000_000).padStart(6, '0')
  switch (entry.kind) {
    case '0202':
      return confirm(book, original)
    case '0400':
      return cancel(book, original, entry, approvalCode)
    case '0420': {
      const { original: key } = entry
      if (original === undefined && key !== null) book.entries.set(keyText(key), tombstone(key))
      return reverse(book, original, entry)
    }
    default:
      return operate(book, fields, entry, approvalCode)
  }
}

/** Under a key that was seen before: the stored answer, unless it was reversed since or is another request. */
function again(entry: Entry, content: string): Fields {
  entry.times++
  const { state } = entry
  if (state === 'tombstone' || (state === 'reversed' && entry.kind !== '0420')) return { 39: '21', 44: 'REVERSED' }
  return entry.content === content ? entry.decided : { 39: '94' }
}

function decidedFor(book: Book, kind: string, fields: Fields): Fields {
  if (kind === '0800') return { 39: NETWORK.includes(fields[70] ?? '') ? '00' : '12' }
  const mandatory = MANDATORY[kind]
  if (mandatory === undefined) return { 39: '12' }
  const missing = [11, ...mandatory].find((de) => fields[de] === undefined)
  const mayLack = missing === 4 && ['30', '31', '93'].includes(fields[3]?.slice(0, 2) ?? '')
  if (missing !== undefined && !mayLack) return { 39: '30', 44: `F${String(missing).padStart(3, '0')} missing` }
  const entry = newEntry(keyOf(kind, fields), fields)
  const before = book.entries.get(keyText(entry))
  if (before !== undefined) return again(before, entry.content)
  book.entries.set(keyText(entry), entry)
  const decided = decide(book, entry, fields)
  if (entry.state === 'declined' && decided[39] === '00') entry.state = 'confirmed'
  entry.decided = { 37: fields[37] ?? `H${String(book.entries.size).padStart(11, '0')}`, ...decided }
  return entry.decided
}

/** The echoed part of an answer; null if it is not a request. */
function echoOf({ mti, fields }: Message): Message | null {
  if (Number(mti[2]) % 2 === 1) return null
  const echoed = ECHOED.filter((de) => fields[de] !== undefined)
  return { mti: responseMti(mti), fields: Object.fromEntries(echoed.map((de) => [de, fields[de] ?? ''])) }
}

/** The regular answer of a host, already booked; null if it is not a request. */
export function respond(book: Book, message: Message): Message | null {
  const echo = echoOf(message)
  if (echo === null) return null
  return { mti: echo.mti, fields: { ...echo.fields, ...decidedFor(book, originalMti(message.mti), message.fields) } }
}

/** Messages whose answers a host stores: the same key gets the same answer, even if a rule declined it. */
const REMEMBERED: ReadonlySet<string> = new Set(['0100', '0200', '0220', '0400'])

/** "Try again": nothing is decided by these. */
const PASSING: ReadonlySet<string> = new Set(['91', '96'])

/** Declines by rule. Confirmations and reversals are refused without being remembered, so that a repeat may succeed. */
export function refuse(book: Book, message: Message, code: string): Message | null {
  const { mti, fields } = message
  const kind = originalMti(mti)
  if (!REMEMBERED.has(kind) || PASSING.has(code)) return decline(message, code)
  const entry = newEntry(keyOf(kind, fields), fields)
  if (book.entries.has(keyText(entry))) return respond(book, message)
  book.entries.set(keyText(entry), { ...entry, decided: { 39: code } })
  return decline(message, code)
}

/** An answer that decides nothing: the host declines, and books nothing. */
export function decline(message: Message, code: string): Message | null {
  const echo = echoOf(message)
  return echo === null ? null : { mti: echo.mti, fields: { ...echo.fields, 39: code } }
}

import type { Described, Part } from './parts.ts'
import { prefixSize } from './parts.ts'
import { hiddenDigits, longRuns, looksLikeCard, occurrences, type Stretch, suspects } from './numbers.ts'
import { loggable } from '../../src/iso8583/mask.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** One entry for each half byte of a message: 1 where it must be hidden, both in values and in raw bytes. */
export type Hidden = Uint8Array

/** The mask that `loggable` puts for a value that must be hidden completely. */
export const HIDDEN: string = loggable({ mti: '0200', fields: { 35: '0' } })['35'] ?? ''

/**
 * The parts of a message that must be hidden: in the readable part what a log must not contain (`mask.ts`) and card
 * numbers in other elements; in the unreadable part every long run of digits; and all numbers found there wherever else
 * they occur.
 */
export function hiddenIn(profile: Profile, described: Described, bytes: Buffer): Hidden {
  const hidden: Hidden = new Uint8Array(2 * bytes.length)
  const hide = ({ from, to }: Stretch): void => void hidden.fill(1, from, to)
  const mti = described.message?.mti ?? ''
  const broken = described.malformed !== null

  for (const part of described.parts) hiddenOf(part, mti, broken).forEach(hide)
  if (broken) {
    const rest = bytes.subarray(described.unread)
    for (const { from, to } of longRuns(rest))
      hide({ from: from + 2 * described.unread, to: to + 2 * described.unread })
    hide(secretOfFault(profile, described, bytes))
  }
  const numbers = new Set(described.parts.flatMap((part) => numbersIn(part)))
  if (broken) for (const number of suspects(bytes)) numbers.add(number)
  occurrences(bytes, numbers).forEach(hide)
  // A bitmap contains nothing of a card, even if its digits pass the check.
  for (const { kind, from, to } of described.parts) if (kind === 'bitmap') hidden.fill(0, 2 * from, 2 * to)
  return hidden
}

/** The value as it may be shown: `629910******0047`, or `(hidden)`. */
export function shownValue(part: Part, hidden: Hidden): string {
  const secret = Array.from(part.value, (_, index) => {
    const { from, to } = placeOf(part, index)
    return hidden.subarray(from, to).includes(1)
  })
  if (part.value !== '' && !secret.includes(false)) return HIDDEN
  return Array.from(part.value, (character, index) => (secret[index] ? '*' : character)).join('')
}

/** Whether the whole part may be shown. */
export const isOpen = ({ from, to }: Part, hidden: Hidden): boolean => !hidden.subarray(2 * from, 2 * to).includes(1)

/** Bytes in hex, two characters each, as they may be shown: `16629910******0047`. */
export function shownHex(bytes: Buffer, hidden: Hidden, from: number, to: number): string {
  const digits = bytes.toString('hex', from, to).toUpperCase()
  return Array.from(digits, (digit, index) => (hidden[2 * from + index] === 1 ? '*' : digit)).join('')
}

/** Where a character of the value stands, in half bytes: its own bytes, or a half one in BCD and of binary data. */
function placeOf({ dataFrom, to, value, spec }: Part, index: number): Stretch {
  const size = to - dataFrom
  if (size === value.length) return { from: 2 * (dataFrom + index), to: 2 * (dataFrom + index + 1) }
  if (spec?.content === 'ans') {
    // Of text only UTF-8 has letters of several bytes.
    const at = dataFrom + Buffer.byteLength(value.slice(0, index))
    return { from: 2 * at, to: 2 * (at + Buffer.byteLength(value.charAt(index))) }
  }
  const filler = spec?.filler ?? (spec?.content === 'z' ? 'right F' : 'left 0')
  // One half byte is left over: the filler; or with a sign, which has a byte of its own, the first half of that one.
  const shift = value.length % 2 === 1 && filler.startsWith('left') ? 1 : 0
  const from = 2 * dataFrom + shift + index
  return { from, to: from + 1 }
}

function hiddenOf(part: Part, mti: string, broken: boolean): Stretch[] {
  const { de, kind, value } = part
  if (kind !== 'element') return broken && looksLikeCard(value) ? digitsOf(part, 0, value.length) : []
  const safe = loggable({ mti, fields: { [de]: value } })[String(de)]
  if (safe === undefined || safe === HIDDEN) return [{ from: 2 * part.dataFrom, to: 2 * part.to }]
  const masked = Array.from(value).flatMap((character, index) =>
    safe[index] === character ? [] : [placeOf(part, index)],
  )
  return masked.length > 0 || isPlain(part)
    ? masked
    : runsIn(value).flatMap(([at, run]) => digitsOf(part, at, run.length))
}

/** The hidden part of a number within the value. */
function digitsOf(part: Part, at: number, length: number): Stretch[] {
  const { from, to } = hiddenDigits(length)
  return Array.from({ length: to - from }, (_, i) => placeOf(part, at + from + i))
}

const runsIn = (value: string): [at: number, run: string][] =>
  [...value.matchAll(/\d{13,}/g)].map(({ index, 0: run }) => [index, run])

const ORIGINAL = /^0\d{9}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])(?:[0-5]\d){2}0{22}$/
const AMOUNTS = /^(?:\d{7}[CD]\d{12})+$/

/** Elements that are long digits by nature, and how each looks when it holds no card number. */
const PLAIN: { readonly [de: number]: (value: string) => boolean } = {
  42: (value) => value.length <= 15, // a store's number, shorter than our cards'
  54: (value) => AMOUNTS.test(value),
  90: (value) => ORIGINAL.test(value),
}

/** Amounts and binary data of 16 digits: what begins with 0, or fails the check, is no card number. */
const isShortNumber = (value: string): boolean => /^[CD]?[\dA-F]{0,16}$/.test(value)

function isPlain({ de, value, spec }: Part): boolean {
  const plain = PLAIN[de]
  if (plain !== undefined) return plain(value)
  const number = spec?.content === 'n' || spec?.content === 'x+n' || spec?.content === 'b'
  return number && isShortNumber(value) && !looksLikeCard(value.replace(/^[CD]/, ''))
}

const NUMBERS = [2, 34, 102, 103]
const STRIPES: { readonly [de: number]: RegExp } = {
  35: /^(\d{13,19})[=D]/,
  36: /^(\d{13,19})=/,
  45: /^B(\d{13,19})\^/,
}

/** The card number that an element names, if it is one that names a card. */
export function cardOf({ kind, de, value }: Part): string | null {
  if (kind !== 'element') return null
  if (NUMBERS.includes(de)) return /^\d{13,19}$/.test(value) ? value : null
  return STRIPES[de]?.exec(value)?.[1] ?? null
}

/** Card numbers that an element names, or may: those of text are long runs with the right check digit. */
function numbersIn(part: Part): string[] {
  const named = cardOf(part)
  if (named !== null) return [named]
  if (part.kind !== 'element' || (isPlain(part) && part.spec?.content !== 'ans')) return []
  return runsIn(part.value).flatMap(([, run]) => (looksLikeCard(run) ? [run] : []))
}

/** An element that could not be read, and of which nothing could be shown if it were: all from its data on. */
function secretOfFault(profile: Profile, { malformed, message, unread }: Described, bytes: Buffer): Stretch {
  const none: Stretch = { from: 0, to: 0 }
  if (malformed === null || malformed.reason === 'leftOver' || message === null) return none
  const { field } = malformed
  const safe = loggable({ mti: message.mti, fields: { [field]: '0' } })[String(field)]
  if (safe !== HIDDEN) return none
  return { from: 2 * (unread + prefixSize(profile.specs.get(field) ?? null)), to: 2 * bytes.length }
}

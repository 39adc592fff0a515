import { type Described, type Part } from './parts.ts'
import { cardOf, hiddenIn, isOpen, shownHex, shownValue } from './mask.ts'
import type { Fit } from './fit.ts'
import { type MalformedReason, malformedText } from '../../src/iso8583/malformed.ts'
import { maskPan } from '../../src/iso8583/mask.ts'
import { mtiParts } from '../../src/iso8583/mti.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { fieldWords } from '../terminal/describe.ts'
import { isKnownMeaning, mtiMeaning } from '../terminal/meanings.ts'

/** One part of a message as it may be shown. Offsets and sizes in bytes, from the start of the message. */
export type ShownPart = {
  readonly de: number
  readonly kind: Part['kind']
  readonly name: string
  readonly offset: number
  readonly size: number
  /** Hex of the length before it; empty where there is none. */
  readonly lengthRaw: string
  /** Hex; stars for hidden parts. */
  readonly raw: string
  readonly value: string
  readonly meaning: string | null
}

export type ShownFault = {
  readonly field: number
  /** Of the part that is at fault; null where the profile has none. */
  readonly name: string | null
  readonly reason: MalformedReason
  /** `F035 length`. */
  readonly text: string
  readonly meaning: string
  /** Of the byte that is wrong. */
  readonly offset: number
  /** Where the part begins in which it is, and the bytes from there on that were not read. */
  readonly from: number
  readonly unread: number
  /** Hex of some of them. */
  readonly raw: string
}

export type ShownMessage = {
  readonly mti: string | null
  readonly meaning: string | null
  readonly parts: readonly ShownPart[]
  readonly fault: ShownFault | null
}

const REASONS = {
  cut: 'the message ends inside it, or before it',
  length: 'its length is no number, above the maximum, or past the end of the message',
  content: 'a character that it cannot have',
  tag: 'a tag or its length that cannot be, inside the data',
  undefined: 'the bitmap names an element that the profile does not have',
  bitmap: 'no bitmap: hex digits were expected',
  leftOver: 'bytes after the last element',
} as const satisfies Record<MalformedReason, string>

/** The bytes shown of an unreadable part, before and from the faulty one. */
const BEFORE_FAULT = 16
const FROM_FAULT = 16

/** A message in one profile, with everything masked that has to be. */
export function shownMessage({ profile, described }: Fit, bytes: Buffer): ShownMessage {
  const hidden = hiddenIn(profile, described, bytes)
  const hex = (from: number, to: number): string => shownHex(bytes, hidden, from, to)
  const mti = described.parts[0]?.value ?? null
  const parts = described.parts.map((part) => ({
    de: part.de,
    kind: part.kind,
    name: part.name,
    offset: part.from,
    size: part.to - part.from,
    lengthRaw: hex(part.from, part.dataFrom),
    raw: hex(part.dataFrom, part.to),
    value: shownValue(part, hidden),
    meaning: meaningOf(part, described, isOpen(part, hidden)),
  }))
  return {
    mti,
    meaning: mti === null ? null : mtiWords(mti),
    parts,
    fault: faultOf(profile, described, bytes.length, hex),
  }
}

const HEAD_NAMES: Readonly<Record<number, string>> = { 0: 'Message type', 1: 'Bitmap' }

function faultOf(
  { specs }: Profile,
  { malformed, unread }: Described,
  size: number,
  hex: (from: number, to: number) => string,
): ShownFault | null {
  if (malformed === null) return null
  const { field, reason, offset } = malformed
  const from = Math.max(unread, offset - BEFORE_FAULT)
  return {
    field,
    name: reason === 'leftOver' ? null : (specs.get(field)?.name ?? HEAD_NAMES[field] ?? null),
    reason,
    text: malformedText(malformed),
    meaning: REASONS[reason],
    offset,
    from,
    unread: size - unread,
    raw: hex(from, Math.min(size, offset + FROM_FAULT)),
  }
}

/** In the words of the interface, or else of the standard. */
function mtiWords(mti: string): string {
  if (isKnownMeaning(mti)) return mtiMeaning(mti)
  const { version, class: purpose, function: role, repeat } = mtiParts(mti)
  const standard = ['1987', '1993', '2003'][version]
  const words = [purpose ?? 'unknown class', role ?? 'unknown function', ...(repeat ? ['repeat'] : [])].join(', ')
  return `${words} (${standard === undefined ? `version ${version}` : `ISO 8583:${standard}`})`
}

/** Two cards must be distinguishable, so the masked number may be shown. */
function meaningOf(part: Part, { message }: Described, open: boolean): string | null {
  if (part.kind === 'mti') return mtiWords(part.value)
  if (part.kind === 'bitmap') return elementsOf(part)
  const card = cardOf(part)
  if (card !== null && part.de !== 2) return `card ${maskPan(card)}`
  // Words take a value to pieces, and pieces of a number must not be shown either.
  if (!open || message === null || !WORDED(part)) return null
  const fields = Object.fromEntries(Object.entries(message.fields).map(([de, value]) => [de, value ?? '']))
  return fieldWords(part.de, part.value, fields) ?? null
}

/** DE54 is text to the standard; anything may stand there. */
const WORDED = ({ de, value }: Part): boolean => de !== 54 || /^(?:\d{7}[CD]\d{12})+$/.test(value)

const elementsOf = ({ de, value }: Part): string =>
  Array.from(BigInt(`0x${value}`).toString(2).padStart(64, '0'))
    .flatMap((bit, index) => (bit === '1' ? [de + index] : []))
    .join(' ')

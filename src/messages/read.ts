import type { NumberHashes, Presented } from '../core/request.ts'
import { KIND, type Key } from '../core/key.ts'
import { type EntryModes, NO_ENTRY_MODES } from '../iso8583/entry-modes.ts'
import type { Message } from '../iso8583/message.ts'
import { isRequest, withoutRepeat } from '../iso8583/mti.ts'
import { type EncryptedTrack, readEncryptedTrack } from './encrypted-track.ts'
import { type FormatError, formatError } from './format-error.ts'
import { readOriginal } from './original.ts'
import { type CardReader, entryModeIn, readPresented } from './presented.ts'
import { messageKindOf, type MessageKind } from './kinds.ts'
import { blockOf } from './block-condition.ts'
import { cardDataIn } from './card-data.ts'
import { NOMINAL_SALE, processingCodeOf, type ProcessingCode } from './processing-code.ts'
import { type ClaimedTotals, readTotals } from './totals.ts'
import { transmittedOf } from './transmission-time.ts'
import { isInWindow, TRANSMISSION_WINDOW, type TransmissionWindow } from './transmission-window.ts'

/** A parsed request: every field that the later steps need is present. */
export type Read =
  | FormatError
  | { readonly format: 'response' }
  | NetworkRead
  /** A message that is not in our tables is answered 12, and the answer is stored if the message has a key. */
  | { readonly format: 'unsupported'; readonly key: Key | null }
  | { readonly format: 'totals'; readonly key: Key; readonly claimed: ClaimedTotals | null }
  | EncryptedRead
  | CardRead
  | OriginalRead

export type NetworkRead = {
  readonly format: 'network'
  readonly purpose: string
  readonly stamp: Pick<Key, 'transmitted' | 'stan'>
}

/** A card with an encrypted track: it is read again with the track in DE 35 once the terminal's keys are known. */
export type EncryptedRead = {
  readonly format: 'encrypted'
  readonly key: Key
  readonly track: EncryptedTrack
  /** Whether this message uses up the PIN pad's transaction key; an undo may show the track of its original again. */
  readonly claims: boolean
}

export type CardRead = {
  readonly format: 'card'
  readonly kind: MessageKind
  readonly key: Key
  /** Null: DE 3 names no operation that this message may ask for (12). */
  readonly code: ProcessingCode | null
  readonly presented: Presented
  /** The card of DE 103, which becomes the duplicate; null if there is none, or its check digit is wrong. */
  readonly successor: NumberHashes | null
  readonly amount: number | null
  readonly currency: number | null
}

export type OriginalRead = {
  readonly format: 'original'
  readonly kind: MessageKind
  readonly key: Key
  /** Null: the original of an 0420 cannot be read; the 0420 is answered all the same. */
  readonly original: Key | null
  readonly presented: Presented | null
  readonly amount: number | null
  readonly currency: number | null
}

/**
 * Reads a message by the tables of docs/protocol.md. `now` (ms) gives DE 7 its year, `window` limits its distance from
 * now. The answer names the first fault in field order.
 */
export function readMessage(
  message: Message,
  reader: CardReader,
  now: number,
  window: TransmissionWindow = TRANSMISSION_WINDOW,
  dialect: EntryModes = NO_ENTRY_MODES,
): Read {
  const { mti, fields } = message
  if (!isRequest(mti)) return { format: 'response' }
  const kind = messageKindOf(withoutRepeat(mti))
  if (kind === null) return cardDataIn(fields, reader) ?? { format: 'unsupported', key: keyOf(message, now) }

  const mandatory = [...kind.mandatory, ...conditional(message, kind)].sort((a, b) => a - b)
  for (const field of mandatory) if (fields[field] === undefined) return formatError(field, 'missing')
  const cardData = cardDataIn(fields, reader)
  if (cardData !== null) return cardData
  if (kind.carries === 'network') return readNetwork(fields, kind, now, window)
  const key = keyOf(message, now)
  if (key === null) return formatError(7, 'date')
  const isTimely = isInWindow(kind, key.transmitted, now, window)
  if (!isTimely && kind.kind !== KIND.reversal) return formatError(7, 'clock')

  if (kind.carries === 'totals') return { format: 'totals', key, claimed: readTotals(fields) }
  const amount = fields[4] === undefined ? null : Number(fields[4])
  const currency = fields[49] === undefined ? null : Number(fields[49])
  const track = kind.kind === KIND.confirmation ? null : readEncryptedTrack(fields)
  if (track !== null && 'format' in track) return track
  if (track !== null) {
    // An undo may do without DE 22.
    const isSwiped = entryModeIn(fields, dialect)?.startsWith(SWIPED) ?? true
    return isSwiped
      ? { format: 'encrypted', key, track, claims: kind.carries === 'card' }
      : formatError(22, 'entry mode')
  }
  if (kind.carries === 'original')
    return readReference(message, kind, key, amount, currency, reader, isTimely, now, dialect)

  const presented = readPresented(fields, reader, dialect)
  if ('format' in presented) return presented
  const named = processingCodeOf(fields[3] ?? '')
  const code = named !== null && kind.operations.includes(named.operation) ? named : null
  if (code?.operation === 'block' && blockOf(fields[25]) === null) return formatError(25, 'condition')
  const mentioned = fields[103] === undefined ? null : reader.number(fields[103].trimEnd())
  const successor = mentioned?.luhn === true ? mentioned : null
  return { format: 'card', kind, key, code, presented, successor, amount, currency }
}

function readReference(
  { fields }: Message,
  kind: MessageKind,
  key: Key,
  amount: number | null,
  currency: number | null,
  reader: CardReader,
  isTimely: boolean,
  now: number,
  dialect: EntryModes,
): FormatError | OriginalRead {
  if (kind.kind === 202 && fields[39] !== undefined && fields[39] !== '00') return formatError(39, 'only 00')
  const original = isTimely ? readOriginal(fields[90] ?? '', key, now) : null
  if (original === null && kind.kind === KIND.reversal) {
    return { format: 'original', kind, key, original, presented: null, amount, currency }
  }
  if (original === null) return formatError(90, 'original')
  const shown = kind.kind === 202 || !SHOWS_CARD.some((field) => fields[field] !== undefined)
  const presented = shown ? null : readPresented({ ...fields, 22: fields[22] ?? entryModeOf(fields) }, reader, dialect)
  if (presented !== null && 'format' in presented) return presented
  return { format: 'original', kind, key, original, presented, amount, currency }
}

/** Reads an 0800. Only the time of a key exchange is checked: a replayed recording must not bring back an older key. */
function readNetwork(
  fields: Message['fields'],
  kind: MessageKind,
  now: number,
  window: TransmissionWindow,
): FormatError | NetworkRead {
  const purpose = fields[70] ?? ''
  const transmitted = transmittedOf(fields[7] ?? '', now)
  const isExchange = purpose === KEY_EXCHANGE
  if (isExchange && transmitted === null) return formatError(7, 'date')
  if (isExchange && !isInWindow(kind, transmitted ?? 0, now, window)) return formatError(7, 'clock')
  return { format: 'network', purpose, stamp: { transmitted: transmitted ?? 0, stan: Number(fields[11]) } }
}

const KEY_EXCHANGE = '161'
const SWIPED = '02'
const SHOWS_CARD = [2, 35, 45] as const
const entryModeOf = (fields: Message['fields']): string => (fields[2] === undefined ? '022' : '032')

/** Mandatory fields that depend on the operation: DE 4 and 49 if money is requested; a nominal sale has no DE 4, a balance inquiry neither. */
function conditional({ fields }: Message, kind: MessageKind): readonly number[] {
  if (kind.carries !== 'card') return []
  const code = processingCodeOf(fields[3] ?? '')
  if (kind.kind === KIND.administration) return code?.operation === 'block' ? [25] : []
  if (code?.operation === 'balance' || (code !== null && !kind.operations.includes(code.operation))) return []
  if (code?.operation === 'duplicate') return [103]
  return fields[3]?.startsWith(NOMINAL_SALE) === true ? [49] : [4, 49]
}

/** Whether a message is an 0800, which has no key and whose answer has no reference. */
export const isNetwork = ({ mti }: Message): boolean => messageKindOf(withoutRepeat(mti))?.carries === 'network'

/** The key of a message; null if a part of it is missing or DE 7 is not a date. */
export function keyOf({ mti, fields }: Message, now: number): Key | null {
  const { 7: de7, 11: stan, 41: terminal, 42: store } = fields
  if (de7 === undefined || stan === undefined || terminal === undefined || store === undefined) return null
  const transmitted = transmittedOf(de7, now)
  if (transmitted === null) return null
  return {
    store: store.trimEnd(),
    terminal: terminal.trimEnd(),
    kind: Number(withoutRepeat(mti)),
    stan: Number(stan),
    transmitted,
  }
}

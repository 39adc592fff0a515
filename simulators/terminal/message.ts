import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { toAmountField } from './amount.ts'
import type { Fields } from './fields.ts'
import {
  type Entry,
  entries,
  type FollowUp,
  followUps,
  type Operation,
  type OperationName,
  operations,
  originalMti,
  repeatMti,
} from './operations.ts'
import type { Stamp } from './stamp.ts'

export type Message = { mti: string; fields: Fields }

/** A cashier's request. Amount in minor units. */
export type Ask = {
  operation: OperationName
  card: DemoCard | null
  entry: Entry
  amount: number | null
  currency: string
  flags: string | null
}

export const DEFAULT_CURRENCY = '985'

const cardFields = {
  swipe: (card) => ({ 35: card.track2 }),
  'swipe-track1': (card) => ({ 45: card.track1 }),
  keyed: (card) => ({ 2: card.number }),
  barcode: (card) => ({ 2: card.barcode }),
  ecommerce: (card) => ({ 2: card.number, 62: card.ecode }),
  forged: (card) => ({ 35: differing(card.track2) }),
  guessed: (card) => ({ 2: card.number, 62: differing(card.ecode) }),
} satisfies Record<Entry, (card: DemoCard) => Fields>

/** The last character becomes another one: of a stripe's check value a digit, of an eCode a letter that it may have. */
const differing = (secret: string): string => {
  const last = secret.at(-1) ?? ''
  const other = /\d/.test(last) ? String((Number(last) + 1) % 10) : last === 'X' ? 'Y' : 'X'
  return `${secret.slice(0, -1)}${other}`
}

/** The default entry mode of a card: the best that its data permit. */
export function usualEntry({ track2, track1, ecode }: DemoCard): Entry {
  if (track2 !== '') return 'swipe'
  if (track1 !== '') return 'swipe-track1'
  return ecode === '' ? 'keyed' : 'ecommerce'
}

/** DE22, and the fields that this way of entry brings. */
export const cardFieldsOf = (card: DemoCard, entry: Entry): Fields => ({
  22: entries[entry],
  ...cardFields[entry](card),
})

/** The elements of every message of a terminal. */
export function stampFields(terminal: DemoTerminal, stamp: Stamp): Fields {
  return {
    7: stamp.transmission,
    11: stamp.trace,
    12: stamp.time,
    13: stamp.date,
    41: terminal.terminal.padEnd(8),
    42: terminal.store.padEnd(15),
  }
}

/** The message of one operation, without MAC. */
export function requestFor(ask: Ask, terminal: DemoTerminal, stamp: Stamp): Message {
  const operation: Operation = operations[ask.operation]
  const fields = stampFields(terminal, stamp)
  if (operation.code !== null) fields[3] = operation.code
  if (operation.network !== null) fields[70] = operation.network
  if (operation.card) Object.assign(fields, { 22: entries[ask.entry], 49: ask.currency })
  if (operation.card && ask.card) Object.assign(fields, cardFields[ask.entry](ask.card))
  if (ask.amount !== null) fields[4] = toAmountField(ask.amount)
  if (ask.flags !== null) fields[48] = ask.flags
  return { mti: operation.mti, fields }
}

/** A confirmation, reversal or cancellation of an earlier request: echoed elements and DE90. */
export function followUpOf(kind: FollowUp, original: Message, terminal: DemoTerminal, stamp: Stamp): Message {
  const { mti, echoes } = followUps[kind]
  const fields = stampFields(terminal, stamp)
  for (const de of echoes) {
    const value = original.fields[de]
    if (value !== undefined) fields[de] = value
  }
  const { 11: trace = '', 7: transmission = '' } = original.fields
  fields[90] = `${originalMti(original.mti)}${trace}${transmission}${'0'.repeat(22)}`
  return { mti, fields }
}

/** The same request again, as a repeat (0201) or exactly as it was. */
export function repeatOf(original: Message, plain: boolean): Message {
  return { mti: plain ? original.mti : repeatMti(original.mti), fields: { ...original.fields } }
}

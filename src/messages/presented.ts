import type { NumberHashes, Presented } from '../core/request.ts'
import type { EntryModes } from '../iso8583/entry-modes.ts'
import type { Fields } from '../iso8583/message.ts'
import { type FormatError, formatError } from './format-error.ts'

/** A card number in the form that later steps get. */
type NumberShown = NumberHashes & Pick<Presented, 'luhn' | 'shown'>

/** The checks of a card that need no database; provided by `cards/`, which holds the keys. */
export type CardReader = {
  /** Null: not a track of a financial card. */
  readonly stripe: (
    track: 1 | 2,
    text: string,
  ) => { readonly number: string; readonly expiry: string; readonly version: number; readonly genuine: boolean } | null
  readonly number: (number: string) => NumberShown
  /** The number of a scanned barcode: the card number itself, or the EAN-13 with its check digit. */
  readonly barcode: (text: string) => NumberShown
  readonly ecodeHash: (ecode: string) => string
}

/** DE 22, digits 1–2: how the card was entered, and which of DE 2, 35 and 45 must then contain it. */
const ENTRY_MODES = {
  '01': { by: 'keyed', data: [2], ecode: false },
  '02': { by: 'stripe', data: [35, 45], ecode: false },
  '03': { by: 'barcode', data: [2], ecode: false },
  '81': { by: 'ecommerce', data: [2], ecode: true },
} as const satisfies Record<string, { by: Presented['by']; data: readonly number[]; ecode: boolean }>

/**
 * Values of other terminals and their equivalents here: 90 is a stripe that was read whole and unaltered (ISO 8583:1987
 * networks), with PIN capability 1 or 2.
 */
const READ_AS: Readonly<Record<string, string>> = { '901': '021', '902': '022' }

/** DE 22 translated into our values. A value that the dialect refuses is left unchanged and is then not one of ours. */
export function entryModeIn({ 22: mode }: Fields, dialect: EntryModes): string | undefined {
  const takenFor = mode === undefined ? undefined : dialect.get(mode.slice(0, 2))
  if (mode === undefined || takenFor === 'refuse') return mode
  return takenFor === undefined ? (READ_AS[mode] ?? mode) : takenFor + mode.slice(2)
}

/**
 * Reads the card of a message: exactly one of DE 2, 35 and 45, matching the entry mode; an eCode with a number. Track
 * and eCode are used here and discarded.
 */
export function readPresented(fields: Fields, reader: CardReader, dialect: EntryModes): Presented | FormatError {
  const mode = entryModeIn(fields, dialect)?.slice(0, 2) ?? ''
  if (!(mode in ENTRY_MODES)) return formatError(22, 'entry mode')
  const { by, data, ecode } = ENTRY_MODES[mode as keyof typeof ENTRY_MODES]
  const given = ([2, 35, 45] as const).filter((field) => fields[field] !== undefined)
  const [field, second] = given
  if (field === undefined) return formatError(data[0], 'missing')
  if (second !== undefined) return formatError(second, 'one card only')
  if (!(data as readonly number[]).includes(field)) return formatError(22, 'entry mode')
  if (ecode && fields[62] === undefined) return formatError(62, 'missing')

  const text = fields[field] ?? ''
  if (field === 2) {
    // An eCode may also come with a keyed or scanned number; it is then checked as in e-commerce.
    const ecodeHash = fields[62] === undefined ? null : reader.ecodeHash(fields[62])
    return { ...(by === 'barcode' ? reader.barcode(text) : reader.number(text)), by, stripe: null, ecodeHash }
  }
  const stripe = reader.stripe(field === 35 ? 2 : 1, text)
  if (stripe === null) return formatError(field, 'track')
  const { number, expiry, version, genuine } = stripe
  return { ...reader.number(number), by, stripe: { expiry, version, genuine }, ecodeHash: null }
}

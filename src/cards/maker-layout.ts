import { NO_EXPIRY } from '../core/card.ts'
import { code128Text } from './barcode.ts'
import { checkValue } from './check-value.ts'
import type { CardKeys } from './keys.ts'
import { encodeTrack1, encodeTrack2, SERVICE_CODE, type Stripe, withSentinels } from './track.ts'

/** The columns that a file for a card maker may have. */
export const MAKER_COLUMNS = [
  'serial',
  'number',
  'formatted',
  'track1',
  'track2',
  'barcode',
  'ecode',
  'expiry',
  'pack',
] as const
export type MakerColumn = (typeof MAKER_COLUMNS)[number]

/** `lrc`: with sentinels and, behind the end sentinel, the LRC as a character. */
export const TRACK_FORMS = ['plain', 'sentinels', 'lrc'] as const

/** The file layout of one card maker: a file of config/makers, or of `makers` in the home directory. */
export type MakerLayout = {
  readonly name: string
  readonly format: 'csv' | 'fixed'
  /** CSV only. */
  readonly separator: ',' | ';' | '|' | '\t'
  readonly header: boolean
  readonly lineEnd: 'lf' | 'crlf'
  readonly tracks: (typeof TRACK_FORMS)[number]
  /** The name on track 1, which is mandatory there; bearer cards have no holder. */
  readonly holder: string
  readonly columns: readonly MakerField[]
  readonly encryption: 'none' | 'age' | 'openpgp'
  /** The maker's public key, `age1…` or an armored OpenPGP block; null without encryption. */
  readonly publicKey: string | null
}

/** `width`, `align` and `fill` are for fixed width; width 0: CSV. */
export type MakerField = {
  readonly column: MakerColumn
  readonly width: number
  readonly align: 'left' | 'right'
  readonly fill: ' ' | '0'
}

/** A card with everything that may be printed and encoded; only exports have it. */
export type PrintedCard = {
  readonly serial: number
  readonly number: string
  readonly version: number
  /** YYMM on the stripe. */
  readonly expiry: string
  /** Null: the barcode contains the card number. */
  readonly ean: string | null
  readonly ecode: string | null
  readonly pack: number | null
}

/** The text of each column of a card, before padding and quoting. */
export const cellsOf = (keys: CardKeys, layout: MakerLayout, card: PrintedCard): string[] =>
  layout.columns.map(({ column }) => CELLS[column](card, layout, keys))

/** A line of a fixed-width file. Throws RangeError, without the value, if a value does not fit. */
export const fixedLine = (layout: MakerLayout, cells: readonly string[]): string =>
  layout.columns.map((field, i) => fitted(field, cells[i] ?? '')).join('')

function fitted({ column, width, align, fill }: MakerField, cell: string): string {
  if (cell.length > width) throw new RangeError(`${column} has ${cell.length} characters and a width of ${width}`)
  return align === 'left' ? cell.padEnd(width, fill) : cell.padStart(width, fill)
}

type Cell = (card: PrintedCard, layout: MakerLayout, keys: CardKeys) => string

const CELLS = {
  serial: ({ serial }) => String(serial),
  number: ({ number }) => number,
  formatted: ({ number }) => number.replace(/(.{4})(?=.)/gu, '$1 '),
  track1: (card, layout, keys) => formed(layout, 1, encodeTrack1(stripeOf(keys, card), layout.holder)),
  track2: (card, layout, keys) => formed(layout, 2, encodeTrack2(stripeOf(keys, card))),
  barcode: ({ number, ean }) => ean ?? code128Text(number),
  ecode: ({ ecode }) => ecode ?? '',
  expiry: ({ expiry }) => (expiry === NO_EXPIRY ? '' : `${expiry.slice(2)}/${expiry.slice(0, 2)}`),
  pack: ({ pack }) => (pack === null ? '' : String(pack)),
} as const satisfies Record<MakerColumn, Cell>

/** The stripe data that the switch expects when the card is swiped. */
function stripeOf(keys: CardKeys, { number, expiry, version }: PrintedCard): Stripe {
  const fields = { number, expiry, serviceCode: SERVICE_CODE, version: String(version).padStart(2, '0') }
  return { ...fields, checkValue: checkValue(keys, fields) }
}

const formed = ({ tracks }: MakerLayout, track: 1 | 2, text: string): string =>
  tracks === 'plain' ? text : tracks === 'lrc' ? withSentinels(track, text) : withSentinels(track, text).slice(0, -1)

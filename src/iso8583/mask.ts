import type { Message } from './message.ts'
import { mtiParts } from './mti.ts'

const HIDDEN = '(hidden)'

/** A masked number: first six and last four digits; below 16 digits only the last four, up to 8 digits none. */
export function maskPan(number: string): string {
  const length = number.length
  const first = length >= 16 ? 6 : 0
  const last = length > 8 ? 4 : 0
  return number.slice(0, first) + '*'.repeat(length - first - last) + number.slice(length - last)
}

/** Card numbers inside other text. */
const maskRuns = (text: string): string => text.replace(/\d{13,}/g, maskPan)

const hide = (): string => HIDDEN
const show = (value: string): string => value

type Mask = (value: string, mti: string) => string

/** The key block of a key exchange; else the flags of a request. */
const keyBlock: Mask = (value, mti) => (mtiParts(mti).class === 'network management' ? HIDDEN : maskRuns(value))

/** The masks of elements that can carry numbers, tracks, codes, keys or free text. All other elements are shown. */
const MASKS: { readonly [de: number]: Mask } = {
  2: maskPan,
  34: maskPan,
  35: hide, // track 2
  36: hide, // track 3
  43: maskRuns,
  44: maskRuns,
  45: hide, // track 1
  46: maskRuns,
  47: maskRuns,
  48: keyBlock,
  52: hide, // PIN block
  53: hide, // security control information
  55: hide, // chip data, track 2 equivalent included
  56: maskRuns,
  57: maskRuns,
  58: maskRuns,
  59: maskRuns,
  60: maskRuns,
  61: maskRuns,
  62: hide, // eCode
  63: maskRuns,
  96: hide, // message security code
  102: maskPan,
  103: maskPan, // the new card of a duplicate
}

/** 104 to 127 are free text in every dialect. */
const maskOf = (de: number): Mask => MASKS[de] ?? (de >= 104 && de <= 127 ? maskRuns : show)

/** A message for the log: element number (0: the MTI) → value, with masked numbers and without tracks and codes. */
export function loggable({ mti, fields }: Message): Record<string, string> {
  const shown: Record<string, string> = { '0': mti }
  for (const [de, value] of Object.entries(fields)) {
    if (value !== undefined) shown[de] = maskOf(Number(de))(value, mti)
  }
  return shown
}

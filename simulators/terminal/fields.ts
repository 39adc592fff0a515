import { maskNumber } from '../demo/cards.ts'

/** Data elements by number; text at full width, binary as hex. */
export type Fields = Record<number, string>

function maskTrack(track: string): string {
  const found = /^(B?)(\d+)([=D^])/.exec(track)
  return found ? `${found[1]}${maskNumber(found[2] ?? '')}${found[3]}****` : '****'
}

/** A key block of 0810 is longer than any flags. */
const LONGEST_FLAGS = 40

const masks: Readonly<Record<number, (value: string) => string>> = {
  2: maskNumber,
  35: maskTrack,
  45: maskTrack,
  48: (value) => (value.length > LONGEST_FLAGS ? `${value.slice(0, 16)}…` : value),
  62: () => '****',
  103: maskNumber,
}

/** A value as it may be shown: numbers as first six and last four, no track, no eCode. */
export function maskedValue(de: number, value: string): string {
  return masks[de]?.(value) ?? value
}

/** All fields of a message as they may be shown. */
export function maskedFields(fields: Fields): Fields {
  const shown = Object.entries(fields).map(([de, value]): [string, string] => [de, maskedValue(Number(de), value)])
  return Object.fromEntries(shown)
}

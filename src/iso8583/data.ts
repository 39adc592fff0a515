import type { Cursor } from './cursor.ts'

/**
 * How the value of an element stands on the wire, without its length. A *unit* is what its length counts in the
 * standard: a character of text, a digit of a number, a byte of binary data.
 */
export type Data = {
  /** Half bytes that a unit takes; for text with a sign, those of a digit. */
  readonly nibbles: 1 | 2 | 4
  /** Bytes on the wire of that many units. */
  readonly size: (units: number) => number
  /** The units of a value; -1 if it is not a whole number of them. */
  readonly units: (value: string) => number
  /** Whether a short value is padded to a fixed length. */
  readonly fills: boolean
  /** Reads at the cursor, where the caller made sure of the bytes, and moves it; or sets the fault. */
  readonly read: (cursor: Cursor, units: number) => string
  /** Writes the value filled up to `units`; false where it has characters that its content type does not have. */
  readonly write: (target: Buffer, at: number, value: string, units: number) => boolean
}

export const lengthOf = (value: string): number => value.length
export const same = (units: number): number => units

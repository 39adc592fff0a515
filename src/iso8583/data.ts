import type { Cursor } from './cursor.ts'

/**
 * The encoding of an element's value, without its length. A *unit* is the unit of the length in the standard: a
 * character of text, a digit of a number, a byte of binary data.
 */
export type Data = {
  /** Half bytes for each unit; for text with a sign, for each digit. */
  readonly nibbles: 1 | 2 | 4
  /** The number of bytes on the wire for a number of units. */
  readonly size: (units: number) => number
  /** The number of units of a value; -1 if it is not a whole number. */
  readonly units: (value: string) => number
  /** Whether a short value is padded to a fixed length. */
  readonly fills: boolean
  /** Reads the value at the cursor and moves the cursor, or sets the fault. The caller has checked that the bytes are there. */
  readonly read: (cursor: Cursor, units: number) => string
  /** Writes the value, padded to `units`; false if it has characters that its content type does not permit. */
  readonly write: (target: Buffer, at: number, value: string, units: number) => boolean
}

export const lengthOf = (value: string): number => value.length
export const same = (units: number): number => units

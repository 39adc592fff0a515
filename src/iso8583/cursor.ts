import type { MalformedReason } from './malformed.ts'

/** The position in a message that is being read. Readers move `at`, or set `fault`; then the other members have no meaning. */
export type Cursor = {
  readonly bytes: Buffer
  /** All bytes as Latin-1: one call into C++ for the whole message instead of one per element (240 against 970 ns). */
  readonly text: string
  readonly end: number
  at: number
  fault: MalformedReason | null
  faultAt: number
}

export const cursorOn = (bytes: Buffer): Cursor => ({
  bytes,
  text: bytes.toString('latin1', 0, bytes.length),
  end: bytes.length,
  at: 0,
  fault: null,
  faultAt: 0,
})

/** Sets the fault; the value of the element is then ignored. */
export function fault(cursor: Cursor, reason: MalformedReason, at: number): string {
  cursor.fault = reason
  cursor.faultAt = at
  return ''
}

/**
 * ASCII from `from` to `to`. V8 copies substrings of less than 13 characters. A longer one would be a view that keeps the
 * whole message, with its track, in memory for as long as the value lives, so longer ones are decoded again from the bytes.
 */
export const asciiSlice = (cursor: Cursor, from: number, to: number): string =>
  to - from < 13 ? cursor.text.substring(from, to) : cursor.bytes.toString('latin1', from, to)

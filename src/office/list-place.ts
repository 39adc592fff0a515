import type { Place } from '../db/sql/keyset.ts'
import { instant, integer, text } from '../db/sql/literal.ts'
import { refused, type Refused } from './refusal.ts'

/** The sort value in a cursor: an instant (ms), a number, a word, or none. */
type Value = number | string | null

/** A cursor as it is given out: opaque, and without anything secret. */
export const cursorOf = (value: Value, id: number): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url')

/** @param as how the value stands in SQL */
export function placeOfCursor(cursor: string, as: 'instant' | 'integer' | 'text'): Place | Refused {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [Value, number]
    if (!Number.isSafeInteger(id)) return refused('wrong_cursor')
    if (value === null) return { value: null, id }
    if (as === 'text') return { value: text(String(value)), id }
    return { value: as === 'instant' ? instant(Number(value)) : integer(Number(value)), id }
  } catch {
    return refused('wrong_cursor')
  }
}

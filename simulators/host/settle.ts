import { toAmountField } from '../terminal/amount.ts'
import type { Fields } from '../terminal/fields.ts'
import { type Book, bring, type Entry, keyText } from './book.ts'

/** No money moves; a person has to decide. */
const CASE: Fields = { 39: '00', 44: 'CASE' }
const REVERSED: Fields = { 39: '21', 44: 'REVERSED' }

const isGone = ({ state }: Entry) => state === 'reversed' || state === 'tombstone'

/** An 0202 for `original`. */
export function confirm(book: Book, original: Entry | undefined): Fields {
  if (original === undefined || original.state === 'declined') return { 39: '25' }
  if (isGone(original)) return { ...REVERSED }
  if (original.state === 'stands') bring(book, original, 'confirmed')
  return { 39: '00' }
}

/** An 0400 for `original`: undone once, in full. */
export function cancel(book: Book, original: Entry | undefined, entry: Entry, approvalCode: string): Fields {
  if (original === undefined || original.effect === 0) return { 39: '25' }
  if (isGone(original)) return { ...REVERSED }
  if (original.state === 'cancelled') return { 39: '21', 44: 'DONE' }
  const took = Math.abs(original.effect)
  if (entry.asked !== null && entry.asked !== took) return { 39: '64' }
  if (!bring(book, original, 'cancelled')) return { 39: '21', 44: 'SPENT' }
  entry.state = 'stands'
  return { 4: toAmountField(took), 38: approvalCode, 39: '00' }
}

/** The reversal of a cancellation restores its original. */
function restore(book: Book, cancellation: Entry): boolean {
  const key = cancellation.original
  const original = key === null ? undefined : book.entries.get(keyText(key))
  if (original?.state !== 'cancelled' || !bring(book, original, 'confirmed')) return false
  cancellation.state = 'reversed'
  return true
}

/** An 0420 for `original`: always 00. Nothing moves where it was confirmed, cancelled, spent, or is of another amount. */
export function reverse(book: Book, original: Entry | undefined, entry: Entry): Fields {
  if (original === undefined || isGone(original)) return { 39: '00' }
  if (original.state === 'declined') {
    original.state = 'reversed'
    return { 39: '00' }
  }
  const took = Math.abs(original.effect)
  const differs = entry.asked !== null && took !== 0 && entry.asked !== took && entry.asked !== original.asked
  if (original.state !== 'stands' || differs) return { ...CASE }
  if (original.kind === '0400') return restore(book, original) ? { 39: '00' } : { ...CASE }
  if (bring(book, original, 'reversed')) return { 39: '00' }
  original.state = 'kept'
  return { ...CASE }
}

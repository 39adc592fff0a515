import type { Key } from '../core/key.ts'
import type { Result } from '../core/result.ts'
import type { Message } from '../iso8583/message.ts'
import { withoutRepeat } from '../iso8583/mti.ts'
import { keyOf } from '../messages/read.ts'

/**
 * Decides which requests may be answered 96 under overload: never a repeat, and never a settling message (0202, 0420,
 * 0500).
 */
const NEW_WORK: ReadonlySet<string> = new Set(['0100', '0200', '0220', '0400', '0600'])

/**
 * Whether a request may be refused before it is read: a refusal must cost a fraction of the work that it saves,
 * otherwise refusals would use up the switch.
 *
 * @param mayBeBooked whether a request with this key is in work, or was a short while ago
 */
export function mayBeShed(request: Message, now: number, mayBeBooked: (key: Key) => boolean): boolean {
  if (!NEW_WORK.has(request.mti)) return false
  const key = keyOf(request, now)
  return key !== null && !mayBeBooked(key)
}

export const isRepeat = ({ mti }: Message): boolean => mti !== withoutRepeat(mti)

/** Messages that settle money: after the answer "not booked, try again" a terminal may drop them. */
const SETTLES: ReadonlySet<string> = new Set(['0202', '0420'])
const NOT_BOOKED: ReadonlySet<Result> = new Set(['overloaded', 'malfunction'])

/**
 * Whether a result would send 96 to a message that never gets it: a repeat, an 0202, an 0420. They get the true answer
 * or none.
 */
export const mustStaySilent = (request: Message, result: Result): boolean =>
  NOT_BOOKED.has(result) && (isRepeat(request) || SETTLES.has(request.mti))

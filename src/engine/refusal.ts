import type { Result } from '../core/result.ts'
import type { Waiting } from './lanes.ts'

/** The outcome is unknown, so nothing may be answered. */
export class Unanswered extends Error {}

/**
 * What becomes of a request that is not carried out. Only of a new one is it known that nothing is booked, and only that
 * is said. A repeat asks for what may be booked already; a confirmation or a reversal told "not booked" would be dropped
 * by its terminal although it settles money. These get no answer, and come again.
 */
export function refuse(
  { lane, resolve, reject }: Waiting,
  result: Extract<Result, 'overloaded' | 'malfunction'>,
): void {
  if (lane === 'new') resolve({ result, row: null, forwarding: null })
  else reject(new Unanswered(result))
}

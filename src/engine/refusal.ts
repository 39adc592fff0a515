import type { Result } from '../core/result.ts'
import type { Waiting } from './lanes.ts'

/** The outcome is unknown, so nothing may be answered. */
export class Unanswered extends Error {}

/**
 * The answer to a request that is not carried out. Only a new one is certainly not booked, and only a new one is told
 * so. A repeat may be booked already; a confirmation or a reversal that is answered "not booked" would be dropped by
 * its terminal although it settles money. These get no answer, and come again.
 */
export function refuse(
  { lane, resolve, reject }: Waiting,
  result: Extract<Result, 'overloaded' | 'malfunction'>,
): void {
  if (lane === 'new') resolve({ result, row: null, forwarding: null })
  else reject(new Unanswered(result))
}

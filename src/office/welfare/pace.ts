import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Leaves room for payments: work goes on no faster than `perSecond`, be the machine ever so quick, and never rests where it
 * is slower than that. Called after each piece with how much it was.
 */
export type Pace = (count: number) => Promise<void>

export function paceOf(perSecond: number): Pace {
  let begun = performance.now()
  return async (count) => {
    const rest = begun + (1_000 * count) / perSecond - performance.now()
    if (rest > 0) await sleep(rest)
    begun = performance.now()
  }
}

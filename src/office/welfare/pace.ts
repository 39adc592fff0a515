import { setTimeout as sleep } from 'node:timers/promises'
import { giveWay, type Traffic } from '../../engine/traffic.ts'

/**
 * Leaves room for payments: work goes on no faster than `perSecond`, be the machine ever so quick, and never rests where it
 * is slower than that; and it goes on when no payment is in hand. Called after each piece with how much it was.
 */
export type Pace = (count: number) => Promise<void>

/** ms: under steady load there is always a payment in hand. */
const MOST_WAIT_MS = 10

export function paceOf(perSecond: number, traffic: Traffic | null): Pace {
  let begun = performance.now()
  return async (count) => {
    const rest = begun + (1_000 * count) / perSecond - performance.now()
    if (rest > 0) await sleep(rest)
    begun = performance.now()
    await giveWay(traffic, MOST_WAIT_MS)
  }
}

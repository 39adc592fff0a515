import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { giveWay, isBusy, quietOf, SHORT_WAIT_MS, type Traffic } from '../../engine/traffic.ts'

/**
 * Leaves room for payments: while somebody pays, it limits the work to a number of rows per second; work that is slower
 * than that does not pause. While nobody pays there are no pauses. Called after each piece with its number of rows.
 */
export type Pace = (count: number) => Promise<void>

export function paceOf(perSecond: number, traffic: Traffic | null): Pace {
  const isQuiet = quietOf(traffic)
  let begun = performance.now()
  return async (count) => {
    const rest = isQuiet() ? 0 : begun + (1_000 * count) / perSecond - performance.now()
    if (rest > 0) await sleep(rest)
    begun = performance.now()
  }
}

/** The fewest rows between two waits, so that work continues even if there is always a payment in progress. */
const LEAST = 5

/**
 * Tells after each row whether to interrupt the computing: after `most` rows, or as soon as a payment comes, so that it
 * does not wait for the remaining rows.
 */
export function stretchesOf(most: number, traffic: Traffic | null): () => boolean {
  let rows = 0
  return () => {
    rows += 1
    if (rows < most && (rows < LEAST || !isBusy(traffic))) return false
    rows = 0
    return true
  }
}

/** Called between two stretches of computing: first handles the waiting events of this thread, and lets payments go first. */
export async function betweenStretches(traffic: Traffic | null): Promise<void> {
  await nextTurn()
  await giveWay(traffic, SHORT_WAIT_MS)
}

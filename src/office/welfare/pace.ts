import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { giveWay, isBusy, quietOf, SHORT_WAIT_MS, type Traffic } from '../../engine/traffic.ts'

/**
 * Leaves room for payments: while somebody pays, work goes on no faster than so many a second, be the machine ever so quick,
 * and never rests where it is slower than that. While nobody pays it does not rest. Called after each piece with how much it
 * was.
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

/** Rows at least: where something is always in hand, work goes on by so many between two waits. */
const LEAST = 5

/**
 * Tells after each row whether the stretch of computing ends with it: after `most` rows, or as soon as a payment comes, which
 * has not to wait for the rest of them.
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

/** Between two stretches of computing: what has come to this thread meanwhile is done first, and so are payments. */
export async function betweenStretches(traffic: Traffic | null): Promise<void> {
  await nextTurn()
  await giveWay(traffic, SHORT_WAIT_MS)
}

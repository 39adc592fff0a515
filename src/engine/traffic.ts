import { setTimeout as sleep } from 'node:timers/promises'

/**
 * How many requests the engine of tills and shops has in hand: one number in memory that threads share, so that long work in
 * other threads can give way to them.
 */
export type Traffic = Int32Array<SharedArrayBuffer>

export const openTraffic = (): Traffic => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** Counts the requests that an engine has in progress. */
export const counted =
  <Request, Answer>(traffic: Traffic, submit: (request: Request) => Promise<Answer>) =>
  (request: Request): Promise<Answer> => {
    Atomics.add(traffic, 0, 1)
    return submit(request).finally(() => Atomics.sub(traffic, 0, 1))
  }

/** Waits until nothing is in hand, but no longer than `most` ms: under steady load long work goes on all the same, slowly. */
export async function giveWay(traffic: Traffic | null, most: number): Promise<void> {
  if (traffic === null) return
  const until = performance.now() + most
  while (Atomics.load(traffic, 0) > 0 && performance.now() < until) await sleep(1)
}

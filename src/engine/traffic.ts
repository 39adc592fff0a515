import type { WorkerConnection } from '../db/connection.ts'

/**
 * What the engine of tills and shops has in hand, and how many requests came to it so far: two numbers in memory that
 * threads share, so that long work in other threads can give way to them.
 */
export type Traffic = Int32Array<SharedArrayBuffer>

const [IN_HAND, CAME] = [0, 1]

export const openTraffic = (): Traffic => new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))

/** Counts the requests that an engine has in progress. */
export const counted =
  <Request, Answer>(traffic: Traffic, submit: (request: Request) => Promise<Answer>) =>
  (request: Request): Promise<Answer> => {
    Atomics.add(traffic, CAME, 1)
    Atomics.add(traffic, IN_HAND, 1)
    return submit(request).finally(() => {
      if (Atomics.sub(traffic, IN_HAND, 1) === 1) Atomics.notify(traffic, IN_HAND)
    })
  }

/**
 * Waits until nothing is in hand, but no longer than `most` ms: under steady load long work goes on all the same, slowly.
 * It goes on in the moment in which the last answer is given, so that as much as possible is done before the next request.
 */
export async function giveWay(traffic: Traffic | null, most: number): Promise<void> {
  if (traffic === null) return
  const until = performance.now() + most
  for (;;) {
    const inHand = Atomics.load(traffic, IN_HAND)
    const rest = until - performance.now()
    if (inHand <= 0 || rest <= 0) return
    // The wait alone would not keep a process that has nothing else to do.
    const alive = setTimeout(() => {}, rest + 1_000)
    await Atomics.waitAsync(traffic, IN_HAND, inHand, rest).value
    clearTimeout(alive)
  }
}

/** Whether anything is in hand: asked between two pieces of computing it costs next to nothing. */
export const isBusy = (traffic: Traffic | null): boolean => traffic !== null && Atomics.load(traffic, IN_HAND) > 0

/** ms, before a statement: under steady load there is always a payment in hand. */
export const SHORT_WAIT_MS = 5

/**
 * A connection whose packets begin while no payment is in hand, so that a payment which comes meanwhile has one short packet
 * beside it; above all its COMMIT does not find the log being flushed for another one.
 */
export const givingWay = (connection: WorkerConnection, traffic: Traffic | null): WorkerConnection =>
  traffic === null
    ? connection
    : {
        ...connection,
        async send(sql) {
          await giveWay(traffic, SHORT_WAIT_MS)
          return connection.send(sql)
        },
      }

/** ms without a request after which nobody is taken to be paying. */
const QUIET_MS = 250

/**
 * Tells whether nobody is paying at this time, from the second time on that it is asked. A command serves no tills and
 * cannot know: it is never quiet.
 */
export function quietOf(traffic: Traffic | null, now = (): number => performance.now()): () => boolean {
  let came: number | null = null
  let since = now()
  return () => {
    if (traffic === null) return false
    const at = now()
    const count = Atomics.load(traffic, CAME)
    if (count !== came || Atomics.load(traffic, IN_HAND) > 0) [came, since] = [count, at]
    return at - since >= QUIET_MS
  }
}

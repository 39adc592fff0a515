import type { WorkerConnection } from '../db/connection.ts'

/**
 * The number of requests in progress in the engine of tills and shops, and the number that arrived so far. Threads share
 * this memory, so that long work in other threads can give way to payments.
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
 * Waits until no request is in progress, but at most `most` ms, so that long work continues slowly under steady load. It
 * resumes as soon as the last answer is given, so that as much as possible is done before the next request.
 */
export async function giveWay(traffic: Traffic | null, most: number): Promise<void> {
  if (traffic === null) return
  const until = performance.now() + most
  for (;;) {
    const inHand = Atomics.load(traffic, IN_HAND)
    const rest = until - performance.now()
    if (inHand <= 0 || rest <= 0) return
    // waitAsync alone does not keep the process running if it has nothing else to do.
    const alive = setTimeout(() => {}, rest + 1_000)
    await Atomics.waitAsync(traffic, IN_HAND, inHand, rest).value
    clearTimeout(alive)
  }
}

/** Whether a request is in progress. Cheap enough to be called between two pieces of computing. */
export const isBusy = (traffic: Traffic | null): boolean => traffic !== null && Atomics.load(traffic, IN_HAND) > 0

/** The longest wait before a statement, ms: under steady load there is always a payment in progress. */
export const SHORT_WAIT_MS = 5

/**
 * A connection that sends each packet when no payment is in progress. A payment that arrives then competes with one short
 * packet only; above all its COMMIT does not wait for a flush of the log by another COMMIT.
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

/** ms without a request after which nobody is assumed to be paying. */
const QUIET_MS = 250

/**
 * Returns a function that tells whether nobody is paying now; its first answer is always no. Without `traffic` (a command,
 * which serves no tills and cannot know) the answer is always no.
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

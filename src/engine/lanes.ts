import { assert } from '../core/assert.ts'
import type { Request } from '../core/request.ts'
import type { Answer } from './executor.ts'

/**
 * `settlement`: confirmations and reversals of earlier transactions, and answers of other hosts. `repeat`: repeats, whose
 * original may be booked already. `new`: all other requests; only these may be refused as not booked.
 */
export type Lane = 'settlement' | 'repeat' | 'new'

/** A request in the queue, and the caller that waits for it. */
export type Waiting = {
  readonly request: Request
  readonly lane: Lane
  /** Names that only one worker may hold at a time; the first one is that of its own key. */
  readonly claims: readonly string[]
  /** `performance.now()` when it came. */
  readonly since: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: Error) => void
}

/**
 * Three bounded queues, settlements first, and the claims of the requests in work. `take` returns requests whose claims are
 * free; a request that has to wait keeps its place, and so do later ones that share a claim with it. A settlement never
 * overtakes its original: a waiting original is taken right before it.
 */
export type Lanes = {
  readonly add: (waiting: Waiting) => void
  readonly isFull: (lane: Lane) => boolean
  readonly take: (most: number) => Waiting[]
  readonly release: (done: readonly Waiting[]) => void
  readonly drain: () => Waiting[]
  /** Takes requests out of a lane that have waited since before `time`, `performance.now()`. */
  readonly expire: (lane: Exclude<Lane, 'settlement'>, time: number) => Waiting[]
  readonly length: () => number
}

// Settlements are refused only to bound the memory: eight times the room of the others.
const ROOM = { settlement: 8, repeat: 1, new: 1 } as const satisfies Record<Lane, number>
const IN_ORDER = ['settlement', 'repeat', 'new'] as const satisfies readonly Lane[]
// How far past a batch's size the queue is searched for what may run beside a hot card.
const LOOK_AHEAD = 4

export function createLanes(queueMax: number): Lanes {
  const queues: Record<Lane, Waiting[]> = { settlement: [], repeat: [], new: [] }
  /**
   * Claim → number of requests in work that hold it: a batch may hold several for one card, which are released
   * separately.
   */
  const held = new Map<string, number>()
  // Key → the first waiting request with that key that is not a settlement.
  const ahead = new Map<string, Waiting>()

  /** A till that sends an 0420 right after the 0200 must get both answers, so the original is taken first. */
  const pullOriginals = ({ claims }: Waiting): void => {
    for (const claim of claims.slice(1)) {
      const original = ahead.get(claim)
      if (original === undefined) continue
      queues[original.lane] = queues[original.lane].filter((waiting) => waiting !== original)
      queues.settlement.push(original)
      ahead.delete(claim)
    }
  }

  const forget = (waiting: Waiting): void => {
    const [own] = waiting.claims
    if (own !== undefined && ahead.get(own) === waiting) ahead.delete(own)
  }

  return {
    add(waiting) {
      const [own] = waiting.claims
      if (waiting.lane === 'settlement') pullOriginals(waiting)
      else if (own !== undefined && !ahead.has(own)) ahead.set(own, waiting)
      queues[waiting.lane].push(waiting)
    },
    isFull: (lane) => queues[lane].length >= queueMax * ROOM[lane],
    take(most) {
      const taken: Waiting[] = []
      const passed = new Set<string>()
      for (const lane of IN_ORDER) queues[lane] = takeFrom(queues[lane], most, held, passed, taken)
      assert(taken.length <= most, 'more was taken than asked for')
      const isFree = taken.every(({ claims }) => claims.every((claim) => !held.has(claim)))
      assert(isFree, 'a claim is taken that somebody holds')
      for (const waiting of taken) {
        forget(waiting)
        for (const claim of waiting.claims) held.set(claim, (held.get(claim) ?? 0) + 1)
      }
      return taken
    },
    release(done) {
      for (const { claims } of done) for (const claim of claims) giveBack(held, claim)
    },
    drain() {
      const all = IN_ORDER.flatMap((lane) => queues[lane])
      for (const lane of IN_ORDER) queues[lane] = []
      ahead.clear()
      return all
    },
    expire(lane, time) {
      const expired = queues[lane].filter(({ since }) => since < time)
      if (expired.length === 0) return expired
      queues[lane] = queues[lane].filter(({ since }) => since >= time)
      for (const waiting of expired) forget(waiting)
      return expired
    },
    length: () => queues.settlement.length + queues.repeat.length + queues.new.length,
  }
}

function giveBack(held: Map<string, number>, claim: string): void {
  const holders = held.get(claim) ?? 0
  assert(holders > 0, 'a claim is given back that nobody holds')
  if (holders === 1) held.delete(claim)
  else held.set(claim, holders - 1)
}

/** Moves requests into `taken` whose claims nobody holds and no earlier request waits for; returns those that stay in the queue. */
function takeFrom(
  queue: Waiting[],
  most: number,
  held: ReadonlyMap<string, number>,
  passed: Set<string>,
  taken: Waiting[],
): Waiting[] {
  const kept: Waiting[] = []
  const reach = Math.min(queue.length, most * LOOK_AHEAD)
  let i = 0
  for (; i < reach && taken.length < most; i++) {
    const waiting = queue[i]
    if (waiting === undefined) break
    if (waiting.claims.some((claim) => held.has(claim) || passed.has(claim))) {
      for (const claim of waiting.claims) passed.add(claim)
      kept.push(waiting)
    } else {
      taken.push(waiting)
    }
  }
  if (i === queue.length) return kept
  return kept.length === 0 ? queue.slice(i) : [...kept, ...queue.slice(i)]
}

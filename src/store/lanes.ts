import type { Request } from '../core/request.ts'
import type { Answer } from './engine.ts'

/** A request in the queue, and whom to tell. */
export type Waiting = {
  readonly request: Request
  readonly urgent: boolean
  /** Names that only one worker may hold at a time. */
  readonly claims: readonly string[]
  /** `performance.now()` when it came. */
  readonly since: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: Error) => void
}

/**
 * Two bounded queues, the urgent one first, and the claims of what is being worked on. `take` gives what touches
 * nothing that a worker holds; what has to wait keeps its place, and everything after it that shares a claim waits too.
 */
export type Lanes = {
  readonly add: (waiting: Waiting) => void
  readonly isFull: (urgent: boolean) => boolean
  readonly take: (most: number) => Waiting[]
  readonly release: (done: readonly Waiting[]) => void
  readonly drain: () => Waiting[]
  readonly length: () => number
}

// Confirmations and reversals are refused only when memory is at stake: eight times the room of the rest.
const URGENT_ROOM = 8
// How far past a batch's size the queue is searched for what may run beside a hot card.
const LOOK_AHEAD = 4

export function createLanes(queueMax: number): Lanes {
  let urgent: Waiting[] = []
  let normal: Waiting[] = []
  const held = new Set<string>()

  const takeFrom = (queue: Waiting[], most: number, passed: Set<string>, taken: Waiting[]): Waiting[] => {
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

  return {
    add(waiting) {
      if (waiting.urgent) urgent.push(waiting)
      else normal.push(waiting)
    },
    isFull: (isUrgent) => (isUrgent ? urgent.length >= queueMax * URGENT_ROOM : normal.length >= queueMax),
    take(most) {
      const taken: Waiting[] = []
      const passed = new Set<string>()
      urgent = takeFrom(urgent, most, passed, taken)
      normal = takeFrom(normal, most, passed, taken)
      for (const { claims } of taken) for (const claim of claims) held.add(claim)
      return taken
    },
    release(done) {
      for (const { claims } of done) for (const claim of claims) held.delete(claim)
    },
    drain() {
      const all = [...urgent, ...normal]
      urgent = []
      normal = []
      return all
    },
    length: () => urgent.length + normal.length,
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import type { Issue } from '../core/issue.ts'
import { createEngine } from '../engine/engine.ts'
import { Unanswered } from '../engine/refusal.ts'
import { giveWay, quietOf } from '../engine/traffic.ts'
import type { Answered, Asked, Given, ThreadMessage, ThreadError } from './background-engine.ts'

/** The thread behind `background-engine.ts`. */

/**
 * Runs one batch at a time, begun while no payment is in progress, and short enough that a payment hardly waits:
 * neither for the processor nor for the log, and seldom for a card (decisions 0355, 0390). While nobody pays a batch may be
 * longer. No terminal waits for these requests, so they may queue for a minute.
 */
const AT_A_TIME = { busy: 16, quiet: 64 }
const SETTINGS = { workers: 1, batchMax: AT_A_TIME.quiet, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }
/** ms: under steady load there is always a payment in hand. */
const MOST_WAIT_MS = 10

let issues: ReadonlyMap<number, Issue> = new Map()
const tell = (told: ThreadMessage): void => parentPort?.postMessage(told)

const { access, traffic } = workerData as Given
const engine = createEngine(
  access,
  () => issues,
  { ...SETTINGS, givesWayTo: traffic },
  {
    batch: () => {},
    trouble: (what, error, requests) => tell({ told: 'trouble', what, error: toldOf(error), requests }),
  },
)

parentPort?.on('message', (asked: Asked | 'stop') => {
  if (asked === 'stop') {
    void working.then(() => engine.stop()).then(() => parentPort?.close())
    return
  }
  if (asked.issues !== null) issues = asked.issues
  waiting.push(...asked.requests)
  if (!isWorking) working = work()
})

const waiting: Asked['requests'][number][] = []
const isQuiet = quietOf(traffic)
let isWorking = false
let working: Promise<void> = Promise.resolve()

/** Piece by piece, as long as there is something. */
async function work(): Promise<void> {
  isWorking = true
  while (waiting.length > 0) {
    const most = isQuiet() ? AT_A_TIME.quiet : AT_A_TIME.busy
    await giveWay(traffic, MOST_WAIT_MS)
    // One message for all: each is an event in the thread that answers payments.
    tell({ told: 'answers', answers: await Promise.all(waiting.splice(0, most).map(answer)) })
  }
  isWorking = false
}

const answer = ({ ticket, request }: Asked['requests'][number]): Promise<Answered> =>
  engine.submit(request).then(
    (given) => ({ ticket, answer: given }),
    (error: unknown) => ({ ticket, error: toldOf(error) }),
  )

function toldOf(error: unknown): ThreadError {
  const { code, errno, fatal } = error as { code?: unknown; errno?: unknown; fatal?: unknown }
  const isError = error instanceof Error
  return {
    isUnanswered: error instanceof Unanswered,
    message: isError ? error.message : String(error),
    stack: isError ? error.stack : undefined,
    code,
    errno,
    fatal,
  }
}

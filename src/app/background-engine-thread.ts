import { parentPort, workerData } from 'node:worker_threads'
import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import { accessOf } from '../db/access.ts'
import { createEngine } from '../engine/engine.ts'
import type { Answer } from '../engine/executor.ts'
import { Unanswered } from '../engine/refusal.ts'
import { giveWay } from '../engine/traffic.ts'
import { bookBatch } from '../office/welfare/booking.ts'
import { openBookingParts } from './booking-parts.ts'
import type { Answered, Booking, Given, ThreadAsk, ThreadMessage, ThreadError } from './background-engine.ts'

/** The thread behind `background-engine.ts`. */

/**
 * Runs one batch at a time, of packets that each begin while no payment is in progress (decisions 0355, 0390). With more
 * requests in a batch more cards are locked at once, for a smaller part of the time; 16 took a fifth more of the processors
 * than 64 (decision 0430). No terminal waits for these requests, so they may queue for a minute.
 */
const AT_A_TIME = 64
const SETTINGS = { workers: 1, batchMax: AT_A_TIME, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }
/** ms: under steady load there is always a payment in hand. */
const MOST_WAIT_MS = 10

let issues: ReadonlyMap<number, Issue> = new Map()
const tell = (told: ThreadMessage): void => parentPort?.postMessage(told)
const trouble = (what: string, error: unknown, requests: readonly Request[] = []): void =>
  tell({ told: 'trouble', what, error: toldOf(error), requests })

const { access: data, traffic, timeZone } = workerData as Given
const access = accessOf(data)
const engine = createEngine(access, () => issues, { ...SETTINGS, givesWayTo: traffic }, { batch: () => {}, trouble })
const parts = openBookingParts(access, (error) => trouble('a batch has no ids', error))

parentPort?.on('message', (asked: ThreadAsk) => {
  if (asked.ask === 'stop') return void stop()
  if (asked.ask === 'halt') return void (halted = true)
  if (asked.issues !== null) issues = asked.issues
  if (asked.ask === 'book') return void book(asked)
  for (const { ticket, request } of asked.requests) {
    take(request, (outcome) => answered.push({ ticket, ...outcome }))
  }
})

type Outcome = { readonly answer: Answer } | { readonly error: ThreadError }
type Waiting = { readonly request: Request; readonly done: (outcome: Outcome, error: unknown) => void }

const waiting: Waiting[] = []
/** What the main thread has asked and not been told yet. */
let answered: Answered[] = []
let isWorking = false
let working: Promise<void> = Promise.resolve()
let halted = false
let booking: Promise<void> = Promise.resolve()

function take(request: Request, done: Waiting['done']): void {
  waiting.push({ request, done })
  if (!isWorking) working = work()
}

/** Piece by piece, as long as there is something. */
async function work(): Promise<void> {
  isWorking = true
  // All requests of one turn of the event loop go together.
  await Promise.resolve()
  while (waiting.length > 0) {
    await giveWay(traffic, MOST_WAIT_MS)
    await Promise.all(waiting.splice(0, AT_A_TIME).map(submit))
    // One message for all: each is an event in the thread that answers payments.
    if (answered.length > 0) tell({ told: 'answers', answers: answered })
    answered = []
  }
  isWorking = false
}

async function submit({ request, done }: Waiting): Promise<void> {
  try {
    done({ answer: await engine.submit(request) }, null)
  } catch (error) {
    done({ error: toldOf(error) }, error)
  }
}

/** The loads of a batch are asked for here, not in the thread that answers payments. */
async function book({ ticket, id, ahead }: Booking): Promise<void> {
  halted = false
  const submitHere = (request: Request): Promise<Answer> =>
    new Promise((resolve, reject) =>
      take(request, (outcome, error) => {
        if ('answer' in outcome) resolve(outcome.answer)
        else reject(error as Error)
      }),
    )
  booking = parts
    .open()
    .then((opened) => {
      const office = {
        ...opened,
        submit: submitHere,
        know: engine.know,
        traffic,
        timeZone,
        clock: () => Date.now() + ahead,
      }
      return bookBatch(office, id, () => {}, () => halted) // prettier-ignore
    })
    .then(
      (done) => tell({ told: 'booked', ticket, done }),
      (error: unknown) => tell({ told: 'not booked', ticket, error: toldOf(error) }),
    )
  await booking
}

async function stop(): Promise<void> {
  halted = true
  await booking
  await working
  await engine.stop()
  await parts.stop()
  parentPort?.close()
}

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

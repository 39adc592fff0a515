import { Worker } from 'node:worker_threads'
import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import { type Access, type AccessData, dataOf } from '../db/access.ts'
import type { Answer } from '../engine/executor.ts'
import type { EngineWatch } from '../engine/engine-watch.ts'
import { Unanswered } from '../engine/refusal.ts'
import type { Traffic } from '../engine/traffic.ts'

/** The data that starts the thread. `traffic`: the load to which the thread yields. */
export type Given = { readonly access: AccessData; readonly traffic: Traffic | null; readonly timeZone: string }

/** Issues are sent only after a change, before the first request that may need them. */
type WithIssues = { readonly issues: ReadonlyMap<number, Issue> | null }
export type Requests = WithIssues & {
  readonly ask: 'requests'
  readonly requests: readonly { readonly ticket: number; readonly request: Request }[]
}
/** `ahead`: ms by which the clock is ahead of the machine's. */
export type Booking = WithIssues & {
  readonly ask: 'book'
  readonly ticket: number
  readonly id: number
  readonly ahead: number
}
/** `halt`: the booking stops before its next lot; another process, or this one after its next start, continues it. */
export type ThreadAsk = Requests | Booking | { readonly ask: 'halt' } | { readonly ask: 'stop' }

/** An error in the form that passes between threads: the members that the log and the callers use. */
export type ThreadError = {
  readonly isUnanswered: boolean
  readonly message: string
  readonly stack: string | undefined
  /** The codes of the database driver and of the system. */
  readonly code: unknown
  readonly errno: unknown
  readonly fatal: unknown
}

/** A request's answer, or the error in place of it. */
export type Answered = { readonly ticket: number } & ({ readonly answer: Answer } | { readonly error: ThreadError })

export type ThreadMessage =
  | { readonly told: 'answers'; readonly answers: readonly Answered[] }
  | { readonly told: 'booked'; readonly ticket: number; readonly done: boolean }
  | { readonly told: 'not booked'; readonly ticket: number; readonly error: ThreadError }
  | {
      readonly told: 'trouble'
      readonly what: string
      readonly error: ThreadError
      readonly requests: readonly Request[]
    }

export type BackgroundEngine = {
  readonly submit: (request: Request) => Promise<Answer>
  /** Runs `bookBatch` in the thread, so that its requests never reach the thread that answers payments. */
  readonly book: (id: number, halt: AbortSignal) => Promise<boolean>
  readonly stop: () => Promise<void>
}

export type BackgroundParts = {
  readonly access: Access
  readonly traffic: Traffic | null
  readonly timeZone: string
  readonly clock: () => number
  readonly issues: () => ReadonlyMap<number, Issue>
  readonly trouble: EngineWatch['trouble']
}

type Waiting<Answer> = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }

/**
 * An engine for the mass requests of jobs: loads of batches and packs, recalls, the expiry. In the queue of the payments
 * these requests would delay tills, and on the same thread they would block the event loop. So they have a thread of their
 * own, which is started by the first request. For the payments' engine it is like the engine of another process: the row
 * locks of the cards keep the two apart.
 */
export function openBackgroundEngine(parts: BackgroundParts): BackgroundEngine {
  let running: Thread | null = null
  let isStopped = false
  const threadFor = (): Thread => {
    running ??= startThread(parts, (ended) => {
      if (running === ended) running = null // the next request starts another one
    })
    return running
  }
  return {
    submit: (request) =>
      isStopped ? Promise.resolve({ result: 'overloaded', row: null, forwarding: null }) : threadFor().ask(request),
    book: (id, halt) => (isStopped || halt.aborted ? Promise.resolve(false) : threadFor().book(id, halt)),
    async stop() {
      isStopped = true
      await running?.stop()
    },
  }
}

/** ms. Work in progress commits long before this time, unless the database hangs. */
const STOP_WITHIN_MS = 10_000

type Thread = {
  readonly ask: (request: Request) => Promise<Answer>
  readonly book: BackgroundEngine['book']
  readonly stop: () => Promise<void>
}

function startThread(parts: BackgroundParts, onEnd: (thread: Thread) => void): Thread {
  const { access, traffic, timeZone, clock, trouble } = parts
  const worker = new Worker(new URL('./background-engine-thread.js', import.meta.url), {
    workerData: { access: dataOf(access), traffic, timeZone } satisfies Given,
    execArgv: [], // the options of this process (such as a test runner's loaders) do not apply to the thread
  })
  const waiting = new Map<number, Waiting<Answer>>()
  const bookings = new Map<number, Waiting<boolean>>()
  let tickets = 0
  let known: ReadonlyMap<number, Issue> | null = null
  let asking: Requests['requests'][number][] = []
  const tell = (ask: ThreadAsk): void => worker.postMessage(ask)

  worker.on('message', (told: ThreadMessage) => {
    if (told.told === 'trouble') return trouble(told.what, errorOf(told.error), told.requests)
    if (told.told === 'booked') return taken(bookings, told.ticket)?.resolve(told.done)
    if (told.told === 'not booked') return taken(bookings, told.ticket)?.reject(errorOf(told.error))
    for (const answered of told.answers) {
      const one = taken(waiting, answered.ticket)
      if ('answer' in answered) one?.resolve(answered.answer)
      else one?.reject(errorOf(answered.error))
    }
  })
  worker.on('error', (error) => trouble('the engine of the jobs has broken', error, []))
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      onEnd(thread)
      for (const { reject } of [...waiting.values(), ...bookings.values()]) {
        reject(new Unanswered('the engine of the jobs has ended'))
      }
      waiting.clear()
      bookings.clear()
      resolve()
    })
  })
  const changedIssues = (): ReadonlyMap<number, Issue> | null => {
    const issues = parts.issues()
    const before = known
    known = issues
    return issues === before ? null : issues
  }
  /** All requests of one turn of the event loop go to the thread in one message. */
  const send = (): void => {
    tell({ ask: 'requests', issues: changedIssues(), requests: asking })
    asking = []
  }
  const thread: Thread = {
    ask(request) {
      const ticket = tickets++
      if (asking.length === 0) queueMicrotask(send)
      asking.push({ ticket, request })
      return new Promise((resolve, reject) => waiting.set(ticket, { resolve, reject }))
    },
    book(id, halt) {
      const ticket = tickets++
      const onHalt = (): void => tell({ ask: 'halt' })
      halt.addEventListener('abort', onHalt)
      tell({ ask: 'book', ticket, id, ahead: clock() - Date.now(), issues: changedIssues() })
      return new Promise<boolean>((resolve, reject) => bookings.set(ticket, { resolve, reject })).finally(() =>
        halt.removeEventListener('abort', onHalt),
      )
    },
    async stop() {
      tell({ ask: 'stop' })
      const late = setTimeout(() => void worker.terminate(), STOP_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
  return thread
}

/** Removes the caller that waits under this ticket, and returns it. */
function taken<One>(waiting: Map<number, One>, ticket: number): One | undefined {
  const one = waiting.get(ticket)
  waiting.delete(ticket)
  return one
}

function errorOf({ isUnanswered, message, stack, code, errno, fatal }: ThreadError): Error {
  const error = isUnanswered ? new Unanswered(message) : new Error(message)
  if (stack !== undefined) error.stack = stack
  if (code === undefined && errno === undefined) return error
  return Object.assign(error, { code, errno, fatal })
}

import { Worker } from 'node:worker_threads'
import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import type { Access } from '../db/access.ts'
import type { Answer } from '../engine/executor.ts'
import type { EngineWatch } from '../engine/engine-watch.ts'
import { Unanswered } from '../engine/refusal.ts'
import type { Traffic } from '../engine/traffic.ts'

/** The data that starts the thread. `traffic`: the load to which the thread yields. */
export type Given = { readonly access: Access; readonly traffic: Traffic | null }

/** A request to the thread. Issues are sent only after a change, before the first request that may need them. */
export type Asked = {
  readonly issues: ReadonlyMap<number, Issue> | null
  readonly requests: readonly { readonly ticket: number; readonly request: Request }[]
}

/** An error as it passes between threads: what the log and the callers look at. */
export type ThreadError = {
  readonly isUnanswered: boolean
  readonly message: string
  readonly stack: string | undefined
  /** Of the driver and of the system. */
  readonly code: unknown
  readonly errno: unknown
  readonly fatal: unknown
}

/** A request's answer, or the error in place of it. */
export type Answered = { readonly ticket: number } & ({ readonly answer: Answer } | { readonly error: ThreadError })

export type ThreadMessage =
  | { readonly told: 'answers'; readonly answers: readonly Answered[] }
  | {
      readonly told: 'trouble'
      readonly what: string
      readonly error: ThreadError
      readonly requests: readonly Request[]
    }

export type BackgroundEngine = {
  readonly submit: (request: Request) => Promise<Answer>
  readonly stop: () => Promise<void>
}

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }

/**
 * An engine for what jobs ask by the thousand: loads of batches and packs, recalls, the expiry. In the queue of the payments
 * each of these would stand before a till, and on their thread each would hold the event loop; so it has a thread of its own,
 * which begins with the first request. To the payments' engine it is like one of another process: the cards' row locks keep
 * the two apart.
 */
export function openBackgroundEngine(
  access: Access,
  traffic: Traffic | null,
  issues: () => ReadonlyMap<number, Issue>,
  trouble: EngineWatch['trouble'],
): BackgroundEngine {
  let running: Thread | null = null
  let isStopped = false
  const threadFor = (): Thread => {
    running ??= startThread({ access, traffic }, trouble, (ended) => {
      if (running === ended) running = null // the next request begins another one
    })
    return running
  }
  return {
    submit: (request) =>
      isStopped
        ? Promise.resolve({ result: 'overloaded', row: null, forwarding: null })
        : threadFor().ask(request, issues()),
    async stop() {
      isStopped = true
      await running?.stop()
    },
  }
}

/** ms. Work in progress commits long before this time, unless the database hangs. */
const STOP_WITHIN_MS = 10_000

type Thread = {
  readonly ask: (request: Request, issues: ReadonlyMap<number, Issue>) => Promise<Answer>
  readonly stop: () => Promise<void>
}

function startThread(given: Given, trouble: EngineWatch['trouble'], onEnd: (thread: Thread) => void): Thread {
  const worker = new Worker(new URL('./background-engine-thread.js', import.meta.url), {
    workerData: given,
    execArgv: [], // what this process was started with (a test runner's loaders) is not for it
  })
  const waiting = new Map<number, Waiting>()
  let tickets = 0
  let known: ReadonlyMap<number, Issue> | null = null
  let asking: Asked['requests'][number][] = []

  worker.on('message', (told: ThreadMessage) => {
    if (told.told === 'trouble') return trouble(told.what, errorOf(told.error), told.requests)
    for (const answered of told.answers) {
      const one = waiting.get(answered.ticket)
      waiting.delete(answered.ticket)
      if ('answer' in answered) one?.resolve(answered.answer)
      else one?.reject(errorOf(answered.error))
    }
  })
  worker.on('error', (error) => trouble('the engine of the jobs has broken', error, []))
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      onEnd(thread)
      for (const { reject } of waiting.values()) reject(new Unanswered('the engine of the jobs has ended'))
      waiting.clear()
      resolve()
    })
  })
  /** All requests of one turn of the event loop go to the thread in one message. */
  const send = (issues: ReadonlyMap<number, Issue>): void => {
    worker.postMessage({ issues: issues === known ? null : issues, requests: asking } satisfies Asked)
    known = issues
    asking = []
  }
  const thread: Thread = {
    ask(request, issues) {
      const ticket = tickets++
      if (asking.length === 0) queueMicrotask(() => send(issues))
      asking.push({ ticket, request })
      return new Promise((resolve, reject) => waiting.set(ticket, { resolve, reject }))
    },
    async stop() {
      worker.postMessage('stop')
      const late = setTimeout(() => void worker.terminate(), STOP_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
  return thread
}

function errorOf({ isUnanswered, message, stack, code, errno, fatal }: ThreadError): Error {
  const error = isUnanswered ? new Unanswered(message) : new Error(message)
  if (stack !== undefined) error.stack = stack
  if (code === undefined && errno === undefined) return error
  return Object.assign(error, { code, errno, fatal })
}

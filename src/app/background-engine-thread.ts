import { parentPort, workerData } from 'node:worker_threads'
import type { Issue } from '../core/issue.ts'
import type { Access } from '../db/access.ts'
import { createEngine } from '../engine/engine.ts'
import { Unanswered } from '../engine/refusal.ts'
import type { Asked, ThreadMessage, ThreadError } from './background-engine.ts'

/** The thread behind `background-engine.ts`. */

/**
 * One batch at a time. What comes in one message makes one transaction: fewer ones, since each is a flush of the log, and a
 * payment's commit waits for the flush at hand. No terminal waits for any of it, so it may queue for a minute.
 */
const SETTINGS = { workers: 1, batchMax: 128, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }

let issues: ReadonlyMap<number, Issue> = new Map()
const tell = (told: ThreadMessage): void => parentPort?.postMessage(told)

const engine = createEngine(workerData as Access, () => issues, SETTINGS, {
  batch: () => {},
  trouble: (what, error, requests) => tell({ told: 'trouble', what, error: toldOf(error), requests }),
})

parentPort?.on('message', (asked: Asked | 'stop') => {
  if (asked === 'stop') {
    void engine.stop().then(() => parentPort?.close())
    return
  }
  if (asked.issues !== null) issues = asked.issues
  for (const { ticket, request } of asked.requests) {
    engine.submit(request).then(
      (answer) => tell({ told: 'answer', ticket, answer }),
      (error: unknown) => tell({ told: 'error', ticket, error: toldOf(error) }),
    )
  }
})

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

import { Worker } from 'node:worker_threads'
import type { CardKeys } from '../../cards/keys.ts'
import { type AccessData, dataOf } from '../../db/access.ts'
import type { Traffic } from '../../engine/traffic.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, type Refused } from '../refusal.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import { type Batch, batchRow } from './batches.ts'
import { correctRows } from './correct.ts'
import { decideBatch } from './decide-batch.ts'
import { loadList } from './load-list.ts'
import { isZip } from './open-list.ts'
import { proposeBatch } from './propose.ts'

/**
 * The row-by-row checks of a list. A long list would occupy the processor for seconds and delay payments on the same
 * thread, so it is checked in a thread of its own, with its own connections.
 */
type Checks = {
  readonly load: typeof loadList
  readonly correct: typeof correctRows
  readonly propose: typeof proposeBatch
  readonly decide: typeof decideBatch
}
type CheckName = keyof Checks
type Input<Name extends CheckName> = Parameters<Checks[Name]>[2]

/** The task of the thread. */
export type CheckTask = {
  readonly access: AccessData
  readonly keys: CardKeys
  readonly timeZone: string
  readonly demo: boolean
  /** ms by which the Office's clock is ahead of the machine's. */
  readonly ahead: number
  readonly traffic: Traffic | null
  readonly actor: Actor
  readonly check: { readonly [Name in CheckName]: { readonly name: Name; readonly input: Input<Name> } }[CheckName]
}

export type CheckMessage =
  | { readonly kind: 'rows'; readonly count: number }
  | { readonly kind: 'batch'; readonly id: number }
  | { readonly kind: 'result'; readonly result: Batch | Refused }
  | { readonly kind: 'error'; readonly message: string; readonly code: unknown; readonly errno: unknown }

/** A new thread costs a third of a second, as much as checking 5,000 rows. A workbook is compressed, about ten to one. */
const LONG = { rows: 5_000, bytes: 200_000 }
const PACKED = 10

const isLong = async (office: Office, { name, input }: CheckTask['check'], long: typeof LONG): Promise<boolean> => {
  if (name === 'load') {
    const { content } = input.file
    return content.length * (isZip(content) ? PACKED : 1) >= long.bytes
  }
  const batch = await office.db.use((connection) => batchRow(connection, input.id))
  return !isRefused(batch) && batch.rows >= long.rows
}

/** `long`: from where on a thread of its own is worth its while. */
export async function checkApart<Name extends CheckName>(
  office: Office,
  actor: Actor,
  name: Name,
  input: Input<Name>,
  progress: Progress = NO_PROGRESS,
  long: typeof LONG = LONG,
): Promise<Batch | Refused> {
  const check = { name, input } as CheckTask['check']
  if (!(await isLong(office, check, long))) return checkHere(office, actor, check, progress)
  const { db, keys, timeZone, demo, clock, traffic } = office
  const ahead = clock() - Date.now()
  const task: CheckTask = { access: dataOf(db.access), keys: keys(), timeZone, demo, ahead, traffic, actor, check }
  return inThread(task, progress)
}

export function checkHere(
  office: Office,
  actor: Actor,
  check: CheckTask['check'],
  progress: Progress,
): Promise<Batch | Refused> {
  switch (check.name) {
    case 'load':
      return loadList(office, actor, check.input, progress)
    case 'correct':
      return correctRows(office, actor, check.input, progress)
    case 'propose':
      return proposeBatch(office, actor, check.input, progress)
    case 'decide':
      return decideBatch(office, actor, check.input, progress)
  }
}

/** ms. A person who loads a list usually corrects and proposes it within minutes, and a new thread would have to warm up again. */
const IDLE_MS = 600_000
/** A list needs a bounded amount of memory; a lower limit makes the thread collect its garbage sooner. */
const LIMITS = { maxOldGenerationSizeMb: 320 }

let idle: Worker | null = null

/** One thread is kept for the next check; it does not prevent the process from ending. */
function takeThread(): Worker {
  const kept = idle
  idle = null
  kept?.ref()
  return (
    kept ??
    new Worker(new URL('./check-thread.js', import.meta.url), {
      resourceLimits: LIMITS,
      execArgv: [], // what this process was started with (a test runner's loaders) is not for it
    })
  )
}

function giveBackThread(thread: Worker): void {
  // Only these events, because a Worker also has listeners of its own.
  for (const event of ['message', 'error', 'exit'] as const) thread.removeAllListeners(event)
  if (idle !== null) return void thread.terminate()
  idle = thread
  thread.unref()
  const forget = (): void => {
    clearTimeout(late)
    if (idle === thread) idle = null
  }
  const late = setTimeout(() => {
    if (idle === thread) void thread.terminate()
  }, IDLE_MS)
  late.unref()
  thread.once('exit', forget)
  thread.once('error', forget)
}

function inThread(task: CheckTask, progress: Progress): Promise<Batch | Refused> {
  const thread = takeThread()
  return new Promise((resolve, reject) => {
    thread.on('message', (message: CheckMessage) => {
      if (message.kind === 'rows') return progress.rows(message.count)
      if (message.kind === 'batch') return progress.batch(message.id)
      giveBackThread(thread)
      if (message.kind === 'result') resolve(message.result)
      else reject(Object.assign(new Error(message.message), { code: message.code, errno: message.errno }))
    })
    thread.on('error', reject)
    // After the result this has no effect.
    thread.on('exit', () => reject(new Error('the check of a list has ended')))
    thread.postMessage(task)
  })
}

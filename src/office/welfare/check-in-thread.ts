import { parentPort } from 'node:worker_threads'
import { revived } from '../../cards/revived.ts'
import { accessOf } from '../../db/access.ts'
import { openLog } from '../../log.ts'
import { openOffice } from '../open-office.ts'
import type { Progress } from './batch-work.ts'
import { checkHere, type CheckTask, type CheckMessage } from './apart.ts'

/** The work of `check-thread.ts`: one check after the other, each with connections of its own. */

const tell = (message: CheckMessage): void => parentPort?.postMessage(message)
parentPort?.on('message', (task: CheckTask) => void work(task).then(tell))

async function work(task: CheckTask): Promise<CheckMessage> {
  const progress = {
    rows: (count: number) => tell({ kind: 'rows', count }),
    batch: (id: number) => tell({ kind: 'batch', id }),
  }
  try {
    return { kind: 'result', result: await checked(task, progress) }
  } catch (error) {
    const { code, errno } = error as { code?: unknown; errno?: unknown }
    return { kind: 'error', message: error instanceof Error ? error.message : String(error), code, errno }
  }
}

async function checked({ access, keys, timeZone, demo, ahead, traffic, actor, check }: CheckTask, progress: Progress) {
  const cardKeys = revived(keys)
  const { office, close } = await openOffice(accessOf(access), {
    keys: () => cardKeys,
    masters: () => Promise.reject(new Error('no keys of terminals here')),
    timeZone,
    demo,
    makers: [],
    traffic,
    log: openLog({ level: 'warn', file: null }),
    clock: () => Date.now() + ahead,
  })
  try {
    return await checkHere(office, actor, check, progress)
  } finally {
    await close()
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import { revived } from '../../cards/revived.ts'
import { openLog } from '../../log.ts'
import { openOffice } from '../open-office.ts'
import { checkHere, type CheckTask, type CheckMessage } from './apart.ts'

/** The work of `check-thread.ts`: one check, then the thread ends. */

const { access, keys, timeZone, demo, ahead, traffic, actor, check } = workerData as CheckTask
const tell = (message: CheckMessage): void => parentPort?.postMessage(message)

const cardKeys = revived(keys)
const { office, close } = await openOffice(access, {
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
  const progress = {
    rows: (count: number) => tell({ kind: 'rows', count }),
    batch: (id: number) => tell({ kind: 'batch', id }),
  }
  tell({ kind: 'result', result: await checkHere(office, actor, check, progress) })
} catch (error) {
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  tell({ kind: 'error', message: error instanceof Error ? error.message : String(error), code, errno })
} finally {
  await close()
}

import type { Access } from '../db/access.ts'
import type { DatabaseNode } from '../db/cluster.ts'
import { workerConnection } from '../db/connection.ts'
import { selectWriter } from '../db/sql/writer.ts'
import { startPoller, type Poller } from './poller.ts'

export type WriterWatchParts = {
  readonly access: Access
  /** Another node is written to from now on. */
  readonly moved: (to: DatabaseNode) => void
  readonly trouble: (error: unknown) => void
}

const LOOK_EVERY_MS = 400
const ANSWER_WITHIN_MS = 700

/**
 * For a cluster: detects that the writer is silent or is no longer the writer, before a payment has waited 4 s for it.
 * If the writer does not answer, the next connection asks all nodes, within a second. As soon as another node is the writer,
 * or if none is found, all connections to the old one are closed: those that wait for its answer, and those that are being
 * opened. The cluster itself expels a silent node after 1.5 s (config/galera.cnf).
 */
export function watchWriter({ access, moved, trouble }: WriterWatchParts): Poller | null {
  const { cluster } = access
  if (cluster === undefined) return null
  const connection = workerConnection(access, { answerWithin: ANSWER_WITHIN_MS, lockWait: 1 })
  /** The last one that answered. */
  let last: DatabaseNode | null = cluster.current()
  const ask = (): ReturnType<typeof connection.send> => connection.send(selectWriter)
  return startPoller({
    every: LOOK_EVERY_MS,
    async look() {
      try {
        const [[row] = []] = await ask().catch(ask)
        const [node, , identity] = row ?? []
        const asked = cluster.current()
        if (asked !== null && node !== identity) cluster.leave(asked)
      } catch (error) {
        if (last !== null) cluster.leave(last)
        throw error
      }
      const current = cluster.current()
      if (current === null || current === last) return
      if (last !== null) cluster.leave(last)
      last = current
      moved(current)
    },
    failed: trouble,
    close: connection.close,
  })
}

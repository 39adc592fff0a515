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
 * A node that leaves two questions unanswered is left, 2.2 s after its last answer; the cluster expels it at about the
 * same time.
 */
const SILENCES = 2

/**
 * For a cluster: detects that the writer is silent or is no longer the writer, before a payment has waited 4 s for it.
 * All connections to the node end then, and new ones go to the new writer.
 */
export function watchWriter({ access, moved, trouble }: WriterWatchParts): Poller | null {
  const { cluster } = access
  if (cluster === undefined) return null
  const connection = workerConnection(access, { answerWithin: ANSWER_WITHIN_MS, lockWait: 1 })
  let last: DatabaseNode | null = cluster.current()
  let silences = 0
  return startPoller({
    every: LOOK_EVERY_MS,
    async look() {
      const asked = cluster.current()
      try {
        const [[row] = []] = await connection.send(selectWriter)
        const [node, , identity] = row ?? []
        silences = 0
        if (asked !== null && node !== identity) cluster.leave(asked)
      } catch (error) {
        silences += 1
        if (asked !== null && silences >= SILENCES) cluster.leave(asked)
        throw error
      }
      const current = cluster.current()
      if (current === null || current === last) return
      last = current
      moved(current)
    },
    failed: trouble,
    close: connection.close,
  })
}

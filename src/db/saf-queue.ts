import { randomUUID } from 'node:crypto'
import { assert } from '../core/assert.ts'
import type { Routed } from '../core/routed.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Access } from './access.ts'
import { workerConnection } from './connection.ts'
import { openCases } from './sql/cases.ts'
import {
  closeSilentCase,
  endLease,
  lockFence,
  markAcknowledged,
  markTried,
  type SafHead,
  putOff,
  selectHead,
  setAside,
  takeLease,
  toHead,
} from './sql/saf.ts'
import { selectRouted, toRouted } from './sql/routed.ts'
import { selectByIds, toTransaction } from './sql/transactions.ts'

/** The next message for a host, with its transaction. */
export type QueuedMessage = SafHead & { readonly row: Transaction; readonly routed: Routed }

/**
 * The queue of messages to one host, for the process that holds its lease. Every write locks the fence first, in its
 * own transaction: a process that lost the lease gets `false` and has written nothing.
 */
export type SafQueue = {
  /** Takes or keeps the lease; false: another process has it. */
  readonly lease: () => Promise<boolean>
  /** Whether the lease is certainly still ours: asked before anything is sent, since a process may be frozen at any time. */
  readonly holds: () => boolean
  readonly head: () => Promise<QueuedMessage | null>
  readonly tried: (message: QueuedMessage, stan: number, transmitted: number) => Promise<boolean>
  readonly acknowledged: (message: QueuedMessage, at: number) => Promise<boolean>
  readonly putOff: (message: QueuedMessage, dueAt: number, why: string, refused: boolean) => Promise<boolean>
  /** The rest goes on, and a person looks at this one. */
  readonly setAside: (message: QueuedMessage, at: number, why: string, caseId: number) => Promise<boolean>
  /** After an error: whatever was begun is undone. */
  readonly recover: () => Promise<void>
  readonly close: () => Promise<void>
}

/** @param leaseSeconds longer than any delivery takes, so that no other process delivers at the same time */
export function openSafQueue(access: Access, upstream: string, leaseSeconds: number): SafQueue {
  const connection = workerConnection(access)
  const owner = randomUUID()
  let fence: number | null = null
  /** `performance.now()` before the lease was asked for. */
  let leasedAt = -Infinity

  const fenced = async (...writes: readonly string[]): Promise<boolean> => {
    if (fence === null) return false
    const [mine = []] = await connection.send(lockFence(upstream, owner, fence))
    if (mine.length === 0) {
      await connection.rollback()
      fence = null
      return false
    }
    await connection.send(`${writes.join(';')};COMMIT`)
    return true
  }

  return {
    async lease() {
      const asked = performance.now()
      // Renewed after half of its time.
      if (fence !== null && asked < leasedAt + leaseSeconds * 500) return true
      const [rows = []] = await connection.send(takeLease(upstream, owner, leaseSeconds))
      const taken = (rows[0]?.[0] as number | undefined) ?? null
      assert(rows.length <= 1, 'a queue has more than one lease')
      assert(taken === null || fence === null || taken >= fence, 'the fence of a queue has fallen')
      fence = taken
      leasedAt = asked
      return fence !== null
    },
    holds: () => fence !== null && performance.now() < leasedAt + leaseSeconds * 1_000,
    async head() {
      const [heads = []] = await connection.send(selectHead(upstream))
      const [head] = heads.map(toHead)
      if (head === undefined) return null
      const ids = [head.transactionId]
      const [rows = [], routed = []] = await connection.send(`${selectByIds(ids)};${selectRouted(ids)}`)
      const [row] = rows.map(toTransaction)
      const [known] = routed.map(toRouted)
      if (row === undefined || known === undefined) throw new Error(`transaction ${head.transactionId} is not there`)
      return { ...head, row, routed: known }
    },
    tried: (message, stan, transmitted) => fenced(markTried(message, stan, transmitted)),
    acknowledged: (message, at) =>
      fenced(markAcknowledged(message, at), ...(message.kind === 420 ? [closeSilentCase(message, at)] : [])),
    putOff: (message, dueAt, why, refused) => fenced(putOff(message, dueAt, why, refused)),
    setAside: (message, at, why, caseId) =>
      fenced(
        setAside(message, at, why),
        openCases([
          {
            id: caseId,
            transactionId: message.transactionId,
            cardId: null,
            came: null,
            reason: 'upstream_refuses',
            openedAt: at,
          },
        ]),
      ),
    recover: connection.rollback,
    async close() {
      if (fence !== null) await connection.send(endLease(upstream, owner, fence)).catch(() => undefined) // it runs out by itself
      await connection.close()
    },
  }
}

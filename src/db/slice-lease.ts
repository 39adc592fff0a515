import { randomUUID } from 'node:crypto'
import { assert } from '../core/assert.ts'
import type { WorkerConnection } from './connection.ts'
import { giveBackSlices, takeSlices, toSlice } from './sql/slices.ts'

/**
 * The slices of a job that are this process's for a while. No lock is held meanwhile: whoever is frozen, or gone, loses
 * them when the lease runs out. So before anything is sent, `holds` is asked; and what is done for a slice must be such
 * that a second process does no harm by doing it too (one key, one effect).
 */
export type SliceLease = {
  /** Takes what nobody has, and renews what is ours. Empty: others have all. */
  readonly take: () => Promise<readonly number[]>
  /** Renews what is ours once half of its time is over: each renewal is a commit. */
  readonly keep: () => Promise<void>
  /** Whether what was taken last is certainly still ours. */
  readonly holds: () => boolean
  /** So that others need not wait. */
  readonly giveBack: () => Promise<void>
}

/** A dead or frozen process holds a job up this long. */
export const LEASE_SECONDS = 5

export function sliceLease(connection: WorkerConnection, job: string): SliceLease {
  const owner = randomUUID()
  /** Slice → fence. */
  let held = new Map<number, number>()
  /** `performance.now()`; counted from before the lease was asked for. */
  let until = -Infinity

  const lease: SliceLease = {
    async take() {
      const asked = performance.now()
      const [rows = []] = await connection.send(takeSlices(job, owner, LEASE_SECONDS))
      const taken = new Map(rows.map(toSlice).map(({ slice, fence }) => [slice, fence]))
      assert(taken.size === rows.length, 'a slice is taken twice')
      for (const [slice, fence] of taken) assert(fence >= (held.get(slice) ?? 0), 'the fence of a slice has fallen')
      held = taken
      until = asked + LEASE_SECONDS * 1_000
      return [...held.keys()]
    },
    async keep() {
      if (held.size === 0 || performance.now() > until - LEASE_SECONDS * 500) await lease.take()
    },
    holds: () => held.size > 0 && performance.now() < until,
    async giveBack() {
      if (held.size === 0) return
      await connection.send(giveBackSlices(job, owner, held))
      held = new Map()
    },
  }
  return lease
}

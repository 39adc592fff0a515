import { randomUUID } from 'node:crypto'
import { assert } from '../core/assert.ts'
import type { WorkerConnection } from './connection.ts'
import { giveBackSlices, takeSlices, toSlice } from './sql/slices.ts'

/**
 * The slices of a job that this process holds for a while. A lease is not a lock: a frozen or dead process loses its
 * slices when the lease runs out. So `holds` is checked before anything is sent, and the work on a slice must be
 * harmless when two processes do it (one key, one effect).
 */
export type SliceLease = {
  /** Takes free slices and renews ours. Empty: other processes hold all. */
  readonly take: () => Promise<readonly number[]>
  /** Renews our leases after half of their time; each renewal is a commit. */
  readonly keep: () => Promise<void>
  /** Whether the slices taken last are certainly still ours. */
  readonly holds: () => boolean
  /** Releases the lease, so that other processes need not wait. */
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

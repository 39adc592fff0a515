import type { Issue } from '../core/issue.ts'
import type { Access } from '../db/access.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { EngineWatch } from '../engine/engine-watch.ts'

/**
 * One batch at a time, and a small one: it holds the event loop, the disk and the locks of its cards for some 3 ms. No
 * terminal waits for any of it, so it may queue for a minute.
 */
const SETTINGS = { workers: 1, batchMax: 16, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }

/**
 * An engine for what jobs ask by the thousand: loads of batches and packs, recalls, the expiry. In the queue of the payments
 * each of these would stand before a till. To the payments' engine it is like one of another process: the cards' row locks
 * keep the two apart.
 */
export const openBackgroundEngine = (
  access: Access,
  issues: () => ReadonlyMap<number, Issue>,
  trouble: EngineWatch['trouble'],
): Engine => createEngine(access, issues, SETTINGS, { batch: () => {}, trouble })

import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** The nice value: a quarter of the processor if another thread wants it too. With 10 it would get almost nothing. */
const LOWER_BY = 5

/**
 * This thread gives the processor to the others of its process, where the kernel can tell threads apart. Not for one that
 * holds locks of cards: payments would wait for it the longer.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return
  try {
    // PID/task/TID, read by the thread itself.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    const lower = Math.min(getPriority() + LOWER_BY, constants.priority.PRIORITY_LOW)
    if (thread !== process.pid) setPriority(thread, lower)
  } catch {
    // Without /proc or without permission the thread keeps its priority.
  }
}

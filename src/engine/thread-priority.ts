import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * This thread gives the processor to the others of its process, where the kernel can tell threads apart. Not for one that
 * holds locks of cards: payments would wait for it the longer.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return
  try {
    // PID/task/TID, read by the thread itself.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Without /proc, or where it may not: it is as quick as the others.
  }
}

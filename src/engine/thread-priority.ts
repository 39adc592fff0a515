import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** The nice value: this thread gets a quarter of a processor that another thread wants too. With 10 it would get almost nothing. */
const LOWER_BY = 5

/**
 * Lowers the priority of this thread below the other threads of its process, on systems with a priority for each thread. Not
 * for a thread that holds locks of cards: payments would wait longer for it.
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

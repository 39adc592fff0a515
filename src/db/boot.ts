import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** ms of the machine's monotonic clock, which all its processes share: that of `performance.now()` begins with the process. */
export const monotonic = (): number => performance.now() + PROCESS_BEGAN

const PROCESS_BEGAN = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/**
 * Identifies the boot of this machine, with which its monotonic clock began. Without such an id of the system, each
 * process has its own.
 */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return randomUUID()
  }
}

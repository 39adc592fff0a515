import type { Log } from '../log.ts'
import { countedAs } from '../core/counted-address.ts'

/** Lines of the log that anybody on the network can cause as fast as they like. */
export type LogSummary = {
  readonly note: (level: 'info' | 'warn', message: string, address: string, details: object) => void
}

const SECOND_MS = 1_000
// 1,000 addresses a second, each with its own lines; all others together have one.
const ADDRESSES_AT_MOST = 1_000
const ALL_OTHERS = 'all others'

/**
 * The first of its kind from an address is logged as it is; how many more there were within a second is one line at its
 * end (`more`). A frame of 15 bytes made 280 bytes of log: 6 MB/s from one connection.
 *
 * @param afterASecond calls back once
 */
export function createLogSummary(
  log: Log,
  afterASecond = (run: () => void): void => void setTimeout(run, SECOND_MS).unref(),
): LogSummary {
  type Count = { readonly level: 'info' | 'warn'; readonly message: string; readonly address: string; more: number }
  /** By address and message, of this second. */
  const counts = new Map<string, Map<string, Count>>()

  const sumUp = (): void => {
    for (const { level, message, address, more } of [...counts.values()].flatMap((of) => [...of.values()])) {
      if (more > 0) log.log(level, message, { address, more })
    }
    counts.clear()
  }

  return {
    note(level, message, address, details) {
      if (counts.size === 0) afterASecond(sumUp)
      const own = countedAs(address)
      const name = counts.has(own) || counts.size < ADDRESSES_AT_MOST ? own : ALL_OTHERS
      const ofAddress = counts.get(name) ?? new Map<string, Count>()
      counts.set(name, ofAddress)
      const count = ofAddress.get(message)
      if (count !== undefined) {
        count.more++
        return
      }
      ofAddress.set(message, { level, message, address: name, more: 0 })
      log.log(level, message, { address, ...details })
    },
  }
}

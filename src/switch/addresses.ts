import { countedAs } from '../core/counted-address.ts'

/** The limits of one network address, over all listeners together. */
export type AddressLimits = {
  /** Connections of all addresses. */
  readonly allLines: number
  readonly lines: number
  /** Connections that have not yet carried a request of an active terminal. */
  readonly newLines: number
  /** Answers a minute to unknown terminals, wrong stores and bad MACs; further ones are not answered. */
  readonly refusalsPerMinute: number
}

/** The place of one connection among those of its address. */
export type Place = {
  /** Called when a connection has carried a request of an active terminal. */
  readonly proven: () => void
  readonly leave: () => void
}

export type Addresses = {
  /** Counts an accepted connection of any sender; false if the maximum is reached: then it is not counted. */
  readonly arrive: () => boolean
  /** Called when an accepted connection is closed. */
  readonly gone: () => void
  /** Counts a connection for its address, or gives the reason for a refusal. */
  readonly enter: (address: string) => Place | string
  /** Counts a refusal; false where the address has had its answers of this minute. */
  readonly mayBeRefused: (address: string) => boolean
}

const MINUTE_MS = 60_000
// 10,000 names of about 100 bytes: 1 MB. Further addresses share one count: a sender gains nothing from many addresses.
const ADDRESSES_AT_MOST = 10_000
const ALL_OTHERS = 'all others'

/**
 * Counts by address. The counts of lines are bounded by the number of open lines, those of refusals by the number of
 * addresses in a minute; every minute they start from zero.
 *
 * @param now monotonic, ms
 * @param throttled called once a minute for an address that had its answers
 */
export function createAddresses(
  limits: AddressLimits,
  now: () => number,
  throttled: (address: string) => void,
): Addresses {
  let allLines = 0
  const lines = createCounts()
  const newLines = createCounts()
  const refusals = new Map<string, number>()
  let began = now()

  return {
    arrive() {
      if (allLines >= limits.allLines) return false
      allLines++
      return true
    },
    gone: () => void allLines--,
    enter(address) {
      const name = countedAs(address)
      if (lines.of(name) >= limits.lines) return 'too many lines from this address'
      if (newLines.of(name) >= limits.newLines) return 'too many lines from this address that carried no request yet'
      lines.add(name, 1)
      newLines.add(name, 1)
      let isNew = true
      const proven = (): void => {
        if (isNew) newLines.add(name, -1)
        isNew = false
      }
      return {
        proven,
        leave() {
          proven()
          lines.add(name, -1)
        },
      }
    },
    mayBeRefused(address) {
      if (now() - began >= MINUTE_MS) {
        began = now()
        refusals.clear()
      }
      const own = countedAs(address)
      const name = refusals.has(own) || refusals.size < ADDRESSES_AT_MOST ? own : ALL_OTHERS
      const count = (refusals.get(name) ?? 0) + 1
      refusals.set(name, count)
      if (count === limits.refusalsPerMinute + 1) throttled(name)
      return count <= limits.refusalsPerMinute
    },
  }
}

/** Counts by name; a name whose count is 0 uses no memory. */
function createCounts() {
  const counts = new Map<string, number>()
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add(name: string, by: 1 | -1) {
      const count = (counts.get(name) ?? 0) + by
      if (count === 0) counts.delete(name)
      else counts.set(name, count)
    },
  }
}

import { isIPv6 } from 'node:net'

/** What one network address may do, over all listeners together. */
export type AddressLimits = {
  readonly lines: number
  /** Answers a minute to unknown terminals, wrong stores and bad MACs; further ones are not answered. */
  readonly refusalsPerMinute: number
}

export type Addresses = {
  /** Counts a line in; false where the address has as many as it may, and then nothing is counted. */
  readonly enter: (address: string) => boolean
  readonly leave: (address: string) => void
  /** Counts a refusal; false where the address has had its answers of this minute. */
  readonly mayBeRefused: (address: string) => boolean
}

const MINUTE_MS = 60_000
// 10,000 names of about 100 bytes: 1 MB. Addresses beyond it share one count: nobody gets more by coming from many.
const ADDRESSES_AT_MOST = 10_000
const ALL_OTHERS = 'all others'

/**
 * Counts by address. Lines are bounded by the lines that are open; refusals by the number of addresses a minute, after
 * which the counts begin anew.
 *
 * @param now monotonic, ms
 * @param throttled called once a minute for an address that had its answers
 */
export function createAddresses(
  limits: AddressLimits,
  now: () => number,
  throttled: (address: string) => void,
): Addresses {
  const lines = new Map<string, number>()
  const refusals = new Map<string, number>()
  let began = now()

  return {
    enter(address) {
      const name = countedAs(address)
      const open = lines.get(name) ?? 0
      if (open >= limits.lines) return false
      lines.set(name, open + 1)
      return true
    },
    leave(address) {
      const name = countedAs(address)
      const open = lines.get(name) ?? 0
      if (open > 1) lines.set(name, open - 1)
      else lines.delete(name)
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

/** An IPv4 address as it is, also where it comes as `::ffff:…`; of IPv6 the first 64 bits, since whoever has one address there has them all. */
export function countedAs(address: string): string {
  const [, four] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (four !== undefined) return four
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length)
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind]
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}

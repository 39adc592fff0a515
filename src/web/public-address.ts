import { BlockList, isIPv6 } from 'node:net'

/**
 * The addresses to which webhooks may be sent (docs/spec/abuse.md, 20): global unicast only, so that this server cannot
 * be made to call its own network. The excluded ranges are those of the IANA special-purpose registries (RFC 6890) that
 * are not globally reachable.
 */

const FORBIDDEN_4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
] as const

/** Special-purpose ranges inside 2000::/3, the only range of global unicast addresses. */
const FORBIDDEN_6 = [
  '2001::/23', // protocol assignments, Teredo among them
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
] as const

const forbidden = new BlockList()
for (const range of FORBIDDEN_4) add(range, 'ipv4')
for (const range of FORBIDDEN_6) add(range, 'ipv6')

const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function add(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = ''] = range.split('/')
  forbidden.addSubnet(network, Number(bits), family)
}

export const isLoopback = (address: string): boolean =>
  loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') || isLoopback4Inside(address)

const isLoopback4Inside = (address: string): boolean => {
  const four = isIPv6(address) ? mappedIn(bytesOf6(address)) : null
  return four !== null && loopback.check(four, 'ipv4')
}

/** Whether an address is global unicast. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is checked itself. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !forbidden.check(address, 'ipv4')
  const bytes = bytesOf6(address)
  const four = mappedIn(bytes) ?? embeddedIn(bytes)
  if (four !== null) return !forbidden.check(four, 'ipv4')
  return globalUnicast.check(address, 'ipv6') && !forbidden.check(address, 'ipv6')
}

/** ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
const mappedIn = (bytes: readonly number[]): string | null =>
  bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
    ? bytes.slice(12).join('.')
    : null

/** 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64, RFC 6052 and 8215), 2002::/16 (6to4, RFC 3056). */
function embeddedIn(bytes: readonly number[]): string | null {
  const starts = (...wanted: number[]): boolean => wanted.every((byte, i) => bytes[i] === byte)
  if (starts(0x00, 0x64, 0xff, 0x9b)) return bytes.slice(12).join('.')
  if (starts(0x20, 0x02)) return bytes.slice(2, 6).join('.')
  return null
}

/** The 16 bytes of an IPv6 address in any of its text forms (RFC 4291, 2.2), without its zone. */
function bytesOf6(address: string): number[] {
  const plain = (address.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/u, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  )
  const [head = '', tail] = plain.split('::')
  const groupsOf = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'))
  const front = groupsOf(head)
  const back = groupsOf(tail)
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length
  return [...front, ...Array.from({ length: zeros }, () => '0'), ...back].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

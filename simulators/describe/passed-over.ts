import type { Packet } from './packet.ts'
import { networkOf } from './segment.ts'

/** Tunnels, by the number that Ethernet gives them. */
const TUNNELS: Readonly<Record<number, string>> = {
  0x8847: 'MPLS, which is not unwrapped',
  0x8848: 'MPLS, which is not unwrapped',
  0x8863: 'PPPoE, which is not unwrapped',
  0x8864: 'PPPoE, which is not unwrapped',
}

const FRAGMENT = 'fragments of IP, which are not put together'
const [ETHER_IPV4, ETHER_IPV6, IPV6_FRAGMENT] = [0x0800, 0x86dd, 44]

function whyPassedOver(packet: Packet): string | null {
  const link = networkOf(packet)
  if (link === null) return null
  const bytes = packet.bytes.subarray(link.at)
  if (link.etherType === ETHER_IPV4 && bytes.length >= 8 && (bytes.readUInt16BE(6) & 0x3fff) !== 0) return FRAGMENT
  if (link.etherType === ETHER_IPV6 && bytes[6] === IPV6_FRAGMENT) return FRAGMENT
  return TUNNELS[link.etherType] ?? null
}

/** Packets that may contain messages and are not examined: `12 packets are MPLS, which is not unwrapped`. */
export function passedOverNotes(packets: readonly Packet[]): string[] {
  const counts = new Map<string, number>()
  for (const packet of packets) {
    const why = whyPassedOver(packet)
    if (why !== null) counts.set(why, (counts.get(why) ?? 0) + 1)
  }
  return [...counts].map(([why, count]) => `${count === 1 ? '1 packet is' : `${count} packets are`} ${why}`)
}

import type { Packet } from './packet.ts'

/** The TCP part of a packet. */
export type Segment = {
  readonly packet: number
  readonly time: number | null
  /** `10.0.0.5:50001`. */
  readonly from: string
  readonly to: string
  readonly ports: readonly [source: number, destination: number]
  readonly sequence: number
  readonly syn: boolean
  /** FIN or RST: nothing more comes from this side. */
  readonly ends: boolean
  readonly payload: Buffer
}

const ETHER_IPV4 = 0x0800
const ETHER_IPV6 = 0x86dd
const VLAN_TAGS = [0x8100, 0x88a8, 0x9100]
const TCP = 6

type Read = (bytes: Buffer) => { etherType: number; at: number } | null

const byVersion: Read = (bytes) => {
  const version = (bytes[0] ?? 0) >> 4
  return version === 4 ? { etherType: ETHER_IPV4, at: 0 } : version === 6 ? { etherType: ETHER_IPV6, at: 0 } : null
}

const ethernet: Read = (bytes) => {
  let at = 12
  while (at + 4 <= bytes.length && VLAN_TAGS.includes(bytes.readUInt16BE(at))) at += 4
  return at + 2 <= bytes.length ? { etherType: bytes.readUInt16BE(at), at: at + 2 } : null
}

/** The address family differs between systems; the IP version is used instead. */
const loopback: Read = (bytes) => {
  const inside = byVersion(bytes.subarray(4))
  return inside === null ? null : { ...inside, at: 4 }
}

const at16 = (place: number, next: number): Read => {
  return (bytes) => (bytes.length < next ? null : { etherType: bytes.readUInt16BE(place), at: next })
}

/** Where IP begins, by link type (the registry of tcpdump.org/linktypes.html). */
const LINK: { readonly [type: number]: Read } = {
  0: loopback, // NULL
  1: ethernet,
  12: byVersion, // raw IP, as some systems number it
  14: byVersion,
  101: byVersion, // RAW
  108: loopback, // LOOP
  113: at16(14, 16), // Linux cooked
  228: byVersion,
  229: byVersion,
  276: at16(0, 20), // Linux cooked, version 2
}

export const isKnownLink = (linkType: number): boolean => LINK[linkType] !== undefined

/** The offset and type of the network layer in a packet; null for an unknown link layer. */
export const networkOf = (packet: Packet): { etherType: number; at: number } | null =>
  LINK[packet.linkType]?.(packet.bytes) ?? null

/** The TCP segment in a packet; null for everything else. A packet in fragments is not put together. */
export function segmentOf(packet: Packet): Segment | null {
  const link = networkOf(packet)
  if (link === null) return null
  const bytes = packet.bytes.subarray(link.at)
  const ip = link.etherType === ETHER_IPV4 ? ipv4(bytes) : link.etherType === ETHER_IPV6 ? ipv6(bytes) : null
  return ip === null ? null : tcp(packet, ip)
}

/** An IP packet with TCP. A truncated capture shows as a gap later. */
type Ip = { readonly from: string; readonly to: string; readonly bytes: Buffer }

function ipv4(bytes: Buffer): Ip | null {
  if (bytes.length < 20) return null
  const header = (bytes.readUInt8(0) & 15) * 4
  const fragment = bytes.readUInt16BE(6) & 0x3fff
  if (bytes.readUInt8(9) !== TCP || fragment !== 0 || header < 20) return null
  // A card that cuts large sends itself leaves 0 here.
  const total = bytes.readUInt16BE(2) || bytes.length
  const address = (at: number): string => [...bytes.subarray(at, at + 4)].join('.')
  return { from: address(12), to: address(16), bytes: bytes.subarray(header, total) }
}

const IPV6_HEADER = 40
/** Hop-by-hop, routing, destination: each names the next header and its length in units of 8 bytes. */
const EXTENSIONS = [0, 43, 60]

function ipv6(bytes: Buffer): Ip | null {
  if (bytes.length < IPV6_HEADER) return null
  const end = IPV6_HEADER + bytes.readUInt16BE(4)
  let next = bytes.readUInt8(6)
  let at = IPV6_HEADER
  while (EXTENSIONS.includes(next) && at + 8 <= bytes.length) {
    next = bytes.readUInt8(at)
    at += 8 + 8 * bytes.readUInt8(at + 1)
  }
  if (next !== TCP) return null
  const address = (from: number): string =>
    `[${Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(from + 2 * i).toString(16)).join(':')}]`
  return { from: address(8), to: address(24), bytes: bytes.subarray(at, end) }
}

const SYN = 2
const FIN_OR_RST = 5

function tcp({ number, time }: Packet, { from, to, bytes }: Ip): Segment | null {
  if (bytes.length < 20) return null
  const source = bytes.readUInt16BE(0)
  const destination = bytes.readUInt16BE(2)
  const header = (bytes.readUInt8(12) >> 4) * 4
  return {
    packet: number,
    time,
    from: `${from}:${source}`,
    to: `${to}:${destination}`,
    ports: [source, destination],
    sequence: bytes.readUInt32BE(4),
    syn: (bytes.readUInt8(13) & SYN) !== 0,
    ends: (bytes.readUInt8(13) & FIN_OR_RST) !== 0,
    payload: bytes.subarray(header),
  }
}

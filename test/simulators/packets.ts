/** Makes captures: one packet after another, in the file formats and link layers that captures have. */

export type Sending = {
  readonly from: readonly [host: number, port: number]
  readonly to: readonly [host: number, port: number]
  readonly sequence: number
  readonly payload: Buffer
  readonly syn?: boolean
}

const u16 = (...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * i)
  return bytes
}

const u32 = (little: boolean, ...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) {
    if (little) bytes.writeUInt32LE(number, 4 * i)
    else bytes.writeUInt32BE(number, 4 * i)
  }
  return bytes
}

function tcp({ from, to, sequence, payload, syn = false }: Sending): Buffer {
  const flags = u16(syn ? 0x6002 : 0x6018)
  // Six words: a header with an option of four bytes.
  const header = Buffer.concat([
    u16(from[1], to[1]),
    u32(false, sequence, 0),
    flags,
    u16(8192, 0, 0),
    Buffer.alloc(4, 1),
  ])
  return Buffer.concat([header, payload])
}

export function ipv4(sending: Sending): Buffer {
  const inside = tcp(sending)
  const address = ([host]: readonly [number, number]): Buffer => Buffer.of(10, 0, 0, host)
  const head = Buffer.concat([u16(0x4500, 20 + inside.length, 1, 0x4000), Buffer.of(64, 6, 0, 0)])
  return Buffer.concat([head, address(sending.from), address(sending.to), inside])
}

export function ipv6(sending: Sending): Buffer {
  const inside = Buffer.concat([Buffer.of(6, 0, 1, 4, 0, 0, 0, 0), tcp(sending)])
  const address = ([host]: readonly [number, number]): Buffer => Buffer.concat([Buffer.alloc(15), Buffer.of(host)])
  const head = Buffer.concat([Buffer.of(0x60, 0, 0, 0), u16(inside.length), Buffer.of(0, 64)])
  return Buffer.concat([head, address(sending.from), address(sending.to), inside])
}

/** Name → link type, and what it puts before IP. */
export const LINKS = {
  ethernet: [
    1,
    (ip) => Buffer.concat([Buffer.alloc(12), u16(0x0800), ip, Buffer.alloc(ip.length < 46 ? 46 - ip.length : 0)]),
  ],
  vlan: [1, (ip) => Buffer.concat([Buffer.alloc(12), u16(0x8100, 7, 0x0800), ip])],
  'loopback, little-endian': [0, (ip) => Buffer.concat([Buffer.of(2, 0, 0, 0), ip])],
  loopback: [108, (ip) => Buffer.concat([Buffer.of(0, 0, 0, 2), ip])],
  raw: [101, (ip) => ip],
  'Linux cooked': [113, (ip) => Buffer.concat([Buffer.alloc(14), u16(0x0800), ip])],
  'Linux cooked, version 2': [276, (ip) => Buffer.concat([u16(0x0800), Buffer.alloc(18), ip])],
} as const satisfies Record<string, readonly [number, (ip: Buffer) => Buffer]>

/** A packet a second, from 12:00:00.5 on 22 November 2026 on. */
const SECOND = Date.UTC(2026, 10, 22, 12) / 1_000

export function pcap(linkType: number, packets: readonly Buffer[], little: boolean, nanoseconds: boolean): Buffer {
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const version = u32(little, little ? 0x0004_0002 : 0x0002_0004)
  const header = [u32(little, magic), version, u32(little, 0, 0, 65_535, linkType)]
  const half = nanoseconds ? 500_000_000 : 500_000
  const records = packets.flatMap((packet, i) => [u32(little, SECOND + i, half, packet.length, packet.length), packet])
  return Buffer.concat([...header, ...records])
}

function block(little: boolean, type: number, ...parts: Buffer[]): Buffer {
  const inside = Buffer.concat(parts)
  const padded = Buffer.concat([inside, Buffer.alloc((4 - (inside.length % 4)) % 4)])
  const size = 12 + padded.length
  return Buffer.concat([u32(little, type, size), padded, u32(little, size)])
}

/** With times in thousandths of a second, a comment, and a block of statistics that is to be passed over. */
export function pcapng(linkType: number, packets: readonly Buffer[], little: boolean): Buffer {
  const word = (high: number, low: number): Buffer => u32(little, little ? (low << 16) | high : (high << 16) | low)
  const section = block(little, 0x0a0d0d0a, u32(little, 0x1a2b3c4d), word(1, 0), Buffer.alloc(8, 255))
  const resolution = Buffer.concat([word(9, 1), Buffer.of(3, 0, 0, 0)])
  const comment = Buffer.concat([word(1, 2), Buffer.from('hi\0\0')])
  const card = block(little, 1, word(linkType, 0), u32(little, 0), comment, resolution, word(0, 0))
  const enhanced = packets.map((packet, i) => {
    const time = (SECOND + i) * 1_000 + 500
    const parts = [0, Math.floor(time / 2 ** 32), time % 2 ** 32, packet.length, packet.length]
    return block(little, 6, u32(little, ...parts), packet)
  })
  return Buffer.concat([section, card, block(little, 5, Buffer.alloc(12)), ...enhanced])
}

import type { Capture, Packet } from './packet.ts'

/** Block types of draft-ietf-opsawg-pcapng, section 4. */
const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OLD_PACKET = 2
const SIMPLE_PACKET = 3
const PACKET = 6

const BIG_ENDIAN = '1a2b3c4d'
const LITTLE_ENDIAN = '4d3c2b1a'
const SMALLEST_BLOCK = 12
const RESOLUTION_OPTION = 9

/** An interface of the section; `tick` in microseconds. */
type Interface = { readonly linkType: number; readonly tick: number; readonly snapLength: number }
type Numbers = { u8: (at: number) => number; u16: (at: number) => number; u32: (at: number) => number }

const numbersOf = (file: Buffer, big: boolean): Numbers =>
  big
    ? { u8: (at) => file.readUInt8(at), u16: (at) => file.readUInt16BE(at), u32: (at) => file.readUInt32BE(at) }
    : { u8: (at) => file.readUInt8(at), u16: (at) => file.readUInt16LE(at), u32: (at) => file.readUInt32LE(at) }

/** A pcapng file; null for another. Blocks that are not packets are passed over. */
export function pcapngPackets(file: Buffer): Capture | null {
  if (file.length < 28 || file.readUInt32BE(0) !== SECTION) return null
  const packets: Packet[] = []
  let interfaces: Interface[] = []
  let numbers: Numbers | null = null
  let at = 0
  while (at + SMALLEST_BLOCK <= file.length) {
    if (file.readUInt32BE(at) === SECTION) {
      const order = file.toString('hex', at + 8, at + 12)
      if (order !== BIG_ENDIAN && order !== LITTLE_ENDIAN) return { packets, problem: `no byte order at ${at}` }
      numbers = numbersOf(file, order === BIG_ENDIAN)
      interfaces = []
    }
    if (numbers === null) return null
    const size = numbers.u32(at + 4)
    if (size < SMALLEST_BLOCK || size % 4 !== 0 || at + size > file.length)
      return { packets, problem: `the block at ${at} is broken, or cut` }
    const type = numbers.u32(at)
    if (type === INTERFACE && size >= 20) interfaces.push(interfaceOf(numbers, at, size))
    const packet = packetOf(file, numbers, interfaces, { type, at, size })
    if (packet !== null) packets.push({ number: packets.length + 1, ...packet })
    at += size
  }
  return { packets, problem: at === file.length ? null : `the file ends in the block at ${at}` }
}

function interfaceOf({ u8, u16, u32 }: Numbers, at: number, size: number): Interface {
  let tick = 1
  for (let option = at + 16; option + 4 <= at + size - 4;) {
    const length = u16(option + 2)
    if (u16(option) === RESOLUTION_OPTION && length === 1) {
      const resolution = u8(option + 4)
      tick = 1e6 * (resolution & 0x80 ? 2 ** -(resolution & 0x7f) : 10 ** -resolution)
    }
    option += 4 + length + ((4 - (length % 4)) % 4)
  }
  return { linkType: u16(at + 8), tick, snapLength: u32(at + 12) }
}

type Block = { readonly type: number; readonly at: number; readonly size: number }

function packetOf(
  file: Buffer,
  { u16, u32 }: Numbers,
  interfaces: Interface[],
  { type, at, size }: Block,
): Omit<Packet, 'number'> | null {
  if (type === SIMPLE_PACKET && size >= 16) {
    const { linkType = -1, snapLength = 0 } = interfaces[0] ?? {}
    const length = Math.min(u32(at + 8), size - 16, snapLength === 0 ? Infinity : snapLength)
    return { time: null, linkType, bytes: file.subarray(at + 12, at + 12 + length) }
  }
  if ((type !== PACKET && type !== OLD_PACKET) || size < 32) return null
  const { linkType = -1, tick = 1 } = interfaces[type === PACKET ? u32(at + 8) : u16(at + 8)] ?? {}
  const time = Math.floor((u32(at + 12) * 2 ** 32 + u32(at + 16)) * tick)
  const length = Math.min(u32(at + 20), size - 32)
  return { time, linkType, bytes: file.subarray(at + 28, at + 28 + length) }
}

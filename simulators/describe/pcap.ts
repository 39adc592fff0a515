import type { Capture, Packet } from './packet.ts'

/** By the first four bytes: byte order, and how many parts of a second the times count. */
const MAGIC: Readonly<Record<string, { big: boolean; perMicrosecond: number }>> = {
  a1b2c3d4: { big: true, perMicrosecond: 1 },
  d4c3b2a1: { big: false, perMicrosecond: 1 },
  a1b23c4d: { big: true, perMicrosecond: 1_000 },
  '4d3cb2a1': { big: false, perMicrosecond: 1_000 },
}

const FILE_HEADER = 24
const RECORD_HEADER = 16

/** The classic capture file of libpcap (draft-ietf-opsawg-pcap, sections 4 and 5); null for another file. */
export function pcapPackets(file: Buffer): Capture | null {
  const magic = MAGIC[file.toString('hex', 0, 4)]
  if (magic === undefined || file.length < FILE_HEADER) return null
  const u32 = (at: number): number => (magic.big ? file.readUInt32BE(at) : file.readUInt32LE(at))
  // The upper bits of the link type are about a checksum at the end of each frame.
  const linkType = u32(20) & 0xffff
  const packets: Packet[] = []
  let at = FILE_HEADER
  while (at < file.length) {
    const number = packets.length + 1
    if (at + RECORD_HEADER > file.length) return { packets, problem: `the file ends in the header of packet ${number}` }
    const size = u32(at + 8)
    const start = at + RECORD_HEADER
    if (start + size > file.length) return { packets, problem: `the file ends in packet ${number}` }
    const time = u32(at) * 1e6 + Math.floor(u32(at + 4) / magic.perMicrosecond)
    packets.push({ number, time, linkType, bytes: file.subarray(start, start + size) })
    at = start + size
  }
  return { packets, problem: null }
}

import type { FrameLength } from '../../src/iso8583/frame.ts'

/** The bytes of a length prefix, and the announced size including the prefix; null for an invalid one. */
const prefixes = {
  be2: { size: 2, read: (bytes) => 2 + bytes.readUInt16BE(0) },
  'be2-inclusive': { size: 2, read: (bytes) => (bytes.readUInt16BE(0) < 2 ? null : bytes.readUInt16BE(0)) },
  ascii4: {
    size: 4,
    read: (bytes) => {
      const text = bytes.toString('latin1', 0, 4)
      return /^\d{4}$/.test(text) ? 4 + Number(text) : null
    },
  },
} as const satisfies Record<FrameLength, { size: number; read: (bytes: Buffer) => number | null }>

export const prefixSize = (length: FrameLength | 'none'): number => (length === 'none' ? 0 : prefixes[length].size)

/**
 * Cuts a stream into units: whole frames with their length. `none`: each read is a unit. From the first bytes that are
 * not a frame on, everything is passed on unchanged.
 */
export function unitCutter(length: FrameLength | 'none'): (chunk: Buffer) => Buffer[] {
  if (length === 'none') return (chunk) => [chunk]
  const { size, read } = prefixes[length]
  let rest: Buffer = Buffer.alloc(0)
  let lost = false
  return (chunk) => {
    if (lost) return [chunk]
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const units: Buffer[] = []
    while (rest.length >= size) {
      const end = read(rest)
      if (end === null) {
        lost = true
        units.push(rest)
        break
      }
      if (rest.length < end) break
      units.push(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    return units
  }
}

/**
 * Frames as a terminal writes and reads them (docs/spec/terminal.md, section 1). Written independently of the switch, so
 * that each shows mistakes of the other.
 */

export const frameLengths = ['be2', 'be2-inclusive', 'ascii4'] as const
export type FrameLength = (typeof frameLengths)[number]

export type Framing = {
  readonly length: FrameLength
  /** The 5 bytes between length and message; null: none. */
  readonly tpdu: Buffer | null
}

/** `60`, the destination, the source. */
export const USUAL_TPDU = Buffer.from('6000010002', 'hex')

type Prefix = {
  readonly size: number
  readonly most: number
  readonly write: (size: number) => Buffer
  /** NaN where the bytes are no length. */
  readonly read: (bytes: Buffer) => number
}

const twoBytes = (counted: number): Prefix => ({
  size: 2,
  most: 0xffff - counted,
  write: (size) => Buffer.from([(size + counted) >> 8, (size + counted) & 0xff]),
  read: (bytes) => (bytes.readUInt16BE() < counted ? NaN : bytes.readUInt16BE() - counted),
})

const PREFIXES = {
  be2: twoBytes(0),
  'be2-inclusive': twoBytes(2),
  ascii4: {
    size: 4,
    most: 9_999,
    write: (size) => Buffer.from(String(size).padStart(4, '0'), 'latin1'),
    read: (bytes) => (/^\d{4}/.test(bytes.toString('latin1', 0, 4)) ? Number(bytes.toString('latin1', 0, 4)) : NaN),
  },
} as const satisfies Record<FrameLength, Prefix>

/** A message as a frame. @throws RangeError for one that the length cannot hold */
export function frameOf({ length, tpdu }: Framing, body: Buffer): Buffer {
  const prefix: Prefix = PREFIXES[length]
  const whole = tpdu === null ? body : Buffer.concat([tpdu, body])
  if (whole.length > prefix.most) throw new RangeError(`a frame of ${whole.length} bytes, at most ${prefix.most}`)
  return Buffer.concat([prefix.write(whole.length), whole])
}

export type Cutter = {
  /** False once the bytes are not frames: from then on frames cannot be separated. */
  readonly push: (chunk: Buffer) => boolean
  /** The bytes after the last whole frame. */
  readonly rest: () => Buffer
}

/** Cuts a stream into messages; keep-alives are skipped. */
export function frameCutter({ length, tpdu }: Framing, onMessage: (body: Buffer) => void): Cutter {
  const prefix: Prefix = PREFIXES[length]
  const header = tpdu === null ? 0 : tpdu.length
  let rest: Buffer = Buffer.alloc(0)
  let broken = false
  const push = (chunk: Buffer): boolean => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (!broken && rest.length >= prefix.size) {
      const size = prefix.read(rest)
      if (!(size === 0 || size > header)) {
        broken = true
        break
      }
      const end = prefix.size + size
      if (rest.length < end) break
      if (size > 0) onMessage(Buffer.from(rest.subarray(prefix.size + header, end)))
      rest = rest.subarray(end)
    }
    return !broken
  }
  return { push, rest: () => rest }
}

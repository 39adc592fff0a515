/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

/** The framing of messages on a connection (docs/spec/terminal.md, section 1). */
export type FrameSettings = {
  readonly length: FrameLength
  /** `5`: `60`, two bytes destination, two bytes source. */
  readonly tpdu: 'none' | 5
  /** The most bytes after the length, TPDU included. */
  readonly maxFrame: number
}

export type FrameLength = 'be2' | 'be2-inclusive' | 'ascii4'

/** Why the line can no longer be read. The text contains lengths and the bytes of lengths, never content. */
export type FrameFault = { readonly kind: 'length' | 'too long' | 'tpdu'; readonly text: string }

export type Deframer = {
  /**
   * Takes a chunk from the socket and calls `onFrame` for each frame that it completes. The body is a view of the chunk, or
   * of a buffer made for this frame, and may be kept. After a fault nothing more is read, and every call returns the fault.
   */
  readonly push: (chunk: Buffer, onFrame: (body: Buffer, tpdu: Buffer | null) => void) => FrameFault | null
  /** A frame has begun and not ended: the clock of `frameTimeoutMs` runs. */
  readonly pending: () => boolean
  /** Zero-length frames so far. */
  readonly keepAlives: () => number
}

type Prefix = {
  readonly size: number
  /** Reads the number of bytes that follow, or returns the fault. */
  readonly read: (bytes: Buffer, at: number) => number | FrameFault
  readonly write: (target: Buffer, length: number) => void
  /** The longest frame that this length format can announce. */
  readonly most: number
}

const TPDU_ID = 0x60
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

/** A length such as 12346, which is the text `0:` read as a number, shows that the peer sends lengths as text, or none. */
function asText(bytes: Buffer, at: number, size: number): string {
  for (let i = at; i < at + size; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return ''
  return `: the bytes are the text '${bytes.toString('latin1', at, at + size)}'`
}

const PREFIXES = {
  be2: {
    size: 2,
    most: 0xffff,
    read: (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!,
    write: (target, length) => void target.writeUInt16BE(length, 0),
  },
  'be2-inclusive': {
    size: 2,
    most: 0xffff - 2,
    read(bytes, at) {
      const length = (bytes[at]! << 8) | bytes[at + 1]!
      return length >= 2 ? length - 2 : { kind: 'length', text: `length ${length}, which should count its own 2 bytes` }
    },
    write: (target, length) => void target.writeUInt16BE(length + 2, 0),
  },
  ascii4: {
    size: 4,
    most: 9999,
    read(bytes, at) {
      let length = 0
      for (let i = at; i < at + 4; i++) {
        if (!isDigit(bytes[i]!)) return { kind: 'length', text: noDigits(bytes, at) }
        length = length * 10 + bytes[i]! - 0x30
      }
      return length
    },
    write: (target, length) => void target.write(String(length).padStart(4, '0'), 0, 'latin1'),
  },
} as const satisfies Record<FrameLength, Prefix>

const noDigits = (bytes: Buffer, at: number): string =>
  `length is not four digits: the bytes are ${bytes.toString('hex', at, at + 4)}, in binary the first two are ` +
  String(bytes.readUInt16BE(at))

type OnFrame = (body: Buffer, tpdu: Buffer | null) => void

/** The length announced at `at`, if it is a possible one. */
function announced(prefix: Prefix, { tpdu, maxFrame }: FrameSettings, bytes: Buffer, at: number): number | FrameFault {
  const size = prefix.read(bytes, at)
  if (typeof size !== 'number') return size
  if (size > maxFrame) {
    return { kind: 'too long', text: `length ${size}, at most ${maxFrame}${asText(bytes, at, prefix.size)}` }
  }
  if (tpdu === 5 && size > 0 && size < 5) return { kind: 'tpdu', text: `length ${size} has no room for a TPDU` }
  return size
}

function deliver(tpdu: FrameSettings['tpdu'], whole: Buffer, onFrame: OnFrame): FrameFault | null {
  if (tpdu === 'none') {
    onFrame(whole, null)
    return null
  }
  if (whole[0] !== TPDU_ID)
    return { kind: 'tpdu', text: `the TPDU begins with ${whole.toString('hex', 0, 1)}, not with 60` }
  onFrame(whole.subarray(5), whole.subarray(0, 5))
  return null
}

/** Splits the bytes of a socket into frames. Copies each byte at most once, and holds at most one frame. */
export function createDeframer(settings: FrameSettings): Deframer {
  const { tpdu } = settings
  const prefix: Prefix = PREFIXES[settings.length]
  const header = Buffer.alloc(prefix.size)
  let headerHas = 0
  /** The buffer of the incomplete frame, allocated in its full length once that is known. */
  let frame: Buffer | null = null
  let frameHas = 0
  let keepAlives = 0
  let broken: FrameFault | null = null

  function read(chunk: Buffer, onFrame: OnFrame): FrameFault | null {
    let at = 0
    while (at < chunk.length) {
      if (frame !== null) {
        const take = Math.min(frame.length - frameHas, chunk.length - at)
        chunk.copy(frame, frameHas, at, at + take)
        frameHas += take
        at += take
        if (frameHas < frame.length) return null
        const whole = frame
        frame = null
        const wrong = deliver(tpdu, whole, onFrame)
        if (wrong) return wrong
        continue
      }

      let size: number | FrameFault
      if (headerHas === 0 && chunk.length - at >= prefix.size) {
        size = announced(prefix, settings, chunk, at)
        at += prefix.size
      } else {
        header[headerHas++] = chunk[at++]!
        if (headerHas < prefix.size) continue
        headerHas = 0
        size = announced(prefix, settings, header, 0)
      }
      if (typeof size !== 'number') return size
      if (size === 0) {
        keepAlives++
      } else if (chunk.length - at >= size) {
        const wrong = deliver(tpdu, chunk.subarray(at, at + size), onFrame)
        if (wrong) return wrong
        at += size
      } else {
        frame = Buffer.allocUnsafeSlow(size)
        frameHas = 0
      }
    }
    return null
  }

  return {
    push: (chunk, onFrame) => (broken ??= read(chunk, onFrame)),
    pending: () => broken === null && (frame !== null || headerHas > 0),
    keepAlives: () => keepAlives,
  }
}

/** The TPDU of the answer: destination and source change places. */
export const swapTpdu = (tpdu: Buffer): Buffer => Buffer.from([tpdu[0]!, tpdu[3]!, tpdu[4]!, tpdu[1]!, tpdu[2]!])

/**
 * Encodes one frame into one buffer. The TPDU is sent as given: apply `swapTpdu` first for an answer.
 * @throws RangeError for a TPDU that contradicts the settings, or a body that is too long for the length: a fault of the code
 */
export function encodeFrame({ length, tpdu: wanted }: FrameSettings, body: Buffer, tpdu: Buffer | null): Buffer {
  const prefix: Prefix = PREFIXES[length]
  const tpduSize = tpdu === null ? 0 : tpdu.length
  if (tpduSize !== (wanted === 'none' ? 0 : wanted)) throw new RangeError(`a TPDU of ${tpduSize} bytes, not ${wanted}`)
  const size = tpduSize + body.length
  if (size > prefix.most) throw new RangeError(`a frame of ${size} bytes, at most ${prefix.most}`)
  const bytes = Buffer.allocUnsafe(prefix.size + size)
  prefix.write(bytes, size)
  tpdu?.copy(bytes, prefix.size)
  body.copy(bytes, prefix.size + tpduSize)
  return bytes
}

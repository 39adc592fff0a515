import { type Fit, fits } from './fit.ts'
import { createDeframer, type FrameLength } from '../../src/iso8583/frame.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** The framing of messages in some bytes; `none`: each begins where the one before ends. */
export type Framing = { readonly length: FrameLength | 'none'; readonly tpdu: 'none' | 5 }

/** The pieces in order. `at` counts bytes from the start. */
export type Piece =
  | {
      readonly kind: 'message'
      readonly at: number
      /** Bytes of the length before it. */
      readonly prefix: number
      readonly tpdu: Buffer | null
      readonly body: Buffer
      /** The bytes end before the frame does. */
      readonly cut: boolean
    }
  | { readonly kind: 'keep-alive'; readonly at: number }
  /** From here on the frames cannot be separated. */
  | { readonly kind: 'fault'; readonly at: number; readonly text: string; readonly rest: number }

const PREFIX = { be2: 2, 'be2-inclusive': 2, ascii4: 4 } as const satisfies Record<FrameLength, number>
const TPDU_ID = 0x60
const TPDU_BYTES = 5

/** All framings that were not excluded, the likeliest first. */
export function framings(wanted: Partial<Framing>): Framing[] {
  const lengths = ['none', 'be2', 'be2-inclusive', 'ascii4'] as const
  const tpdus = ['none', TPDU_BYTES] as const
  return lengths
    .filter((length) => wanted.length === undefined || length === wanted.length)
    .flatMap((length) => tpdus.map((tpdu) => ({ length, tpdu })))
    .filter(({ tpdu }) => wanted.tpdu === undefined || tpdu === wanted.tpdu)
}

/** Messages that are enough to recognise the framing; a capture can have millions. */
const SAMPLE_BYTES = 65_536

export type Found = {
  readonly framing: Framing
  /** 0 to 1: how much of the bytes looks like messages. */
  readonly likeness: number
}

/** The framing under which most of the bytes make sense. */
export function likeliestFraming(bytes: Buffer, profiles: readonly Profile[], choice: readonly Framing[]): Found {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const found = choice.map((framing) => ({ framing, likeness: sense(sample, bytes.length, profiles, framing) }))
  const [first = { framing: { length: 'none', tpdu: 'none' }, likeness: 0 }, ...others] = found
  return others.reduce<Found>((best, one) => (one.likeness > best.likeness ? one : best), first)
}

/** A frame that was cut is half as good as a whole one. */
const CUT = 0.5

function sense(sample: Buffer, size: number, profiles: readonly Profile[], framing: Framing): number {
  let good = 0
  let seen = sample.length
  for (const piece of pieces(sample, profiles, framing)) {
    if (piece.kind !== 'message') continue
    const length = piece.prefix + (piece.tpdu?.length ?? 0) + piece.body.length
    if (piece.cut && sample.length < size) seen -= length
    else good += length * (fits(profiles, piece.body)[0]?.likeness ?? 0) * (piece.cut ? CUT : 1)
  }
  return seen > 0 ? good / seen : 0
}

/** Takes the bytes apart under a framing. */
export const pieces = (bytes: Buffer, profiles: readonly Profile[], { length, tpdu }: Framing): Piece[] =>
  length === 'none' ? unframed(bytes, profiles, tpdu) : framed(bytes, length, tpdu)

/** Without lengths a message ends where its last element does, if what follows is a message again. */
function unframed(bytes: Buffer, profiles: readonly Profile[], tpdu: 'none' | 5): Piece[] {
  const found: Piece[] = []
  let at = 0
  while (at < bytes.length) {
    const message = unframedAt(bytes, at, tpdu)
    if (message.kind !== 'message') return [...found, message]
    const end = endOf(message.body, profiles, tpdu)
    found.push({ ...message, body: message.body.subarray(0, end) })
    at += (message.tpdu?.length ?? 0) + end
  }
  return found
}

function unframedAt(bytes: Buffer, at: number, tpdu: 'none' | 5): Piece {
  const frame = { kind: 'message', at, prefix: 0, cut: false } as const
  if (tpdu === 'none') return { ...frame, tpdu: null, body: bytes.subarray(at) }
  if (bytes[at] !== TPDU_ID || bytes.length < at + TPDU_BYTES)
    return { kind: 'fault', at, text: 'no TPDU here: it begins with 60 and has 5 bytes', rest: bytes.length - at }
  return { ...frame, tpdu: bytes.subarray(at, at + TPDU_BYTES), body: bytes.subarray(at + TPDU_BYTES) }
}

function endOf(rest: Buffer, profiles: readonly Profile[], tpdu: 'none' | 5): number {
  // Never more than the longest message: with many one after the other the whole rest would be read for each.
  const longest = Math.max(...profiles.map(({ most }) => most)) + TPDU_BYTES
  const likely = (bytes: Buffer): Fit | undefined => fits(profiles, bytes.subarray(0, longest))[0]
  const { malformed, unread } = likely(rest)?.described ?? { malformed: null, unread: 0 }
  if (malformed?.reason !== 'leftOver') return rest.length
  const next = unframedAt(rest, unread, tpdu)
  return next.kind === 'message' && (likely(next.body)?.likeness ?? 0) > NEXT_MESSAGE ? unread : rest.length
}

/** More than the score of a known MTI by chance; less than that of a message of which half was read. */
const NEXT_MESSAGE = 0.4

function framed(bytes: Buffer, length: FrameLength, tpdu: 'none' | 5): Piece[] {
  const prefix = PREFIX[length]
  const header = tpdu === 'none' ? 0 : TPDU_BYTES
  const deframer = createDeframer({ length, tpdu, maxFrame: 0xffff })
  const found: Piece[] = []
  let at = 0
  const skipKeepAlives = (until: number): void => {
    for (; at < until; at += prefix) found.push({ kind: 'keep-alive', at })
  }
  // One push: every whole frame is a view of these bytes, so its offset is known.
  const fault = deframer.push(bytes, (body, frameTpdu) => {
    const start = body.byteOffset - bytes.byteOffset - header - prefix
    skipKeepAlives(start)
    found.push({ kind: 'message', at: start, prefix, tpdu: frameTpdu, body, cut: false })
    at = start + prefix + header + body.length
  })
  const counted = found.filter(({ kind }) => kind === 'keep-alive').length
  skipKeepAlives(at + prefix * (deframer.keepAlives() - counted))
  if (fault !== null) found.push({ kind: 'fault', at, text: fault.text, rest: bytes.length - at })
  else if (at < bytes.length) found.push(cutFrame(bytes, at, prefix, header))
  return found
}

/** A frame that has begun and not ended. */
function cutFrame(bytes: Buffer, at: number, prefix: number, header: number): Piece {
  const rest = bytes.length - at
  if (rest <= prefix + header) return { kind: 'fault', at, text: `a frame that ends after ${rest} bytes`, rest }
  const body = bytes.subarray(at + prefix + header)
  const tpdu = header === 0 ? null : bytes.subarray(at + prefix, at + prefix + header)
  return { kind: 'message', at, prefix, tpdu, body, cut: true }
}

import { createDeframer, type FrameFault, swapTpdu } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { isRequest, responseMti } from '../../src/iso8583/mti.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import type { FuzzLine } from './frames.ts'

/** An answer that has to come. `malformed`: it has to be a 30. */
export type Expected = { readonly signature: string; readonly malformed: boolean }

/** The expected reaction of a switch to bytes at the beginning of a frame (docs/spec/terminal.md, section 1). */
export type Verdict = {
  readonly wanted: readonly Expected[]
  /** Frames of which nothing could be read: answered with nothing, and too many in a row end the line. */
  readonly unreadable: number
  /** The line has to end: nothing on it can be trusted any more. */
  readonly closes: FrameFault | null
  /** A frame has begun and is incomplete. */
  readonly pending: boolean
}

/** The request that an answer belongs to: MTI, DE7, DE11 and DE41, and the returned TPDU. */
export function signatureOf(mti: string, { fields }: Message, tpdu: Buffer | null): string {
  const parts = [mti, fields[7] ?? '', fields[11] ?? '', fields[41] ?? '', tpdu?.toString('hex') ?? '']
  return parts.join('/')
}

/**
 * Judges by our own codec what the bytes are. The codec itself is tested elsewhere; here it gives the expected
 * reaction.
 */
export function judge({ profile, frame }: FuzzLine, bytes: Buffer): Verdict {
  const deframer = createDeframer(frame)
  const wanted: Expected[] = []
  let unreadable = 0
  const closes = deframer.push(bytes, (body, tpdu) => {
    const read = unpack(profile, body)
    const message = read.ok ? read.message : read.malformed.readable
    if (message === null) return void unreadable++
    if (!isRequest(message.mti)) return void (read.ok ? undefined : unreadable++)
    const back = tpdu === null ? null : swapTpdu(tpdu)
    wanted.push({ signature: signatureOf(responseMti(message.mti), message, back), malformed: !read.ok })
  })
  return { wanted, unreadable, closes, pending: closes === null && deframer.pending() }
}

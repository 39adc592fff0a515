import { mac } from '../../src/iso8583/mac.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { packInto } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import type { Socket } from 'node:net'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { FrameLength, Framing } from '../terminal/framing.ts'

const BATCH_BYTES = 64 * 1024
/** With many lines each sends one message at a time: it is written at once, and one buffer serves all lines. */
const AT_ONCE = 1
const MANY_LINES = 256
const MAC_BYTES = 8

/** Writes the length of a frame of `size` bytes, TPDU included, before it. */
const PREFIX = {
  be2: { bytes: 2, write: (target, at, size) => void target.writeUInt16BE(size, at) },
  'be2-inclusive': { bytes: 2, write: (target, at, size) => void target.writeUInt16BE(size + 2, at) },
  ascii4: { bytes: 4, write: (target, at, size) => void target.write(String(size).padStart(4, '0'), at, 'latin1') },
} as const satisfies Record<
  FrameLength,
  { readonly bytes: number; readonly write: (target: Buffer, at: number, size: number) => void }
>

/** The key that the messages of a terminal are sealed with; null: it has none. */
export type Seal = { readonly method: 'retail' | 'aes-cmac'; readonly key: Buffer }

export const sealOf = ({ mac: method, key }: DemoTerminal): Seal | null =>
  method === 'none' ? null : { method, key: Buffer.from(key, 'hex') }

/** How messages of a run become bytes: profile and framing, and buffers that all its lines share. */
export type Packing = {
  readonly profile: Profile
  readonly framing: Framing
  readonly batchBytes: number
  readonly free: Buffer[]
}

export const packingOf = (profile: Profile, framing: Framing, lines: number): Packing => ({
  profile,
  framing,
  batchBytes: lines > MANY_LINES ? AT_ONCE : BATCH_BYTES,
  free: [],
})

/** Frames of one line, put together in one buffer, which is used again as soon as the kernel has taken it. */
export function outbox({ profile, framing, batchBytes, free }: Packing) {
  const prefix = PREFIX[framing.length]
  const tpdu = framing.tpdu
  const head = prefix.bytes + (tpdu?.length ?? 0)
  const macSize = profile.encodings.binary === 'raw' ? MAC_BYTES : 2 * MAC_BYTES
  let buffer: Buffer | null = null
  let end = 0
  return {
    /** With a seal, the message has a MAC of zeros as its last element. */
    add: (message: Message, seal: Seal | null) => {
      buffer ??= free.pop() ?? Buffer.allocUnsafeSlow(batchBytes + head + profile.most)
      const from = end + head
      const after = packInto(profile, message, buffer, from)
      if (seal !== null) {
        const code = mac(seal.method, seal.key, buffer.subarray(from, after - macSize))
        if (macSize === MAC_BYTES) code.copy(buffer, after - macSize)
        else buffer.write(code.toString('hex').toUpperCase(), after - macSize, 'latin1')
      }
      prefix.write(buffer, end, after - end - prefix.bytes)
      tpdu?.copy(buffer, end + prefix.bytes)
      end = after
    },
    isFull: () => end >= batchBytes,
    isEmpty: () => end === 0,
    drop: () => void (end = 0),
    flush: (socket: Socket) => {
      if (buffer === null) return
      socket.write(buffer.subarray(0, end))
      if (socket.writableLength === 0) free.push(buffer)
      buffer = null
      end = 0
    },
  }
}

/** A proxy that records the frames of both directions. */

import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { createDeframer, type FrameSettings } from '../../src/iso8583/frame.ts'
import { doorOf } from '../control/door.ts'
import type { Address } from '../terminal/address.ts'
import { dial, type Peer } from '../terminal/peer.ts'
import type { Wire } from '../terminal/wire.ts'
import type { Seen } from './talk.ts'

export type ProxySettings = {
  readonly listen: Address
  readonly tls: TlsOptions | null
  readonly peer: Peer
  readonly maxFrame: number
  readonly now: () => number
  /** Called after each that was seen. */
  readonly changed: () => void
}

export type Proxy = {
  readonly port: number
  /** The messages so far, in order. */
  readonly seen: () => readonly Seen[]
  readonly stop: () => Promise<void>
}

/** The most messages that are recorded; after them the proxy goes on without recording. */
const MOST_SEEN = 100_000

/** Reads one direction and reports its messages. Bytes that are not frames end the reading but not the forwarding. */
function looker(frame: FrameSettings, wire: Wire, tell: (what: Seen['what']) => void): (chunk: Buffer) => void {
  const deframer = createDeframer(frame)
  let told = false
  return (chunk) => {
    const fault = deframer.push(chunk, (body) => {
      const read = wire.read(body)
      tell(read.ok ? { kind: 'message', message: read.message } : { kind: 'unreadable' })
    })
    if (fault !== null && !told) {
      told = true
      tell({ kind: 'unreadable' })
    }
  }
}

/** A proxy between terminals and a switch that changes nothing and records the messages. */
export async function startProxy({ listen, tls, peer, maxFrame, now, changed }: ProxySettings): Promise<Proxy> {
  const { framing, wire } = peer
  const frame: FrameSettings = { length: framing.length, tpdu: framing.tpdu === null ? 'none' : 5, maxFrame }
  const seen: Seen[] = []
  let lines = 0

  const carry = (from: Socket, to: Socket, look: (chunk: Buffer) => void): void => {
    from.on('data', (chunk: Buffer) => {
      look(chunk)
      // If the other side does not accept data, nothing more is read.
      if (!to.destroyed && !to.write(chunk)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  const welcome = (socket: Socket): void => {
    const line = String(++lines)
    const tell = (what: Seen['what']) => {
      if (seen.length < MOST_SEEN) seen.push({ at: now(), line, what })
      changed()
    }
    socket.pause()
    const server = dial(peer, () => socket.resume())
    carry(socket, server, looker(frame, wire, tell))
    carry(server, socket, looker(frame, wire, tell))
    socket.on('close', () => tell({ kind: 'ended' }))
  }
  const door = doorOf({ ...listen, tls, allowHalfOpen: true, welcome })
  await door.open()
  return { port: door.port(), seen: () => seen, stop: door.shut }
}

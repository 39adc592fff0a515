import type { Socket } from 'node:net'
import { createDeframer } from '../../src/iso8583/frame.ts'
import type { Fields } from '../../src/iso8583/message.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { dial, type Door } from '../terminal/peer.ts'
import type { FuzzLine } from './frames.ts'
import { signatureOf } from './oracle.ts'

/** An answer as it came. */
export type Came = {
  readonly signature: string
  readonly mti: string
  readonly fields: Fields
  /** DE39 and DE44. */
  readonly code: string
  readonly reason: string
}

/** A connection that collects its answers. */
export type WireLine = {
  readonly write: (bytes: Buffer) => void
  readonly taken: () => readonly Came[]
  /** Bytes that are not a message; null: none. */
  readonly nonsense: () => string | null
  readonly isOpen: () => boolean
  /** Resolves when something has happened: an answer, the end. */
  readonly next: (ms: number) => Promise<void>
  readonly forget: () => void
  readonly close: () => void
}

const CONNECT_MS = 10_000

/** Connects. Throws with the system's reason. */
export function openWireLine(door: Door, line: FuzzLine): Promise<WireLine> {
  return new Promise((resolve, reject) => {
    const socket = dial(door, () => {
      clearTimeout(timer)
      socket.off('error', reject)
      resolve(wireLine(socket, line))
    })
    const timer = setTimeout(() => socket.destroy(new Error('no answer to the connection')), CONNECT_MS)
    socket.once('error', reject)
  })
}

function wireLine(socket: Socket, { profile, frame }: FuzzLine): WireLine {
  const deframer = createDeframer(frame)
  let came: Came[] = []
  let nonsense: string | null = null
  let open = true
  let wake = () => {}
  socket.on('data', (chunk: Buffer) => {
    const fault = deframer.push(chunk, (body, tpdu) => {
      const read = unpack(profile, body)
      if (!read.ok) nonsense = `an answer that cannot be read: ${read.malformed.reason} in ${read.malformed.field}`
      else {
        const { mti, fields } = read.message
        const signature = signatureOf(mti, read.message, tpdu)
        came.push({ signature, mti, fields, code: fields[39] ?? '', reason: (fields[44] ?? '').trimEnd() })
      }
    })
    if (fault !== null) nonsense = `what came is no frame: ${fault.text}`
    wake()
  })
  const end = () => {
    open = false
    wake()
  }
  socket.on('error', end)
  socket.on('end', end)
  socket.on('close', end)
  return {
    write: (bytes) => void socket.write(bytes),
    taken: () => came,
    nonsense: () => nonsense,
    isOpen: () => open,
    next: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    forget: () => void (came = []),
    close: () => socket.destroy(),
  }
}

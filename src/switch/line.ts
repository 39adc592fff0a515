import type { Socket } from 'node:net'
import { createDeframer, encodeFrame, swapTpdu, type FrameSettings } from '../iso8583/frame.ts'
import type { Profile } from '../iso8583/profile.ts'
import { handleFrame, type SwitchParts } from './handle.ts'
import type { Origin } from './origin.ts'
import type { Peer } from './peer.ts'
import { createSignedOn } from './signed-on.ts'
import { createStanding } from './standing.ts'

export type LineSettings = {
  readonly name: string
  readonly profile: Profile
  readonly frame: FrameSettings
  /** ms of silence after which a line is closed, ms in which a frame that has begun must end. */
  readonly idleTimeout: number
  readonly frameTimeout: number
  readonly maxBadFrames: number
  /** Requests of one line in work; above it the line is not read. */
  readonly maxInFlight: number
  /** Terminals must show a certificate that they are bound to; must have signed on. */
  readonly isMutual: boolean
  readonly signOn: boolean
  readonly requireMac: boolean
}

/** One connection. */
export type Line = {
  readonly name: string
  /** Called about once a second: closes the line when its time is over. */
  readonly tick: (now: number) => void
  /** Reads no more; closes once everything in flight is answered and sent. */
  readonly finish: () => void
}

export type LineWatch = {
  readonly frame: () => void
  readonly closed: (line: string, peer: Peer, why: string) => void
}

// Answers that nobody reads took 987 MB in 4 s, 55 MB with a cap (shared design): a line whose reader is away is not
// read from above the first mark and ends above the second.
const UNSENT_PAUSE = 64 * 1024
const UNSENT_END = 1024 * 1024
// ms that a line that is ended has to take its last answers; one that never reads would stay open for ever.
const LINGER_MS = 5_000

/** Talks on one socket: frames in, answers out in whatever order they are ready, one write per turn of the event loop. */
export function openLine(
  socket: Socket,
  name: string,
  peer: Peer,
  settings: LineSettings,
  parts: SwitchParts,
  watch: LineWatch,
  proven: () => void,
  onClose: () => void,
): Line {
  const deframer = createDeframer(settings.frame)
  let inFlight = 0
  let frames = 0
  let badFrames = 0
  /** Why nothing more is taken: the line closes once everything is answered. */
  let finishing: string | null = null
  /** When the line was ended, `performance.now()`. */
  let ended: number | null = null
  let lastHeard = performance.now()
  let frameBegan: number | null = null
  let unsent: Buffer[] = []
  /** Nothing that comes is taken any more; what was taken before is answered. */
  const finish = (why: string): void => {
    finishing ??= why
    frameBegan = null
    rest()
  }

  const origin: Origin = {
    line: name,
    peer,
    isMutual: settings.isMutual,
    wantsSignOn: settings.signOn,
    wantsMac: settings.requireMac,
    signedOn: createSignedOn(),
    standing: createStanding(proven, finish),
  }

  const end = (why: string): void => {
    if (ended !== null) return
    ended = performance.now()
    watch.closed(name, peer, why)
    socket.destroySoon()
  }

  const flush = (): void => {
    const bytes = unsent.length === 1 ? unsent[0] : Buffer.concat(unsent)
    unsent = []
    if (bytes === undefined || ended !== null) return
    socket.write(bytes)
    if (socket.writableLength > UNSENT_END) {
      end('answers are not read')
      socket.destroy()
    }
    rest()
  }

  const send = (body: Buffer, tpdu: Buffer | null): void => {
    if (unsent.length === 0) setImmediate(flush)
    unsent.push(encodeFrame(settings.frame, body, tpdu === null ? null : swapTpdu(tpdu)))
  }

  /** Reads on while there is room; a line that is finishing ends when nothing is left to do. */
  const rest = (): void => {
    if (ended !== null) return
    if (finishing !== null) {
      if (inFlight === 0 && unsent.length === 0) return end(finishing)
      // What still comes is read and dropped: closing over unread bytes is a reset, which takes the answers with it.
      socket.resume()
    } else if (inFlight >= settings.maxInFlight || socket.writableLength > UNSENT_PAUSE) {
      socket.pause()
    } else if (socket.isPaused()) {
      // What it could not send meanwhile is not its fault.
      if (frameBegan !== null) frameBegan = performance.now()
      socket.resume()
    }
  }

  const take = async (body: Buffer, tpdu: Buffer | null): Promise<void> => {
    if (finishing !== null) return
    const trace = `${name}-${++frames}`
    inFlight++
    watch.frame()
    try {
      const { unreadable, reply } = handleFrame(parts, settings.profile, body, origin, trace)
      badFrames = unreadable ? badFrames + 1 : 0
      if (badFrames >= settings.maxBadFrames) finish(`${badFrames} unreadable messages in a row`)
      const bytes = await reply
      if (bytes !== null) send(bytes, tpdu)
    } catch (error) {
      // The outcome is not known, or our own code failed before the engine was asked: nothing is answered.
      parts.watch.unanswered(trace, error)
    } finally {
      inFlight--
      rest()
    }
  }

  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    if (ended !== null || finishing !== null) return
    const now = performance.now()
    const before = frames
    const fault = deframer.push(chunk, (body, tpdu) => void take(body, tpdu))
    // What came before can be trusted, and is answered.
    if (fault !== null) return finish(fault.text)
    // Where this chunk ended a frame, the one that is pending now began in it.
    const began = frames === before ? (frameBegan ?? now) : now
    frameBegan = deframer.pending() ? began : null
    // Frames of length zero prove nothing: a line that has nothing else to say is closed like a silent one.
    if (frames > before || frameBegan !== null) lastHeard = now
    rest()
  })
  socket.on('drain', rest)
  socket.on('end', () => finish('closed by the other side'))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => {
    end('closed by the other side')
    onClose()
  })

  return {
    name,
    tick(now) {
      if (ended !== null) {
        if (now - ended > LINGER_MS) socket.destroy()
        return
      }
      const isLate = frameBegan !== null && now - frameBegan > settings.frameTimeout
      if (isLate && !socket.isPaused()) finish('a frame did not end in time')
      else if (inFlight === 0 && now - lastHeard > settings.idleTimeout) end('idle')
    },
    finish: () => finish('shut down'),
  }
}

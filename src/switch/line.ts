/**
 * One connection of terminals: reads frames, has them answered, writes the answers, and closes on time-outs and bad
 * frames.
 */

import type { Socket } from 'node:net'
import { createDeframer, type FrameSettings } from '../iso8583/frame.ts'
import type { Profile } from '../iso8583/profile.ts'
import { createFrameClock, type FrameTimes } from './frame-clock.ts'
import { handleFrame, type SwitchParts } from './handle.ts'
import type { Origin } from './origin.ts'
import { createOutbox } from './outbox.ts'
import type { Peer } from './peer.ts'
import { createSignedOn } from './signed-on.ts'
import { createStanding } from './standing.ts'

export type LineSettings = FrameTimes & {
  readonly name: string
  readonly profile: Profile
  readonly frame: FrameSettings
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

// ms that a line that is ended has to take its last answers; one that never reads would stay open for ever.
const LINGER_MS = 5_000

/** The owner of a line, which is notified of its events. */
export type LineOwner = {
  readonly watch: LineWatch
  /** Called when the line has carried a request of an active terminal. */
  readonly proven: () => void
  readonly closed: () => void
}

/** Talks on one socket: frames in, answers out in whatever order they are ready. */
export function openLine(
  socket: Socket,
  name: string,
  peer: Peer,
  settings: LineSettings,
  parts: SwitchParts,
  owner: LineOwner,
): Line {
  const deframer = createDeframer(settings.frame)
  const clock = createFrameClock(settings, performance.now())
  /** Why nothing more is taken: the line closes once everything is answered. */
  let finishing: string | null = null
  /** When the line was ended, `performance.now()`. */
  let ended: number | null = null

  /** No further data is accepted; requests accepted before are answered. */
  const finish = (why: string): void => {
    finishing ??= why
    clock.clear()
    rest()
  }
  const end = (why: string): void => {
    if (ended !== null) return
    ended = performance.now()
    owner.watch.closed(name, peer, why)
    socket.destroySoon()
  }

  /** Reads on while there is room; a line that is finishing ends when nothing is left to do. */
  const rest = (): void => {
    if (ended !== null) return
    if (finishing !== null) {
      if (requests.inWork() === 0 && outbox.isEmpty()) return end(finishing)
      // Further data is read and dropped: closing with unread bytes sends a reset, which discards the answers in
      // transit.
      socket.resume()
    } else if (requests.inWork() >= settings.maxInFlight || outbox.isFull()) {
      socket.pause()
    } else if (socket.isPaused()) {
      clock.restart(performance.now())
      socket.resume()
    }
  }
  const outbox = createOutbox(socket, settings.frame, {
    hasEnded: () => ended !== null,
    notRead: () => end('answers are not read'),
    written: rest,
  })
  const origin = originOf(settings, name, peer, createStanding(owner.proven, finish))
  const requests = createRequests(settings, parts, origin, {
    taken: owner.watch.frame,
    answered: outbox.send,
    tooManyUnreadable: (number) => finish(`${number} unreadable messages in a row`),
    settled: rest,
  })

  const receive = (chunk: Buffer): void => {
    if (ended !== null || finishing !== null) return
    const now = performance.now()
    const before = requests.taken() + deframer.keepAlives()
    const fault = deframer.push(chunk, (body, tpdu) => {
      if (finishing === null) void requests.take(body, tpdu)
    })
    // Messages before the fault are valid, and are answered.
    if (fault !== null) return finish(fault.text)
    clock.heard(now, requests.taken() + deframer.keepAlives() > before, deframer.pending())
    rest()
  }
  listenTo(socket, { receive, rest, finish, end, closed: owner.closed })

  return {
    name,
    tick(now) {
      if (ended !== null) {
        if (now - ended > LINGER_MS) socket.destroy()
      } else if (clock.isLate(now) && !socket.isPaused()) finish('a frame did not end in time')
      else if (requests.inWork() === 0 && clock.isIdle(now)) end('idle')
    },
    finish: () => finish('shut down'),
  }
}

type RequestEvents = {
  readonly taken: () => void
  readonly answered: (body: Buffer, tpdu: Buffer | null) => void
  readonly tooManyUnreadable: (number: number) => void
  /** Called when a request of this line is finished. */
  readonly settled: () => void
}

/** The requests of one line: each gets an id, is worked on beside the others, and answered when it is decided. */
function createRequests(settings: LineSettings, parts: SwitchParts, origin: Origin, events: RequestEvents) {
  let taken = 0
  let inWork = 0
  let unreadableInARow = 0
  return {
    async take(body: Buffer, tpdu: Buffer | null): Promise<void> {
      const trace = `${origin.line}-${++taken}`
      inWork++
      events.taken()
      try {
        const { unreadable, reply } = handleFrame(parts, settings.profile, body, origin, trace)
        unreadableInARow = unreadable ? unreadableInARow + 1 : 0
        if (unreadableInARow >= settings.maxBadFrames) events.tooManyUnreadable(unreadableInARow)
        const bytes = await reply
        if (bytes !== null) events.answered(bytes, tpdu)
      } catch (error) {
        // The outcome is not known, or our own code failed before the engine was asked: nothing is answered.
        parts.watch.unanswered(trace, error)
      } finally {
        inWork--
        events.settled()
      }
    },
    taken: () => taken,
    inWork: () => inWork,
  }
}

const originOf = (settings: LineSettings, line: string, peer: Peer, standing: Origin['standing']): Origin => ({
  line,
  peer,
  isMutual: settings.isMutual,
  wantsSignOn: settings.signOn,
  wantsMac: settings.requireMac,
  signedOn: createSignedOn(),
  standing,
})

type SocketEvents = {
  readonly receive: (chunk: Buffer) => void
  /** Called when the socket has room for answers again. */
  readonly rest: () => void
  readonly finish: (why: string) => void
  readonly end: (why: string) => void
  readonly closed: () => void
}

function listenTo(socket: Socket, { receive, rest, finish, end, closed }: SocketEvents): void {
  socket.setNoDelay(true)
  socket.on('data', receive)
  socket.on('drain', rest)
  socket.on('end', () => finish('closed by the other side'))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => {
    end('closed by the other side')
    closed()
  })
}

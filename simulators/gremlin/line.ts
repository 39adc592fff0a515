/** Carries the bytes of one disturbed connection. */

import { connect, type Socket } from 'node:net'
import type { Address } from '../terminal/address.ts'
import { acts } from './acts.ts'
import type { Direction, GremlinRule } from './faults.ts'
import { type Lane, laneTo } from './lane.ts'
import type { Random } from '../random.ts'
import { reset } from '../reset.ts'

export type LineParts = {
  readonly target: Address
  /** Bytes of a frame's length. */
  readonly prefix: number
  /** A cutter for each direction of a line. */
  readonly cutter: () => (chunk: Buffer) => Buffer[]
  /** The rule for a frame in this direction. */
  readonly ruleFor: (frame: Buffer, direction: Direction) => GremlinRule
  readonly random: Random
}

/** The parts that both directions of a line share. */
type Both = { readonly cut: () => void; readonly reset: () => void; readonly isOpen: () => boolean }

/** Reads one side and applies the rules to each frame. */
function carry(from: Socket, lane: Lane, direction: Direction, parts: LineParts, both: Both): void {
  const cut = parts.cutter()
  let kept: Buffer | null = null
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, what: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      what()
    }, ms)
    timers.add(timer)
  }
  const giveBack = (frame: Buffer) => {
    if (kept !== frame) return
    kept = null
    lane.pass(frame, 0)
  }
  const deal = (frame: Buffer) => {
    if (!both.isOpen()) return
    const before = kept
    const rule = parts.ruleFor(frame, direction)
    const keep = (ms: number) => {
      if (kept !== null) return false
      kept = frame
      later(ms, () => giveBack(frame))
      return true
    }
    acts[rule.fault]({ rule, frame, lane, later, keep, ...both, prefix: parts.prefix, random: parts.random })
    if (before !== null) giveBack(before)
  }
  from.on('data', (chunk: Buffer) => cut(chunk).forEach(deal))
  from.on('end', lane.end)
  from.on('close', () => {
    lane.stop()
    for (const timer of timers) clearTimeout(timer)
  })
}

/** Connects an accepted connection to the target. */
export function carryLine(client: Socket, parts: LineParts): void {
  const server = connect({ ...parts.target, noDelay: true, allowHalfOpen: true })
  let open = true
  const finish = (end: (socket: Socket) => void) => {
    if (!open) return
    open = false
    end(client)
    end(server)
  }
  const both: Both = {
    isOpen: () => open,
    cut: () => finish((socket) => socket.destroySoon()),
    reset: () => finish(reset),
  }
  const room = (source: Socket) => (has: boolean) => {
    if (has && source.isPaused()) source.resume()
    else if (!has) source.pause()
  }
  carry(client, laneTo(server, room(client)), 'server', parts, both)
  carry(server, laneTo(client, room(server)), 'client', parts, both)
  // A broken side is reported to the other one at once, unlike an ended one.
  for (const socket of [client, server]) socket.on('error', both.reset).on('close', both.cut)
}

import type { Random } from '../random.ts'
import type { GremlinFault, GremlinRule } from './faults.ts'
import type { Lane } from './lane.ts'

/** One frame that the gremlin has received, and what can be done with it. */
export type Catch = {
  readonly rule: GremlinRule
  /** The whole frame, with its length. */
  readonly frame: Buffer
  /** Bytes of its length. */
  readonly prefix: number
  readonly lane: Lane
  readonly random: Random
  /** Closes both sides after earlier data have been sent. */
  readonly cut: () => void
  readonly reset: () => void
  /** Calls `what` after `ms`, if the line is still open. */
  readonly later: (ms: number, what: () => void) => void
  /** Keeps the frame until the next one of its direction has gone, `ms` at most. False where one is kept already. */
  readonly keep: (ms: number) => boolean
}

function withBitsTurned(frame: Buffer, from: number, bits: number, random: Random): Buffer {
  const bytes = Buffer.from(frame)
  if (bytes.length <= from) return bytes
  for (let i = 0; i < bits; i++) {
    const at = from + random.below(bytes.length - from)
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at)
  }
  return bytes
}

/** The frame with its length, binary or digits, raised by `by`; the largest length is followed by 0. */
function withLongerLength(frame: Buffer, prefix: number, by: number): Buffer {
  const bytes = Buffer.from(frame)
  if (prefix === 2) bytes.writeUInt16BE((bytes.readUInt16BE(0) + by) % 0x10000, 0)
  if (prefix === 4) {
    const length = (Number(bytes.toString('latin1', 0, 4)) + by) % 10_000
    bytes.write(String(length).padStart(4, '0'), 0, 'latin1')
  }
  return bytes
}

export const acts = {
  pass: ({ lane, frame }) => lane.pass(frame, 0),
  delay: ({ lane, frame, rule }) => lane.pass(frame, rule.ms),
  hold: ({ lane, frame, rule, later }) => later(rule.ms, () => lane.overtake(frame)),
  swap: ({ lane, frame, rule, keep }) => {
    if (!keep(rule.ms)) lane.pass(frame, 0)
  },
  double: ({ lane, frame, rule }) => {
    for (let i = 0; i < rule.times; i++) lane.pass(frame, i * rule.ms)
  },
  lose: () => undefined,
  cut: ({ cut }) => cut(),
  reset: ({ reset }) => reset(),
  halve: ({ lane, frame, cut }) => {
    lane.pass(frame.subarray(0, frame.length >> 1), 0)
    cut()
  },
  corrupt: ({ lane, frame, prefix, rule, random }) => lane.pass(withBitsTurned(frame, prefix, rule.bits, random), 0),
  lie: ({ lane, frame, prefix, rule }) => lane.pass(withLongerLength(frame, prefix, rule.by), 0),
  split: ({ lane, frame, rule }) => {
    for (let at = 0; at < frame.length; at += rule.bytes)
      lane.pass(frame.subarray(at, at + rule.bytes), (at / rule.bytes) * rule.ms)
  },
  stall: ({ lane }) => lane.stall(),
} satisfies Record<GremlinFault, (caught: Catch) => void>

import { encodeFrame, type FrameSettings } from '../../src/iso8583/frame.ts'
import { packCarried } from './carried.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import type { Random } from '../random.ts'
import { baseOf, type Base, type Cast, drawsOf } from './base.ts'
import { byteChanges, type ByteChange, changedBytes, rawBytes } from './bytes.ts'
import { messageChanges, type MessageChange, sealed } from './messages.ts'

/** A line to the switch under test. */
export type FuzzLine = { readonly profile: Profile; readonly frame: FrameSettings; readonly others: readonly Profile[] }

/** The bytes of frame `number`, and the mutation. */
export type Drawn = { readonly number: number; readonly what: string; readonly bytes: Buffer }

type Change = (message: Buffer, base: Base, line: FuzzLine, random: Random) => Buffer

const TPDU = Buffer.from('6000010002', 'hex')

/** A message with its length, and a TPDU if the line has one. A message too long for the length is cut. */
function framed({ frame }: FuzzLine, body: Buffer): Buffer {
  const tpdu = frame.tpdu === 'none' ? null : TPDU
  const most = frame.length === 'ascii4' ? 9_999 : 0xffff
  return encodeFrame(frame, body.subarray(0, most - 7), tpdu)
}

const prefixOf = ({ frame }: FuzzLine): number => (frame.length === 'ascii4' ? 4 : 2)

function withLength(line: FuzzLine, bytes: Buffer, change: (length: number) => number): Buffer {
  const lied = Buffer.from(bytes)
  if (line.frame.length !== 'ascii4') {
    lied.writeUInt16BE(change(lied.readUInt16BE(0)) & 0xffff, 0)
    return lied
  }
  const length = Math.max(0, change(Number(lied.toString('latin1', 0, 4)))) % 10_000
  lied.write(String(length).padStart(4, '0'), 0, 'latin1')
  return lied
}

/** Mutations of a frame, or replacements for one. */
const frameChanges = {
  'frame length lies': (message, _, line, random) => {
    const by = random.pick([1, -1, 5, -5, 300, 5_000, -message.length])
    return withLength(line, framed(line, message), (length) => length + by)
  },
  'frame length is nonsense': (message, _, line, random) => {
    const bytes = framed(line, message)
    const nonsense = random.pick(['-001', 'GET ', '00\0\0', '\xff\xff\xff\xff', '9999', '\0\x01'])
    bytes.write(nonsense.slice(0, prefixOf(line)), 0, 'latin1')
    return bytes
  },
  'TPDU of another kind': (message, _, line, random) => {
    const bytes = framed(line, message)
    if (line.frame.tpdu === 5) bytes.writeUInt8(random.below(256), prefixOf(line))
    return bytes
  },
  'no TPDU, or one too many': (message, _, line) => {
    const body = line.frame.tpdu === 5 ? message : Buffer.concat([TPDU, message])
    return encodeFrame({ ...line.frame, tpdu: 'none' }, body, null)
  },
  'keep-alives': (message, _, line, random) => {
    const nothing = encodeFrame({ ...line.frame, tpdu: 'none' }, Buffer.alloc(0), null)
    return Buffer.concat([...Array.from({ length: 1 + random.below(5) }, () => nothing), framed(line, message)])
  },
  'sent again and again': (message, _, line, random) =>
    Buffer.concat(Array.from({ length: 2 + random.below(4) }, () => framed(line, message))),
  'in the dialect of another line': (_, { message }, line, random) =>
    framed(line, packCarried(random.pick(line.others), message)),
  'raw bytes': (_, __, line, random) => framed(line, rawBytes(random)),
  'ten that cannot be read': (_, __, line, random) =>
    Buffer.concat(Array.from({ length: 10 }, () => framed(line, Buffer.from([0xee, random.below(256)])))),
  'raw bytes without a length': (_, __, ___, random) => rawBytes(random),
} as const satisfies Record<string, Change>

type FrameChange = keyof typeof frameChanges

/** How often each kind of change is drawn; the rest, one in eight, is done to frames. */
const KINDS = { message: 25, mac: 5, bytes: 58 } as const
const messageNames = Object.keys(messageChanges) as MessageChange[]
const byteNames = Object.keys(byteChanges) as ByteChange[]
const frameNames = Object.keys(frameChanges) as FrameChange[]

/** Frame `number` of a run: always the same for the same seed, line and demo files. */
export function drawFrame(line: FuzzLine, seed: number, number: number, cast: Cast): Drawn {
  const random = drawsOf(seed, number)
  const base = baseOf(random, seed, number, cast)
  const drawn = random.below(100)
  if (drawn < KINDS.message) {
    const what = random.pick(messageNames)
    const message = messageChanges[what](base.message, random, line.profile)
    return { number, what, bytes: framed(line, sealed(line.profile, { ...base, message }, true)) }
  }
  const right = sealed(line.profile, base, true)
  if (drawn < KINDS.message + KINDS.mac) {
    const wrong = random.chance(50) ? sealed(line.profile, base, false) : packCarried(line.profile, base.message)
    return { number, what: 'MAC wrong or missing', bytes: framed(line, wrong) }
  }
  if (drawn < KINDS.message + KINDS.mac + KINDS.bytes) {
    const what = random.pick(byteNames)
    return { number, what, bytes: framed(line, changedBytes(what, line.profile, right, random)) }
  }
  const what = random.pick(frameNames)
  return { number, what, bytes: frameChanges[what](right, base, line, random) }
}

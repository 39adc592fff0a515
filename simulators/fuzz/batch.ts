import type { Message } from '../../src/iso8583/message.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Random } from '../random.ts'
import type { Drawn, FuzzLine } from './frames.ts'
import { judge, type Verdict, type Expected } from './oracle.ts'
import { count, type Statistics } from './statistics.ts'
import type { Came, WireLine } from './wire-line.ts'

/** A frame and the expected reaction. */
export type Judged = Drawn & { readonly verdict: Verdict }

/** A fault, and the frames that may have caused it. */
export type Trouble = { readonly what: string; readonly frames: readonly Judged[] }

/** Less than `maxBadFrames`: the echo at the end of a batch, which is answered at once, begins the count anew. */
export const MOST_UNREADABLE = 9
/** A frame after which the line can go on. */
export const leavesLine = ({ verdict: { closes, pending, unreadable } }: Judged): boolean =>
  closes === null && !pending && unreadable <= MOST_UNREADABLE

/** Why a line has to end; null: it does not. */
function endOf({ closes, unreadable, wanted }: Verdict): string | null {
  if (closes !== null) return closes.text
  return unreadable > MOST_UNREADABLE && wanted.length === 0 ? `${unreadable} unreadable messages in a row` : null
}

const TPDU = Buffer.from('6000010002', 'hex')

/** An echo that a terminal in good order sends: when its answer is here, all before it has been looked at. */
function echoFrame({ profile, frame }: FuzzLine, number: number): Buffer {
  const trace = String(number % 1_000_000).padStart(6, '0')
  const message: Message = { mti: '0800', fields: { 7: '0101000000', 11: trace, 41: 'DEMO0001', 70: '301' } }
  return encodeFrame(frame, pack(profile, message), frame.tpdu === 'none' ? null : TPDU)
}

/** Bytes that go in small pieces: more of them would only cost time. */
const IN_PIECES = 300

/** The bytes in one piece or, now and then, the first of them in many. */
async function send(line: WireLine, bytes: Buffer, random: Random): Promise<void> {
  const pieces = random.chance(10) ? Math.min(IN_PIECES, bytes.length) : 0
  const most = random.pick([4, 30, 250])
  let at = 0
  while (at < pieces) {
    const size = 1 + random.below(most)
    line.write(bytes.subarray(at, at + size))
    at += size
    if (random.chance(20)) await new Promise((resolve) => setImmediate(resolve))
  }
  if (at < bytes.length) line.write(bytes.subarray(at))
}

type Outcome = { readonly missing: readonly Expected[]; readonly strange: readonly Came[] }

/** Compares answers with expectations, in any order. A malformed message is answered 30. */
function compare(wanted: readonly Expected[], came: readonly Came[]): Outcome {
  const open = [...wanted]
  const strange = came.filter(({ signature, code }) => {
    const at = open.findIndex((one) => one.signature === signature && (!one.malformed || code === '30'))
    if (at >= 0) open.splice(at, 1)
    return at < 0
  })
  return { missing: open, strange }
}

async function until(line: WireLine, ms: number, done: () => boolean): Promise<void> {
  const since = performance.now()
  for (let left = ms; !done() && left > 0; left = ms - (performance.now() - since)) await line.next(left)
}

/** The only silence that is allowed: an address gets a limited number of refusals a minute (docs/spec/terminal.md, section 7). */
const HINT = ' (the switch has to be started with AKART_PER_ADDRESS_REFUSALS_PER_MINUTE=1000000)'

const described = ({ signature, code, reason }: Came): string => `${signature} with ${code} ${reason}`.trim()

export type Sending = {
  readonly random: Random
  readonly statistics: Statistics
  /** How long the switch may take to answer, and to end a line. */
  readonly patienceMs: number
}

/** Frames that can be followed by others, with an echo behind them. Null: everything came as it has to. */
export async function sendTogether(
  line: WireLine,
  fuzzed: FuzzLine,
  frames: readonly Judged[],
  { random, statistics, patienceMs }: Sending,
): Promise<Trouble | null> {
  const echo = echoFrame(fuzzed, frames[0]?.number ?? 0)
  const wanted = [...frames.flatMap(({ verdict }) => verdict.wanted), ...judge(fuzzed, echo).wanted]
  line.forget()
  await send(line, Buffer.concat([...frames.map(({ bytes }) => bytes), echo]), random)
  await until(
    line,
    patienceMs,
    () => !line.isOpen() || line.nonsense() !== null || line.taken().length >= wanted.length,
  )
  const came = line.taken()
  for (const { code } of came) count(statistics.codes, code)
  statistics.silent += frames.reduce((sum, { verdict }) => sum + verdict.unreadable, 0)
  const { missing, strange } = compare(wanted, came)
  const nonsense = line.nonsense()
  const blame = (what: string): Trouble => ({
    what,
    frames: frames.filter(({ verdict }) => verdict.wanted.some((one) => missing.includes(one))),
  })
  if (nonsense !== null) return { what: nonsense, frames }
  if (strange[0] !== undefined) return { what: `an answer that nobody waits for: ${described(strange[0])}`, frames }
  if (!line.isOpen()) return { ...blame('the line was ended'), frames }
  if (missing.length > 0) return blame(`no answer in ${patienceMs / 1_000} s${HINT}`)
  return null
}

/** A frame that spoils its line: the switch must end the line, or wait for the rest without an answer. */
export async function sendAlone(
  line: WireLine,
  frame: Judged,
  { statistics, patienceMs }: Sending,
): Promise<Trouble | null> {
  line.forget()
  line.write(frame.bytes)
  const { pending, wanted, unreadable } = frame.verdict
  const end = endOf(frame.verdict)
  const blame = (what: string): Trouble => ({ what, frames: [frame] })
  statistics.silent += unreadable
  if (end !== null) {
    await until(line, patienceMs, () => !line.isOpen())
    statistics.closed++
    if (line.isOpen()) return blame(`the line was not ended within ${patienceMs / 1_000} s: ${end}`)
  } else if (pending) {
    await until(line, patienceMs, () => !line.isOpen() || line.taken().length >= wanted.length)
    statistics.pending++
    if (!line.isOpen()) return blame('the line was ended in the middle of a frame')
    if (line.taken().length < wanted.length) return blame('no answer to what was whole')
  }
  for (const { code } of line.taken()) count(statistics.codes, code)
  const [strange] = compare(wanted, line.taken()).strange
  return strange === undefined ? null : blame(`an answer that nobody waits for: ${described(strange)}`)
}

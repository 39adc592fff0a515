import type { Fields, Message } from '../../src/iso8583/message.ts'
import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { type Random, seeded } from '../random.ts'
import { cardFieldsOf, DEFAULT_CURRENCY } from '../terminal/message.ts'
import { type Entry, entryNames, type OperationName, operations } from '../terminal/operations.ts'

/** The cards and terminals of fuzzed frames, which the good terminal beside them does not use. */
export type Cast = { readonly cards: readonly DemoCard[]; readonly terminals: readonly DemoTerminal[] }

/** A readable request and the terminal whose MAC belongs to it. */
export type Base = { readonly message: Message; readonly terminal: DemoTerminal }

/** The random draws of frame `number` of a run: they do not depend on earlier frames, so that one frame can be sent again. */
export const drawsOf = (seed: number, number: number): Random => seeded(Math.imul(seed, 0x9e3779b1) ^ (number + 1))

const two = (value: number): string => String(value).padStart(2, '0')
const SIX_DIGITS = 1_000_000

type Stamp = { readonly terminal: DemoTerminal; readonly trace: string; readonly sent: string }

/** The first draws of a frame: its sender and its numbers. Any second of the year may be drawn. */
function stampFrom(random: Random, { terminals }: Cast): Stamp {
  const terminal = random.pick(terminals)
  const trace = String(random.below(SIX_DIGITS)).padStart(6, '0')
  const day = two(1 + random.below(12)) + two(1 + random.below(28))
  const sent = day + two(random.below(24)) + two(random.below(60)) + two(random.below(60))
  return { terminal, trace, sent }
}

/** How far back a confirmation, cancellation or reversal looks for its original. */
const LOOKS_BACK = 40
const AMOUNTS = [1, 100, 1_000, 2_500, 15_000, 999_999] as const
const FLAGS = ['P', ' N', 'PN'] as const
const CONDITIONS = ['00', '20', '41', '43'] as const

/** `duplicate` uses up cards, so it is left out; end of day and follow-ups are made elsewhere. */
const asked = (Object.keys(operations) as OperationName[]).filter(
  (name) => name !== 'duplicate' && name !== 'end-of-day' && name !== 'new-key',
)

const TOTALS = [74, 75, 76, 77, 86, 87, 88, 89] as const

function operationFields(random: Random, { cards }: Cast): { mti: string; fields: Fields } {
  const { mti, code, amount, card, network } = operations[random.pick(asked)]
  const entry: Entry = random.pick(entryNames)
  return {
    mti,
    fields: {
      ...(code !== null && { 3: code }),
      ...(amount !== 'none' && { 4: String(random.pick(AMOUNTS)).padStart(12, '0') }),
      ...(card && { ...cardFieldsOf(random.pick(cards), entry), 49: DEFAULT_CURRENCY }),
      ...(code?.startsWith('73') === true && { 25: random.pick(CONDITIONS) }),
      ...(random.chance(15) && { 48: random.pick(FLAGS) }),
      ...(random.chance(10) && { 59: 'anything'.repeat(1 + random.below(20)) }),
      ...(network !== null && { 70: network }),
    },
  }
}

function followUpFields(random: Random, seed: number, number: number, cast: Cast): { mti: string; fields: Fields } {
  const { trace, sent } = stampFrom(drawsOf(seed, Math.max(0, number - 1 - random.below(LOOKS_BACK))), cast)
  const mti = random.pick(['0202', '0400', '0420'] as const)
  return { mti, fields: { 3: '006000', 90: `${random.pick(['0200', '0400'])}${trace}${sent}${'0'.repeat(22)}` } }
}

function dayEndFields(random: Random): { mti: string; fields: Fields } {
  if (random.chance(50)) return { mti: '0520', fields: {} }
  const fields: Fields = { 97: `${random.pick(['C', 'D'])}${'0'.repeat(16)}` }
  for (const de of TOTALS) fields[de] = String(random.below(100)).padStart(de < 80 ? 10 : 16, '0')
  return { mti: '0500', fields }
}

/** Frame `number` before anything is done to it: a request that a terminal of the demo set could send. */
export function baseOf(random: Random, seed: number, number: number, cast: Cast): Base {
  const { terminal, trace, sent } = stampFrom(random, cast)
  const stamp: Fields = {
    7: sent,
    11: trace,
    12: sent.slice(4),
    13: sent.slice(0, 4),
    41: terminal.terminal.padEnd(8),
    42: terminal.store.padEnd(15),
  }
  const kind = random.below(100)
  const { mti, fields } =
    kind < 70
      ? operationFields(random, cast)
      : kind < 95
        ? followUpFields(random, seed, number, cast)
        : dayEndFields(random)
  const repeat = random.chance(10) ? mti.slice(0, 3) + String(Number(mti[3]) + 1) : mti
  return { message: { mti: repeat, fields: { ...stamp, ...fields } }, terminal }
}

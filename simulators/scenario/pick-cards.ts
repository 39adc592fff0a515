import type { CardState, DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { readBalances } from '../terminal/describe.ts'
import type { Fields } from '../terminal/fields.ts'
import { matchKey } from '../terminal/line.ts'
import { requestFor } from '../terminal/message.ts'
import { packWithMac } from '../terminal/seal.ts'
import type { Stamp } from '../terminal/stamp.ts'
import type { Wire } from '../terminal/wire.ts'
import type { Lines } from './lines.ts'
import type { CardInput } from './scenario.ts'

const NOT_ACTIVE = '78'

const isUnsold = (fields: Fields) => fields[39] === NOT_ACTIVE
function hasBalance(fields: Fields, card: DemoCard): boolean {
  const balances = readBalances(fields[54] ?? '')
  const is = (type: string) => balances.some((one) => one.type === type && one.minor === card.balance)
  return fields[39] === '00' && is('01') && is('02')
}

/** The balance inquiry's answer for a card that is unused since the database was seeded. */
const agrees = {
  sellable: isUnsold,
  inactive: isUnsold,
  // DE63 would say that it is blocked, or has expired since.
  sold: (fields, card) => fields[63] === undefined && hasBalance(fields, card),
  blocked: hasBalance,
  expired: hasBalance,
} satisfies Record<CardState, (fields: Fields, card: DemoCard) => boolean>

export type Picking = {
  lines: Lines
  wire: Wire
  currency: string
  terminal: DemoTerminal
  stamp: (terminal: string) => Stamp
  timeoutMs: number
}
/** `lacking`: no such card is left; otherwise the switch did not answer whether one is unused. */
export type Picked = { ok: true; card: DemoCard; tried: number } | { ok: false; lacking: boolean; reason: string }

async function inquire(
  card: DemoCard,
  { lines, wire, currency, terminal, stamp, timeoutMs }: Picking,
): Promise<Fields | string> {
  const ask = {
    operation: 'balance',
    card,
    entry: 'swipe',
    amount: null,
    currency,
    flags: null,
  } as const
  const message = requestFor(ask, terminal, stamp(terminal.terminal))
  const packed = packWithMac(wire, message, 'single', terminal)
  if (!packed.ok) return packed.reason
  const opened = await lines.get(terminal.terminal)
  if (!opened.ok) return opened.reason
  const reply = await opened.line.ask(packed.bytes, matchKey(message.fields), timeoutMs)
  if (reply.kind !== 'answer') {
    const what = `balance inquiry: ${reply.kind} after ${Math.round(reply.ms)} ms`
    return [what, ...lines.why(opened.line, packed.bytes, reply)].join('. ')
  }
  const read = wire.read(reply.bytes)
  return read.ok ? read.message.fields : `balance inquiry: ${read.reason}`
}

/**
 * The first demo card of the issue and state that this run has not used and whose balance inquiry agrees with the file:
 * earlier runs may have sold it or spent from it. The inquiries change nothing.
 */
export async function pickCard(
  input: CardInput,
  cards: readonly DemoCard[],
  used: Set<DemoCard>,
  picking: Picking,
): Promise<Picked> {
  const candidates = cards.filter((card) => card.issue === input.issue && card.state === input.state && !used.has(card))
  let tried = 0
  for (const card of candidates) {
    // Scenarios that are played beside this one take cards too; it is taken before it is asked for.
    if (used.has(card)) continue
    used.add(card)
    tried++
    const fields = await inquire(card, picking)
    if (typeof fields === 'string') return { ok: false, lacking: false, reason: fields }
    if (!agrees[input.state](fields, card)) continue
    return { ok: true, card, tried }
  }
  const none = `no unused card of ${input.issue} that is ${input.state} among ${candidates.length} of the demo set`
  return { ok: false, lacking: true, reason: `${none}; a fresh --home has new ones` }
}

import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal, KeyTerminal } from '../demo/terminals.ts'
import { parseAmount, toAmountField } from '../terminal/amount.ts'
import type { Fields } from '../terminal/fields.ts'
import { keyIn } from '../terminal/key-block.ts'
import { cardFieldsOf, followUpOf, type Message, repeatOf, requestFor, stampFields } from '../terminal/message.ts'
import { macField, packWithMac } from '../terminal/seal.ts'
import type { Stamp } from '../terminal/stamp.ts'
import type { Wire } from '../terminal/wire.ts'
import { WIDTHS } from '../terminal/widths.ts'
import type { Exchange, Memory } from './exchange.ts'
import type { TalkStep, Value } from './scenario.ts'

export type Cast = {
  /** Terminals by the names that the scenario gives them. */
  aliases: ReadonlyMap<string, DemoTerminal>
  wire: Wire
  /** DE49 where a step names none. */
  currency: string
  cards: ReadonlyMap<string, DemoCard>
  terminals: readonly DemoTerminal[]
  /** Terminals that may ask for keys. */
  keyTerminals: readonly KeyTerminal[]
  memory: Memory
  stamp: (terminal: string) => Stamp
}

export type Built =
  | { ok: true; exchange: Exchange; bytes: Buffer; before: Exchange | null }
  | { ok: false; reason: string }

const fail = (reason: string): { ok: false; reason: string } => ({ ok: false, reason })

function valueOf(value: Value, de: number, memory: Memory): string | null {
  if (value.kind === 'field') {
    const exchange = memory.get(value.of)
    const message = value.side === 'request' ? exchange?.request : exchange?.answer?.message
    return message?.fields[value.de] ?? null
  }
  const minor = de === 4 && value.text.includes('.') ? parseAmount(value.text) : null
  return minor === null ? value.text.padEnd(WIDTHS[de] ?? 0) : toAmountField(minor)
}

/** The terminal of a step, by its own name or that of the scenario: its own, else that of the request it refers to, else the first of the demo set. */
export function terminalOf(
  name: string | null,
  before: Exchange | null,
  terminals: readonly DemoTerminal[],
  aliases: ReadonlyMap<string, DemoTerminal>,
): DemoTerminal | string {
  if (name === null) return before?.terminal ?? terminals[0] ?? 'terminals.csv has no terminals'
  return (
    aliases.get(name) ?? terminals.find(({ terminal }) => terminal === name) ?? `no terminal ${name} in terminals.csv`
  )
}

/** The terminal with the MAC key that an earlier key exchange of its brought. */
function withKeyOf(under: string, terminal: DemoTerminal, { keyTerminals, memory }: Cast): DemoTerminal | string {
  const kbpk = keyTerminals.find((one) => one.terminal === terminal.terminal)?.kbpk ?? ''
  if (kbpk === '') return `terminal ${terminal.terminal} has no kbpk in terminal-keys.csv`
  const block = memory.get(under)?.answer?.message.fields[48]
  if (block === undefined) return `the step '${under}' brought no key block`
  const found = keyIn(block, kbpk)
  return found.ok ? { ...terminal, key: found.key } : found.reason
}

function draftOf(step: TalkStep, terminal: DemoTerminal, before: Exchange | null, cast: Cast): Message | string {
  const { origin, amount, entry, flags } = step
  const currency = step.currency ?? cast.currency
  const card = step.card === null ? null : (cast.cards.get(step.card) ?? null)
  if (origin.kind === 'message') {
    const fields = stampFields(terminal, cast.stamp(terminal.terminal))
    return { mti: step.mti ?? '', fields: { ...fields, ...(card !== null && cardFieldsOf(card, entry)) } }
  }
  if (origin.kind === 'send') {
    const stamp = cast.stamp(terminal.terminal)
    return requestFor({ operation: origin.operation, card, entry, amount, currency, flags }, terminal, stamp)
  }
  if (!before) return `the step '${origin.of}' was not sent`
  if (origin.kind === 'repeat') return repeatOf(before.request, origin.plain)
  const draft = followUpOf(origin.how, before.request, terminal, cast.stamp(terminal.terminal))
  if (amount !== null) draft.fields[4] = toAmountField(amount)
  if (card !== null) Object.assign(draft.fields, cardFieldsOf(card, entry))
  return draft
}

function sealed(step: TalkStep, request: Message, terminal: DemoTerminal, wire: Wire) {
  if (step.mac === 'left out') return { ...wire.write(request, step.bitmap), message: request }
  const packed = packWithMac(wire, request, step.bitmap, terminal)
  if (!packed.ok || step.mac === 'right' || terminal.mac === 'none') return packed
  const de = macField(request, step.bitmap)
  const right = packed.message.fields[de] ?? ''
  const wrong = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`
  const message = { mti: request.mti, fields: { ...packed.message.fields, [de]: wrong } }
  return { ...wire.write(message, step.bitmap), message }
}

/** The bytes of a step's message, with the scenario's overrides in it and the terminal's MAC over it. */
export function buildTalk(step: TalkStep, cast: Cast): Built {
  const before = !('of' in step.origin) ? null : (cast.memory.get(step.origin.of) ?? null)
  const named = terminalOf(step.terminal, before, [...cast.terminals, ...cast.keyTerminals], cast.aliases)
  if (typeof named === 'string') return fail(named)
  const terminal = step.under === null ? named : withKeyOf(step.under, named, cast)
  if (typeof terminal === 'string') return fail(terminal)
  const draft = draftOf(step, terminal, before, cast)
  if (typeof draft === 'string') return fail(draft)
  const fields: Fields = { ...draft.fields }
  const onto = step.onto === null ? undefined : cast.cards.get(step.onto)
  if (onto) fields[103] = onto.number
  for (const { de, value } of step.fields) {
    const found = valueOf(value, de, cast.memory)
    if (found === null) return fail(`field ${de}: the step it refers to has no such field`)
    fields[de] = found
  }
  for (const de of step.remove) delete fields[de]
  const request: Message = { mti: step.mti ?? draft.mti, fields }
  const packed = sealed(step, request, terminal, cast.wire)
  if (!packed.ok) return fail(packed.reason)
  return { ok: true, exchange: { terminal, request, sent: packed.message, answer: null }, bytes: packed.bytes, before }
}

import { toAmountField } from '../terminal/amount.ts'
import type { Fields } from '../terminal/fields.ts'
import { DEFAULT_CURRENCY } from '../terminal/message.ts'
import { type Book, type BookCard, bring, cardOf, type Entry } from './book.ts'
import type { HostCardState } from './cards.ts'

type Rule = {
  readonly name: string
  /** Whether money comes onto the card, leaves it, or neither. */
  readonly moves: 'gives' | 'takes' | 'nothing'
  /** States of the card in which it is done. */
  readonly states: readonly HostCardState[]
}

/** By the first two digits of DE3, as in docs/spec/terminal.md, section 3. */
const rules: Readonly<Record<string, Rule>> = {
  '00': { name: 'payment', moves: 'takes', states: ['sold'] },
  '20': { name: 'refund', moves: 'gives', states: ['sold'] },
  '21': { name: 'top-up', moves: 'gives', states: ['sold'] },
  '30': { name: 'balance', moves: 'nothing', states: ['sold', 'blocked', 'expired'] },
  '31': { name: 'balance', moves: 'nothing', states: ['sold', 'blocked', 'expired'] },
  '61': { name: 'cash-out', moves: 'takes', states: ['sold'] },
  '90': { name: 'sale', moves: 'gives', states: ['unsold'] },
  '93': { name: 'sale', moves: 'gives', states: ['unsold'] },
}

const ruleOf = (code: string | undefined): Rule | undefined => rules[(code ?? '').slice(0, 2)]

/** The operation of a processing code; null for an unknown one. */
export const operationOf = (code: string | undefined): string | null => ruleOf(code)?.name ?? null

export const operationNames: readonly string[] = [...new Set(Object.values(rules).map(({ name }) => name))]

const refusals = {
  blocked: { 39: '62', 44: 'BLOCKED' },
  expired: { 39: '54' },
  unsold: { 39: '78', 44: 'UNSOLD' },
  sold: { 39: '78', 44: 'SOLD' },
} as const satisfies Record<HostCardState, Fields>

const group = (type: string, currency: string, minor: number) => `60${type}${currency}C${toAmountField(minor)}`

/** DE54: ledger and available balance, which are equal here; for a partial approval also the original amount. */
function balances({ balance }: BookCard, { 49: currency = DEFAULT_CURRENCY }: Fields, asked: number | null): string {
  const both = group('01', currency, balance) + group('02', currency, balance)
  return asked === null ? both : both + group('57', currency, asked)
}

/** Number of the card that a message shows, by DE2, track 2 or track 1. */
export function numberIn(fields: Fields): string | null {
  return fields[2] ?? /^\d+/.exec(fields[35] ?? '')?.[0] ?? /^B(\d+)\^/.exec(fields[45] ?? '')?.[1] ?? null
}

/** Decides an 0100, 0200 or 0220. Gives DE39 and what goes with it. */
export function operate(book: Book, fields: Fields, entry: Entry, approvalCode: string): Fields {
  const rule = ruleOf(fields[3])
  if (rule === undefined) return { 39: '12' }
  const card = cardOf(book, entry)
  if (card === undefined) return { 39: '14' }
  if (!rule.states.includes(card.state)) return { ...refusals[card.state] }
  if (rule.moves === 'nothing') return { 39: '00', 54: balances(card, fields, null) }
  const asked = entry.asked ?? 0
  if (asked <= 0) return { 39: '13', 44: 'AMOUNT' }
  const most = rule.moves === 'takes' ? Math.min(asked, card.balance) : asked
  const partial = fields[48]?.startsWith('P') === true && most > 0
  if (most < asked && !partial) return { 39: '51', 54: balances(card, fields, null) }
  entry.effect = rule.moves === 'takes' ? -most : most
  bring(book, entry, entry.kind === '0220' ? 'confirmed' : 'stands')
  const part = most < asked
  return {
    4: toAmountField(most),
    38: approvalCode,
    39: part ? '10' : '00',
    54: balances(card, fields, part ? asked : null),
  }
}

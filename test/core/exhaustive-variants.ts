import type { Card } from '../../src/core/card.ts'
import { OPERATIONS, type Operation, type OperationRule } from '../../src/core/operations.ts'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { type Books, openBooks } from './books.ts'
import { numberNamed, operationAsk, requestOf } from './requests.ts'
import { accountOf, cardIdOf, issueNamed, newCard, START, type TerminalName } from './setting.ts'

/**
 * The possible events of one operation, in any order and number: `request` is its message under its one key, `repeat`
 * repeats the last message; `reversal`, `confirmation` and `cancellation` are about the operation, the `undo-` ones
 * about the last cancellation; the `timer` comes when everything is overdue.
 */
export const EVENTS = [
  'request',
  'repeat',
  'reversal',
  'confirmation',
  'cancellation',
  'timer',
  'restart',
  'undo-reversal',
  'undo-confirmation',
] as const
export type Event = (typeof EVENTS)[number]

/** Terminals cannot name requests of people and jobs, so only these events can happen to them. */
const OF_THE_HOUSE: readonly Event[] = ['request', 'repeat', 'timer', 'restart']

export type Variant = {
  readonly name: string
  /** The initial state: the card's money, a payment for the receipt. */
  readonly balance: number
  readonly issue: string
  readonly operation: Exclude<Operation, 'extension' | 'new_version' | 'clear'>
  readonly amount: number | null
  readonly more?: 'nominal' | 'partial' | 'new' | 'receipt' | 'advice'
  readonly card?: Partial<Card>
  readonly terminal: TerminalName
}

const OF_TERMINALS: readonly Omit<Variant, 'terminal'>[] = [
  { name: 'sale', balance: 0, issue: 'OPEN', operation: 'sale', amount: 5_000 },
  { name: 'nominal sale', balance: 0, issue: 'GIFT50', operation: 'sale', amount: null, more: 'nominal' },
  { name: 'top-up', balance: 10_000, issue: 'OPEN', operation: 'top_up', amount: 5_000 },
  { name: 'payment', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 7_000 },
  { name: 'partial payment', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 17_000, more: 'partial' },
  { name: 'payment advice', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 7_000, more: 'advice' },
  { name: 'refund advice', balance: 10_000, issue: 'OPEN', operation: 'refund', amount: 7_000, more: 'advice' },
  { name: 'refund', balance: 10_000, issue: 'OPEN', operation: 'refund', amount: 7_000 },
  { name: 'refund on receipt', balance: 10_000, issue: 'OPEN', operation: 'refund', amount: 700, more: 'receipt' },
  { name: 'refund onto a new card', balance: 0, issue: 'OPEN', operation: 'refund', amount: 7_000, more: 'new' },
  { name: 'cash-out', balance: 1_000, issue: 'OPEN', operation: 'cash_out', amount: 300 },
  { name: 'duplicate', balance: 10_000, issue: 'OPEN', operation: 'duplicate', amount: null },
  { name: 'balance', balance: 10_000, issue: 'OPEN', operation: 'balance', amount: null },
  { name: 'block', balance: 10_000, issue: 'OPEN', operation: 'block', amount: null },
  { name: 'unblock', balance: 10_000, issue: 'OPEN', operation: 'unblock', amount: null, card: { block: 'lost' } },
]

/** Asked for by people and jobs. */
const HOUSE: readonly Omit<Variant, 'terminal'>[] = [
  { name: 'adjustment up', balance: 10_000, issue: 'OPEN', operation: 'adjustment_credit', amount: 700 },
  { name: 'adjustment down', balance: 10_000, issue: 'OPEN', operation: 'adjustment_debit', amount: 700 },
  { name: 'welfare load', balance: 10_000, issue: 'OPEN', operation: 'welfare_load', amount: 700 },
  { name: 'welfare recall', balance: 10_000, issue: 'OPEN', operation: 'welfare_recall', amount: 700 },
  { name: 'e-card sale', balance: 0, issue: 'OPEN', operation: 'ecard_sale', amount: 700, card: { state: 'sellable' } },
  { name: 'pack sale', balance: 0, issue: 'OPEN', operation: 'pack_sale', amount: 700, card: { state: 'inactive', packId: 7 } },
  { name: 'expiry', balance: 10_000, issue: 'OPEN', operation: 'expiry', amount: null, card: { validUntil: '2026-11-01' } },
] // prettier-ignore

export const VARIANTS: readonly Variant[] = [
  ...(['E1', 'N1', 'O1'] as const).flatMap((terminal) => OF_TERMINALS.map((variant) => ({ ...variant, terminal }))),
  ...HOUSE.map((variant) => ({ ...variant, terminal: 'O1' as const })),
]

const isOfTheHouse = ({ name }: Variant): boolean => HOUSE.some((variant) => variant.name === name)

/** The possible events of a variant. */
export const eventsOf = (variant: Variant): readonly Event[] => (isOfTheHouse(variant) ? OF_THE_HOUSE : EVENTS)

/** Every sequence of that many of these events. */
export function* sequences(length: number, events: readonly Event[]): Generator<readonly Event[]> {
  if (length === 0) return yield []
  for (const rest of sequences(length - 1, events)) for (const event of events) yield [...rest, event]
}

export const ruleOf = (operation: Operation): OperationRule => OPERATIONS[operation]

/** The cards and their balances before the first event. */
export function prepare({ balance, issue, more, operation, terminal, card }: Variant): {
  books: Books
  opening: number
  receipt: string | null
} {
  const books = openBooks()
  const give = (name: string, amount: number, of: string): void => {
    books.addCard(newCard(name, issueNamed(of)))
    if (amount > 0) book('sale', name, amount, 'store_receivable')
  }
  let id = 1_000_000
  const book = (
    what: 'sale' | 'payment',
    card: string,
    amount: number,
    contra: 'store_receivable' | 'store_payable',
  ): string => {
    id += 2
    const made = requestOf(operationAsk(what, card, amount, { contra: accountOf(contra, 'S1') }), {
      id,
      terminal: 'O1',
      kind: KIND.financial,
      stan: id % 1_000_000,
      at: START,
      day: null,
    })
    must(books.run(made).result === 'approved', 'the setting is not right')
    return made.labels.rrn
  }
  give('C1', balance, issue)
  give('C2', 0, issue)
  if (terminal === 'N1') give('C5', 1_000, 'OPEN')
  const spent = operation === 'cash_out' ? 700 : more === 'receipt' ? 1_000 : 0
  const rrn = spent > 0 ? book('payment', 'C1', spent, 'store_payable') : null
  if (card !== undefined) Object.assign(books.card(cardIdOf('C1')), card)
  if (card?.packId !== undefined)
    books.setPack({ id: 7, recipient: 'counterparty', state: 'selling', authorised: true })
  return { books, opening: balance - spent, receipt: more === 'receipt' ? rrn : null }
}

/** Under which message an operation comes that is no 0200. */
const KIND_OF: { readonly [operation in Operation]?: number } = {
  balance: KIND.inquiry,
  block: KIND.administration,
  unblock: KIND.administration,
  adjustment_credit: KIND.office,
  adjustment_debit: KIND.office,
  welfare_load: KIND.office,
  welfare_recall: KIND.office,
  ecard_sale: KIND.office,
  pack_sale: KIND.office,
  expiry: KIND.office,
}

/** The message that asks for it; `id` and `at` are given when it is sent. */
export function build(variant: Variant, receipt: string | null): Request {
  const { operation, amount, more, terminal } = variant
  const { contra } = ruleOf(operation)
  const kind = KIND_OF[operation] ?? (more === 'advice' ? KIND.advice : KIND.financial)
  const request = requestOf(
    operationAsk(operation, 'C1', amount, {
      contra: contra === null ? null : accountOf(contra, 'S1'),
      block: operation === 'block' ? 'lost' : null,
      nominal: more === 'nominal',
      partial: more === 'partial',
      ontoNew: more === 'new',
      receipt,
      successor: operation === 'duplicate' ? numberNamed('C2') : null,
    }),
    { id: 0, terminal, kind, stan: 1, at: START + 10_000, day: null },
  )
  return isOfTheHouse(variant) ? { ...request, confirmation: 'none' } : request
}

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

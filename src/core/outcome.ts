import type { Attached } from './attached.ts'
import type { Card } from './card.ts'
import type { Issue } from './issue.ts'
import type { Transfer } from './money.ts'
import type { Operation } from './operations.ts'
import { heedsPack, type Pack } from './pack.ts'
import type { Request } from './request.ts'
import { isApproved, type Result } from './result.ts'
import type { Role } from './role.ts'
import { roleOf } from './role-of-ask.ts'
import { type CardChange, type Effects, NOTHING, type Outcome, type State } from './state.ts'
import { type Balances, storeOf, type Transaction, type TransactionState } from './transaction.ts'

/** Fields of a transaction row that do not come from its request. */
type RowFacts = {
  readonly operation: Operation | null
  readonly cardId: number | null
  readonly transfer: Transfer | null
  readonly sells: boolean
  readonly originalId: number | null
  readonly balances: Transaction['balances']
  readonly state: TransactionState
  readonly confirmBy: number | null
  /** Set if it differs from the role that the request states: a confirmation that books again. */
  readonly role: Role
  readonly forStore: string | null
}

export function rowOf(request: Request, result: Result, facts: Partial<RowFacts>): Transaction {
  const { id, key, content, at, businessDate, labels, requester, ask } = request
  if (ask.act === 'answer') throw new Error(`the answer to ${id} leaves no row of its own`)
  return {
    id,
    key,
    content,
    at,
    businessDate,
    labels,
    requester,
    role: facts.role ?? roleOf(ask),
    result,
    undoneBy: null,
    returned: 0,
    released: 0,
    finalAtOnce: requester.channel === 'web' && request.confirmation === 'none',
    cardSeq: null,
    otherSeq: null,
    availableSeq: null,
    operation: facts.operation ?? null,
    cardId: facts.cardId ?? null,
    transfer: facts.transfer ?? null,
    sells: facts.sells ?? false,
    originalId: facts.originalId ?? null,
    balances: facts.balances ?? null,
    state: facts.state ?? 'declined',
    confirmBy: facts.confirmBy ?? null,
    forStore: facts.forStore ?? null,
  }
}

/** The columns of a request's row that refer to the transaction which the request is about. */
export const linkTo = (request: Request, original: Transaction) => ({
  originalId: original.id,
  operation: original.operation,
  cardId: original.cardId,
  forStore: storeOf(original) === request.key.store ? null : storeOf(original),
})

/** Approved, or answered 00 with nothing moved: leaves its row and its effects. */
export function accept(request: Request, result: Result, facts: Partial<RowFacts>, effects: Partial<Effects>): Outcome {
  const row = rowOf(request, result, facts.state === undefined ? { ...facts, state: 'confirmed' } : facts)
  return outcomeOf(request, result, row, effects.rows === undefined ? [row] : [row, ...effects.rows], effects)
}

/** Refused: leaves its row, moves nothing. The balances are shown where the card's holder is believed. */
export function decline(
  request: Request,
  result: Result,
  facts: Partial<RowFacts> = {},
  effects: Partial<Effects> = {},
): Outcome {
  const row = rowOf(request, result, { ...facts, state: 'declined' })
  return outcomeOf(request, result, row, [row], effects)
}

/** One object literal: spreading absent members over NOTHING costs a payment more than its checks. */
const outcomeOf = (
  request: Request,
  result: Result,
  row: Transaction,
  rows: readonly Transaction[],
  effects: Partial<Effects>,
): Outcome => ({
  request,
  result,
  row,
  rows,
  settlements: effects.settlements ?? NOTHING.settlements,
  cards: effects.cards ?? NOTHING.cards,
  cases: effects.cases ?? NOTHING.cases,
  tries: effects.tries ?? NOTHING.tries,
  lookups: effects.lookups ?? NOTHING.lookups,
  unknownCards: effects.unknownCards ?? NOTHING.unknownCards,
  unknownNumbers: effects.unknownNumbers ?? NOTHING.unknownNumbers,
  dayCounts: effects.dayCounts ?? NOTHING.dayCounts,
  events: effects.events ?? NOTHING.events,
  answered: effects.answered ?? NOTHING.answered,
  routed: effects.routed ?? NOTHING.routed,
  safMessages: effects.safMessages ?? NOTHING.safMessages,
  attached: effects.attached ?? NOTHING.attached,
  unstaged: effects.unstaged ?? NOTHING.unstaged,
})

/** Answered from existing rows: nothing is written. */
export const answerOnly = (request: Request, result: Result, row: Transaction | null): Outcome => ({
  request,
  result,
  row,
  ...NOTHING,
})

/** The balances that the answer shows, where the card's holder is believed. */
export function balancesOf(
  state: State,
  card: Card,
  change: Pick<CardChange, 'ledger' | 'available'> | null,
): Balances {
  return {
    ledger: card.ledger + (change?.ledger ?? 0),
    available: card.available + (change?.available ?? 0),
    currency: issueOf(state, card).currency,
  }
}

/** The change of a step for this card; null: none. */
export const changeTo = (changes: readonly CardChange[], card: Card): CardChange | null =>
  changes.find(({ cardId }) => cardId === card.id) ?? null

/** The pack that determines what the card may do; null: none. */
export function packOf(state: State, card: Card): Pack | null {
  if (card.packId === null || !heedsPack(card)) return null
  const pack = state.packs.get(card.packId)
  if (pack === undefined) throw new Error(`card ${card.id} is in pack ${card.packId}, which is not loaded`)
  return pack
}

export function issueOf(state: State, card: Card): Issue {
  const issue = state.issues.get(card.issueId)
  if (issue === undefined) throw new Error(`card ${card.id} belongs to issue ${card.issueId}, which is not loaded`)
  return issue
}

/** The attached rows that belong to this outcome. */
export function attachedTo({ request, result, rows }: Outcome): readonly Attached[] {
  if (request.attached.length === 0 || !rows.some(({ id }) => id === request.id)) return NOTHING_ATTACHED
  return request.attached.filter(({ where }) => where === 'stored' || isApproved(result))
}

const NOTHING_ATTACHED: readonly Attached[] = []

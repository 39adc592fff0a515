import type { Attached } from './attached.ts'
import { assert } from './assert.ts'
import { attachedTo } from './outcome.ts'
import { numberMoves } from './card-sequence.ts'
import { type Card, CARD_TRANSITIONS, type CardSettings, type CardState } from './card.ts'
import { countName, type DayCount } from './day-counts.ts'
import { decide } from './decide.ts'
import type { Request } from './request.ts'
import { keyText } from './key.ts'
import type { Role } from './role.ts'
import { roleOf } from './role-of-ask.ts'
import { follow } from './follow.ts'
import type { Lookups } from './lookups.ts'
import type { Transfer } from './money.ts'
import { safMessagesAfter } from './saf.ts'
import type { SafMessage, Routed, RoutedChange } from './routed.ts'
import { confirming } from './settle.ts'
import {
  NOTHING,
  type CardChange,
  type CardEvent,
  type CaseChange,
  type Effects,
  type Outcome,
  type Settlement,
  type State,
} from './state.ts'
import { stepsOf } from './staged.ts'
import { lineText } from './staged-load.ts'
import { triesName, type Tries } from './tries.ts'
import { NEXT_REQUEST, type Transaction } from './transaction.ts'

/** Everything a batch wants written, gathered while its requests are decided one after the other. */
export type Changes = {
  readonly rows: Transaction[]
  /** Cards whose row has changed. */
  readonly cards: Set<number>
  /** The attributes that were set on any of them beside the money. */
  readonly settings: Set<keyof CardSettings>
  /** Transactions from before the batch whose state has changed. */
  readonly settled: Set<Transaction>
  readonly tries: Map<string, Tries>
  readonly lookups: Map<string, Lookups>
  readonly dayCounts: Map<string, DayCount>
  readonly events: { readonly event: CardEvent; readonly at: number; readonly by: number }[]
  readonly cases: { readonly change: CaseChange; readonly at: number; readonly by: number }[]
  /** Pending rows that have their answer now. */
  readonly answered: Set<Transaction>
  readonly routed: { readonly added: Set<Routed>; readonly changed: Set<Routed> }
  readonly safMessages: SafMessage[]
  readonly unstaged: number[]
  /** Cards whose staged loads now belong to another card, in order. */
  readonly restaged: { readonly from: number; readonly to: number }[]
  readonly attached: { readonly attached: Attached; readonly at: number; readonly by: number }[]
}

export const noChanges = (): Changes => ({
  rows: [],
  cards: new Set(),
  settings: new Set(),
  settled: new Set(),
  tries: new Map(),
  lookups: new Map(),
  dayCounts: new Map(),
  events: [],
  cases: [],
  answered: new Set(),
  routed: { added: new Set(), changed: new Set() },
  safMessages: [],
  attached: [],
  unstaged: [],
  restaged: [],
})

/**
 * Processes one request: under policy `next` it first confirms this terminal's unconfirmed transaction, as a step of
 * its own; then the request is decided; its effects are visible to the next request of the batch.
 */
export function execute(state: State, changes: Changes, request: Request): Outcome {
  if (state.decidedLoads.length > 0) applyDecidedLoads(state, changes, request)
  const confirmedBefore = confirmPrevious(state, changes, request)
  const outcome = decide(state, request)
  const attached = attachedTo(outcome)
  if (outcome.before !== undefined) apply(state, changes, request, outcome.before)
  apply(
    state,
    changes,
    request,
    attached.length === 0 ? outcome : { ...outcome, attached: [...outcome.attached, ...attached] },
  )
  const changed = [...confirmedBefore, ...outcome.cards].map(({ cardId }) => cardId)
  const following = follow(state, request, changed)
  if (following !== null) apply(state, changes, request, following)
  return outcome
}

/** The first request of a batch that locks a card applies the card's booked loads. */
function applyDecidedLoads(state: State, changes: Changes, request: Request): void {
  for (const load of state.decidedLoads.splice(0)) {
    for (const step of stepsOf(state, load)) apply(state, changes, request, step)
  }
}

const CONFIRMS_PREVIOUS: ReadonlySet<Role> = new Set(['books', 'cancels'])

function confirmPrevious(state: State, changes: Changes, request: Request): readonly CardChange[] {
  if (request.confirmation !== 'next' || request.ask.act === 'answer') return []
  if (!CONFIRMS_PREVIOUS.has(roleOf(request.ask))) return []
  if (state.transactions.has(keyText(request.key))) return []
  const touched: CardChange[] = []
  for (const previous of state.awaitingNext.get(terminalText(request.key)) ?? []) {
    if (previous.state !== 'unconfirmed') continue
    const { settlement, changes: cards } = confirming(state, previous)
    apply(state, changes, request, { ...NOTHING, settlements: [settlement], cards })
    touched.push(...cards)
  }
  return touched
}

export const terminalText = ({ store, terminal }: { store: string; terminal: string }): string => `${store} ${terminal}`

/** Writes the effects of one step into the batch's own state, and asserts what must hold after any of them. */
export function apply(state: State, changes: Changes, request: Request, effects: Effects): void {
  assertBooked(state, effects, request.id)
  for (const row of effects.rows) addRow(state, changes, row)
  for (const row of effects.answered) applyAnswer(state, changes, row)
  for (const change of effects.routed) applyRouted(state, changes, change)
  changes.safMessages.push(...effects.safMessages)
  for (const settlement of effects.settlements) {
    // Here, so that no way of settling a transaction can forget the host that has it too.
    changes.safMessages.push(...safMessagesAfter(state, request, settlement))
    applySettlement(changes, settlement)
  }
  for (const change of effects.cards) applyCardChange(state, changes, request, change)
  for (const { id } of numberMoves(state, effects)) changes.cards.add(id)
  for (const tries of effects.tries) applyTries(state, changes, tries)
  for (const lookups of effects.lookups) applyLookups(state, changes, lookups)
  for (const { name, tries } of effects.unknownCards) state.unknownCards.set(name, tries)
  for (const count of effects.dayCounts) applyDayCount(state, changes, count)
  if (effects.events.length > 0) applyEvents(changes, request, effects.events)
  for (const change of effects.cases) changes.cases.push({ change, at: request.at, by: request.id })
  for (const { id } of effects.unstaged) changes.unstaged.push(id)
  for (const attached of effects.attached) applyAttached(state, attached)
  for (const attached of effects.attached) changes.attached.push({ attached, at: request.at, by: request.id })
}

/** The books of a step: what its transfers move is what the ledger balances of its cards change by, card for card. */
function assertBooked(state: State, { rows, answered, cards }: Effects, id: number): void {
  for (const { cardId } of cards) {
    let difference = 0
    for (const change of cards) if (change.cardId === cardId) difference += change.ledger
    for (const { transfer } of rows) difference -= movedOn(cardId, transfer)
    for (const { transfer } of answered) difference -= movedOn(cardId, transfer)
    assert(difference === 0, 'a balance changes by what no transfer moves', id)
  }
  for (const { transfer } of rows) {
    if (transfer === null) continue
    const { debit, credit, amount } = transfer
    assert(Number.isSafeInteger(amount) && amount >= 0, 'a transfer of no amount of money', id)
    const isWhole = amount === 0 || (hasItsChange(state, cards, debit) && hasItsChange(state, cards, credit))
    assert(isWhole, 'a transfer moves money of a card whose balance does not change', id)
  }
}

function hasItsChange(state: State, cards: Effects['cards'], account: number): boolean {
  if (!state.cards.has(account)) return true
  for (const { cardId } of cards) if (cardId === account) return true
  return false
}

const movedOn = (card: number, transfer: Transfer | null): number =>
  transfer === null
    ? 0
    : (transfer.credit === card ? transfer.amount : 0) - (transfer.debit === card ? transfer.amount : 0)

/** Under an id each: a request by number may both raise a suspicion and be an event of the card's. */
function applyEvents(changes: Changes, request: Request, events: readonly CardEvent[]): void {
  const ids = [request.id, request.spareId]
  assert(events.length <= ids.length, 'more events than ids', request.id)
  for (const [i, event] of events.entries()) {
    changes.events.push({ event, at: request.at, by: ids[i] ?? request.id })
  }
}

/** A line of a batch that comes twice in one batch of the engine is staged once. */
function applyAttached(state: State, attached: Attached): void {
  if (attached.kind === 'staged_load') state.stagedLines.add(lineText(attached.row))
}

function applyTries(state: State, changes: Changes, tries: Tries): void {
  const name = triesName(tries.cardId, tries.source)
  state.tries.set(name, tries)
  changes.tries.set(name, tries)
}

function applyLookups(state: State, changes: Changes, lookups: Lookups): void {
  state.lookups.set(lookups.source, lookups)
  changes.lookups.set(lookups.source, lookups)
}

function applyDayCount(state: State, changes: Changes, count: DayCount): void {
  const name = countName(count)
  state.dayCounts.set(name, count)
  changes.dayCounts.set(name, count)
}

function addRow(state: State, changes: Changes, row: Transaction): void {
  const key = keyText(row.key)
  assert(!state.transactions.has(key), 'a second row under one key', row.id)
  assert(!state.transactionsById.has(row.id), 'a second row under one id', row.id)
  state.transactions.set(key, row)
  state.transactionsById.set(row.id, row)
  changes.rows.push(row)
  if (row.confirmBy === NEXT_REQUEST) append(state.awaitingNext, terminalText(row.key), row)
  // A receipt can name the payment itself, not its confirmation, cancellation or reversal.
  if (row.operation === 'payment' && row.transfer !== null && row.role === 'books') {
    append(state.paymentsByRrn, row.labels.rrn, row)
  }
}

const append = (groups: Map<string, Transaction[]>, name: string, row: Transaction): unknown =>
  groups.set(name, [...(groups.get(name) ?? []), row])

/** The row as the host's answer makes it, in the place of the pending one. */
function applyAnswer(state: State, changes: Changes, row: Transaction): void {
  const before = state.transactionsById.get(row.id)
  assert(before?.state === 'pending' && row.state !== 'pending', 'answered without being pending', row.id)
  state.transactions.set(keyText(row.key), row)
  state.transactionsById.set(row.id, row)
  changes.answered.add(row)
  if (row.confirmBy === NEXT_REQUEST) append(state.awaitingNext, terminalText(row.key), row)
}

function applyRouted(state: State, changes: Changes, change: RoutedChange): void {
  const { routed } = change
  if (change.change === 'add') {
    state.routed.set(routed.id, routed)
    changes.routed.added.add(routed)
  } else {
    Object.assign(routed, change.set)
    if (!changes.routed.added.has(routed)) changes.routed.changed.add(routed)
  }
}

function applySettlement(changes: Changes, { transaction, ...fate }: Settlement): void {
  Object.assign(transaction, fate)
  const amount = transaction.transfer?.amount ?? 0
  assert(fate.returned >= 0 && fate.returned <= amount, 'gave back too much', transaction.id)
  assert(fate.released >= 0 && fate.released <= fate.returned, 'released more than was given back', transaction.id)
  assert(
    (fate.state === 'unconfirmed') === (fate.confirmBy !== null),
    'waits for a confirmation or does not',
    transaction.id,
  )
  if (!changes.rows.includes(transaction)) changes.settled.add(transaction)
}

function applyCardChange(state: State, changes: Changes, request: Request, change: CardChange): void {
  const card = state.cards.get(change.cardId)
  if (card === undefined) throw new Error(`card ${change.cardId} was changed without being locked`)
  const transitions: readonly CardState[] = CARD_TRANSITIONS[card.state]
  const becomes = change.set.state ?? card.state
  assert(becomes === card.state || transitions.includes(becomes), 'a state that the card cannot go to', request.id)
  if (change.set.replacedBy !== undefined) moveStaged(state, changes, card, change.set.replacedBy)
  Object.assign(card, change.set)
  for (const name in change.set) changes.settings.add(name as keyof CardSettings)
  card.ledger += change.ledger
  card.available += change.available
  assert(card.available >= 0 && card.available <= card.ledger, 'balance out of bounds', request.id)
  assert(card.staged >= 0, 'more was unstaged than had been staged', request.id)
  changes.cards.add(card.id)
}

/**
 * A staged load moves to the replacing card, and returns if the replacement is undone: once the batch is booked, the
 * next request that locks the current card has to find it.
 */
function moveStaged(state: State, changes: Changes, card: Card, replacedBy: number | null): void {
  const other = state.cards.get(replacedBy ?? card.replacedBy ?? 0)
  const [from, to] = replacedBy === null ? [other, card] : [card, other]
  if (from === undefined || to === undefined || from.staged === 0) return
  to.staged += from.staged
  from.staged = 0
  changes.settings.add('staged')
  changes.cards.add(from.id).add(to.id)
  changes.restaged.push({ from: from.id, to: to.id })
}

import { assert } from './assert.ts'
import type { Card } from './card.ts'
import { followKey } from './follow.ts'
import { decideOperation } from './operate.ts'
import { answerOnly, issueOf } from './outcome.ts'
import type { Request, StageAsk } from './request.ts'
import { type Key, KIND } from './key.ts'
import { cardChange } from './settle.ts'
import { lineText, type StagedBatch, type StagedLoad } from './staged-load.ts'
import { monthsAfter } from './dates.ts'
import { isUnsold } from './pack.ts'
import { type Effects, NOTHING, type Outcome, type State } from './state.ts'
import type { Transaction } from './transaction.ts'

/** One transaction for a batch and line: the unique key refuses a second one. */
const loadKey = ({ batchId, line }: Pick<StagedLoad, 'batchId' | 'line'>): Key => ({
  store: 'AKART',
  terminal: 'STAGED',
  kind: KIND.office,
  stan: line,
  transmitted: batchId,
})

/**
 * Judges a load by the rules that hold for booking it at once, and stages it: the card leaves room for it, and nothing that
 * anybody sees is other than before. A refusal leaves nothing. The same line again is the same load.
 */
export function decideStage(state: State, request: Request, ask: StageAsk): Outcome {
  const batch = state.stagedBatches.get(ask.batchId)
  if (batch === undefined) return answerOnly(request, 'original_not_found', null)
  if (batch.state !== 'staging') return answerOnly(request, 'original_done', null)
  if (state.stagedLines.has(lineText(ask))) return answerOnly(request, 'approved', null)
  const { result, row } = decideOperation(state, request, { ...ask.load, contra: batch.account })
  if (result !== 'approved' || row?.cardId == null || row.transfer === null || ask.dry) {
    return answerOnly(request, result, null)
  }
  const card = state.cards.get(row.cardId)
  if (card === undefined) throw new Error(`card ${row.cardId} is staged without being locked`)
  const { amount } = row.transfer
  const load = { spareId: request.spareId, batchId: batch.id, line: ask.line, cardId: card.id, amount }
  return {
    ...answerOnly(request, 'approved', null),
    cards: [cardChange(card, { set: { staged: card.staged + amount } })],
    attached: [{ kind: 'staged_load', row: load }],
  }
}

/**
 * The effects of a staged load once its batch is decided, before any other change of its card: a booked one is given to
 * the card as it is now; a dropped one is removed. Steps, in order: each is applied by itself.
 */
export function stepsOf(state: State, load: StagedLoad): readonly Effects[] {
  const batch = state.stagedBatches.get(load.batchId)
  const card = state.cards.get(load.cardId)
  if (batch === undefined || card === undefined) throw new Error(`staged load ${load.id} without its batch or card`)
  const { amount } = load
  const { booked } = batch
  assert(
    batch.state !== 'staging' && (booked !== null) === (batch.state === 'booked'),
    'a load of an undecided batch',
    load.id,
  )
  assert(amount > 0 && card.staged >= amount, 'more is applied to a card than was staged for it', load.id)
  const set = { staged: card.staged - amount }
  if (booked === null) return [{ ...NOTHING, cards: [cardChange(card, { set })], unstaged: [load] }]
  const given: Effects = {
    ...NOTHING,
    rows: [rowOfLoad(state, card, load, batch, booked)],
    cards: [cardChange(card, { ledger: amount, available: amount, set: { ...set, ...soldBy(state, card, booked) } })],
    unstaged: [load],
  }
  const successor = successorOf(state, card)
  if (successor === null) return [given]
  const [row] = given.rows
  if (row === undefined) return [given]
  const onward: Effects = {
    ...NOTHING,
    rows: [
      {
        ...row,
        id: load.spareId,
        key: followKey(load.id),
        operation: 'duplicate',
        transfer: { debit: card.id, credit: successor.id, amount },
        originalId: load.id,
        balances: null,
      },
    ],
    cards: [
      cardChange(card, { ledger: -amount, available: -amount }),
      cardChange(successor, { ledger: amount, available: amount }),
    ],
  }
  return [given, onward]
}

/** Money that arrives on a card whose sale was undone makes it a sold card again; a new card begins its validity. */
function soldBy(state: State, card: Card, { at, businessDate }: NonNullable<StagedBatch['booked']>) {
  if (!isUnsold(card)) return {}
  if (card.wasSold) return { state: 'sold' as const }
  const { validityMonths } = issueOf(state, card)
  const validUntil = validityMonths === null ? card.validUntil : monthsAfter(businessDate, validityMonths)
  return { state: 'sold' as const, wasSold: true, soldAt: at, validUntil }
}

/** The card that stands in the place of a replaced one; null: this one still stands. */
function successorOf(state: State, card: Card): Card | null {
  let last = card
  while (last.replacedBy !== null) {
    const next = state.cards.get(last.replacedBy)
    if (next === undefined) throw new Error(`the card in the place of card ${last.id} is not locked`)
    last = next
  }
  return last === card ? null : last
}

function rowOfLoad(
  state: State,
  card: Card,
  load: StagedLoad,
  { id: batchId, operation, account }: StagedBatch,
  { at, businessDate, channel, who }: NonNullable<StagedBatch['booked']>,
): Transaction {
  const { id, amount } = load
  const { currency } = issueOf(state, card)
  return {
    id,
    key: loadKey(load),
    content: '0'.repeat(32),
    at,
    businessDate,
    labels: {
      processingCode: '',
      localTime: '',
      rrn: '',
      approvalCode: '',
      entryMode: '',
      amount,
      currency,
      echo: null,
      line: 'staged',
      trace: `batch-${batchId}`.slice(0, 24),
    },
    requester: { channel, who },
    role: 'books',
    forStore: null,
    operation,
    cardId: card.id,
    transfer: { debit: account, credit: card.id, amount },
    sells: isUnsold(card) && !card.wasSold,
    result: 'approved',
    originalId: null,
    balances: { ledger: card.ledger + amount, available: card.available + amount, currency },
    state: 'confirmed',
    undoneBy: null,
    confirmBy: null,
    returned: 0,
    released: 0,
    finalAtOnce: false,
    cardSeq: null,
    otherSeq: null,
    availableSeq: null,
  }
}

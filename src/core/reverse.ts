import { type Amount, opposite, type Transfer } from './money.ts'
import { accept, answerOnly, linkTo, rowOf } from './outcome.ts'
import type { Presented, ReversalAsk, UnclearReversalAsk, Request } from './request.ts'
import { isById, KIND } from './key.ts'
import { confirming, settle } from './settle.ts'
import { type CaseReason, type Effects, originalIn, type Outcome, type State } from './state.ts'
import type { Transaction } from './transaction.ts'
import { reversing, takingBack, takingBackTheRest } from './undo.ts'

/** 0420 and the confirm timer: always answered 00, also when nothing moves (docs/spec/terminal.md, section 5: Reversal, The timer). */
export function decideReversal(state: State, request: Request, ask: ReversalAsk): Outcome {
  const original = originalIn(state, ask.original)
  if (original === undefined) return reverseUnseen(request, ask)
  return BY[ask.by](state, request, original, ask)
}

type Reverse = (state: State, request: Request, original: Transaction, ask: ReversalAsk) => Outcome

const BY: { readonly [by in ReversalAsk['by']]: Reverse } = { terminal: byTerminal, timer: byTimer, shop: byShop }

/** The time within which a shop may reverse a transaction that was final at once. */
const SECOND_THOUGHTS_MS = 15 * 60_000

/**
 * A shop that has not received the answer to its request. It cannot reverse a transaction that it had to confirm and
 * has confirmed; it can reverse one that was final at once, for a quarter of an hour, if nothing was built on it.
 */
function byShop(state: State, request: Request, original: Transaction, ask: ReversalAsk): Outcome {
  if (original.state !== 'confirmed') return byTerminal(state, request, original, ask)
  const isInTime = request.at - original.at <= SECOND_THOUGHTS_MS
  const step = original.finalAtOnce && isInTime ? takingBack(state, original) : null
  if (step === null || original.transfer === null) return withCase(request, original, 'reversal_too_late')
  return accept(
    request,
    'approved',
    { ...linkTo(request, original), transfer: opposite(original.transfer) },
    { settlements: step.settlements, cards: step.changes },
  )
}

/** Nothing moves: the row and the case belong to the reversal itself, with the received data. */
export const decideUnclear = (request: Request, { came }: UnclearReversalAsk): Outcome =>
  accept(
    request,
    'approved_with_case',
    {},
    {
      cases: [{ change: 'open', transactionId: request.id, cardId: null, reason: 'reversal_unclear', came }],
    },
  )

/** Before its original: remembered under the original's key, so that only one of them can be first. */
function reverseUnseen(request: Request, ask: ReversalAsk): Outcome {
  if (isById(ask.original) || !LEAVES_A_ROW.has(ask.original.kind)) return accept(request, 'approved', {}, {})
  const row = rowOf(request, 'original_reversed', { state: 'reversed' })
  const tombstone: Transaction = { ...row, id: request.spareId, key: ask.original, undoneBy: 'terminal' }
  return accept(request, 'approved', { originalId: tombstone.id }, { rows: [tombstone] })
}

/** Kinds of requests that a reversal can be first to; what a key of the web is for is not known before its request is there. */
const LEAVES_A_ROW: ReadonlySet<number> = new Set([
  KIND.inquiry,
  KIND.financial,
  KIND.advice,
  KIND.cancellation,
  KIND.administration,
  KIND.web,
])

function byTerminal(state: State, request: Request, original: Transaction, ask: ReversalAsk): Outcome {
  if (original.state === 'cancelled' && ask.by === 'shop') return nothingMoves(request, original)
  const isOurs = original.cardId !== null && state.cards.has(original.cardId)
  if (original.state === 'declined' || !(isOurs || state.routed.has(original.id)))
    return nothingMoves(request, original)
  const amount = original.transfer?.amount ?? 0
  if (original.state === 'pending') {
    return disagrees(state, ask, original, amount)
      ? withCase(request, original, 'reversal_disagrees')
      : withTheHost(request, original)
  }
  if (original.transfer === null) return nothingMoves(request, original)
  if (disagrees(state, ask, original, amount)) return withCase(request, original, 'reversal_disagrees')
  if (original.state === 'reversed') return againstReversed(request, original)
  if (original.state !== 'unconfirmed') return withCase(request, original, 'reversal_too_late')

  // Another host is about to cancel it: it cannot be reversed as well.
  const isBusy = typeof state.routed.get(original.id)?.cancelling === 'number'
  const step = isBusy ? null : reversing(state, original)
  if (step === null) return withCase(request, original, 'reversal_too_late')
  return book(request, original, opposite(original.transfer), 'terminal', {
    settlements: step.settlements,
    cards: step.changes,
  })
}

/** For a card of another host only the displayable part of its number is kept. */
function isSameCard(state: State, { numberHash, shown }: Presented, { id, cardId }: Transaction): boolean {
  const routed = state.routed.get(id)
  return routed === undefined ? state.cardsByHash.get(numberHash)?.id === cardId : shown === routed.card
}

/** Another host is at work on it: its answer will find it reversed and book nothing. An inquiry has nothing to undo. */
const withTheHost = (request: Request, original: Transaction): Outcome =>
  original.role === 'informs'
    ? nothingMoves(request, original)
    : book(request, original, null, 'terminal', { settlements: [] })

/** The terminal names another amount than was asked or taken, or another card: it cannot mean this transaction. */
function disagrees(
  state: State,
  { presented, amount: stated }: ReversalAsk,
  original: Transaction,
  amount: Amount,
): boolean {
  if (presented !== null && !isSameCard(state, presented, original)) return true
  // A nominal sale may be asked for without an amount or with zero.
  const asked = original.labels.amount ?? 0
  return stated !== null && stated !== amount && stated !== asked
}

/**
 * Reversed already. After the timer's reversal the terminal now reports the same: nothing is left to clarify or to book
 * again.
 */
function againstReversed(request: Request, original: Transaction): Outcome {
  if (original.undoneBy === 'rebooked') return withCase(request, original, 'reversal_too_late')
  if (original.undoneBy !== 'timer') return nothingMoves(request, original)
  return accept(request, 'approved', linkTo(request, original), {
    settlements: [settle(original, { undoneBy: 'terminal' })],
    cases: [{ change: 'close', transactionId: original.id, resolution: 'reversed_by_terminal', by: null, note: null }],
  })
}

/**
 * The confirmation did not come in time: reversed, with a case. If the card has moved on, so that not all can be
 * undone, the money of this transaction is still taken back and the rest stays; a cancellation that can no longer be
 * taken back (its card is sold again) has evidently happened and is confirmed. A person looks at each.
 */
function byTimer(state: State, request: Request, original: Transaction): Outcome {
  const { transfer } = original
  // Settled already: confirmed, reversed, or handled by another process's timer. There is nothing to book and nothing
  // to report.
  if (original.state !== 'unconfirmed' || transfer === null) return answerOnly(request, 'approved', null)

  // While another host cancels it, whether it can be reversed is open: it is due again at the timer's next look.
  if (typeof state.routed.get(original.id)?.cancelling === 'number') return answerOnly(request, 'overloaded', null)

  // A shop receives a webhook about it and confirms late or not at all: no person has to look at it.
  const cases = original.requester.channel === 'web' ? [] : [openCase(original, 'unconfirmed')]
  const step = reversing(state, original)
  if (step !== null) {
    return book(request, original, opposite(transfer), 'timer', {
      settlements: step.settlements,
      cards: step.changes,
      cases,
    })
  }
  if (original.role === 'cancels') {
    const { settlement, changes } = confirming(state, original)
    return accept(request, 'approved', linkTo(request, original), { settlements: [settlement], cards: changes, cases })
  }
  const rest = transfer.amount - original.returned
  const { changes, settlements } = takingBackTheRest(state, original, transfer, rest)
  const back = rest === 0 ? null : { ...opposite(transfer), amount: rest }
  return book(request, original, back, 'timer', { settlements, cards: changes, cases })
}

function book(
  request: Request,
  original: Transaction,
  transfer: Transfer | null,
  by: 'terminal' | 'timer',
  effects: Partial<Effects> & Pick<Effects, 'settlements'>,
): Outcome {
  const reversed = settle(original, { state: 'reversed', undoneBy: by, confirmBy: null })
  return accept(
    request,
    'approved',
    { ...linkTo(request, original), transfer },
    {
      ...effects,
      settlements: [reversed, ...effects.settlements],
    },
  )
}

const nothingMoves = (request: Request, original: Transaction): Outcome =>
  accept(request, 'approved', linkTo(request, original), {})

const withCase = (request: Request, original: Transaction, reason: CaseReason): Outcome =>
  accept(request, 'approved_with_case', linkTo(request, original), { cases: [openCase(original, reason)] })

const openCase = ({ id, cardId }: Transaction, reason: CaseReason) =>
  ({ change: 'open', transactionId: id, cardId, reason }) as const

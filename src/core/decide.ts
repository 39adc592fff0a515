import { decideAnswer } from './answer.ts'
import { ASKERS } from './channel.ts'
import { decideCancellation } from './cancel.ts'
import { decideConfirmation } from './confirm.ts'
import { decideForward } from './forward.ts'
import { decideOperation } from './operate.ts'
import { type Asker, OPERATIONS } from './operations.ts'
import { answerOnly, balancesOf, decline, rowOf } from './outcome.ts'
import type { Ask, Request } from './request.ts'
import { isById, isSameKey, keyText } from './key.ts'
import type { Result } from './result.ts'
import { decideResolution } from './resolve.ts'
import { decideReversal, decideUnclear } from './reverse.ts'
import { decideStage } from './staged.ts'
import type { Outcome, State } from './state.ts'
import { isTombstone, type Transaction, wasReversed } from './transaction.ts'

/** Answers one request from what the batch can see. Reads only; `apply` does the writing. */
export function decide(state: State, request: Request): Outcome {
  const { ask } = request
  const earlier = state.transactions.get(keyText(request.key))
  if (ask.act === 'refused') return refused(request, ask.result, earlier)
  if (!mayAsk(request, ask)) return refused(request, 'unsupported', earlier)
  if (ask.act === 'answer') return decideAnswer(state, request, ask, earlier)
  if (earlier) return stored(state, request, earlier)
  if (meetsAnotherKey(state, ask)) return answerOnly(request, 'malfunction', null)
  switch (ask.act) {
    case 'operation':
      return decideOperation(state, request, ask)
    case 'stage':
      return decideStage(state, request, ask)
    case 'apply_staged': // what there was to do is done before
      return answerOnly(request, 'approved', null)
    case 'forward':
      return decideForward(request, ask)
    case 'confirmation':
      return decideConfirmation(state, request, ask)
    case 'cancellation':
      return decideCancellation(state, request, ask)
    case 'resolution':
      return decideResolution(state, request, ask)
    case 'unclear_reversal':
      return decideUnclear(request, ask)
    case 'reversal':
      return decideReversal(state, request, ask)
  }
}

/** The place of a reversal's original has a row of another key: neither is changed. The chance of that is 2^-84. */
function meetsAnotherKey({ transactions }: State, ask: Ask): boolean {
  if (ask.act !== 'reversal' || isById(ask.original)) return false
  const there = transactions.get(keyText(ask.original))
  return there !== undefined && !isSameKey(there.key, ask.original)
}

/**
 * 12: the row of an operation lists the requesters that may ask for it. Every requester that knows an earlier
 * transaction may refer to it.
 */
function mayAsk({ requester }: Request, ask: Ask): boolean {
  const operation = ask.act === 'stage' ? ask.load.operation : 'operation' in ask ? ask.operation : null
  if (operation === null) return true
  const asks: readonly Asker[] = OPERATIONS[operation].asks
  return asks.includes(ASKERS[requester.channel])
}

function refused(request: Request, result: Result, earlier: Transaction | undefined): Outcome {
  if (earlier === undefined) return decline(request, result)
  return answerOnly(request, result, earlier.result === result ? earlier : null)
}

/**
 * The same request twice has one effect and one answer (docs/spec/terminal.md, section 4), unless it has been reversed since. A tombstone
 * knows no content: whatever comes under its key was reversed before it came; and its labels are the reversal's, so the
 * answer is built from the request itself.
 */
function stored(state: State, request: Request, earlier: Transaction): Outcome {
  if (!isSameKey(earlier.key, request.key)) return answerOnly(request, 'key_reused', null)
  if (isTombstone(earlier)) return answerOnly(request, 'original_reversed', rowOf(request, 'original_reversed', {}))
  if (earlier.content !== request.content || isOtherCard(state, request, earlier)) {
    return answerOnly(request, 'key_reused', null)
  }
  // A shop whose late confirmation was booked again has its payment: it gets the original answer.
  const stands = request.requester.channel === 'web' && earlier.undoneBy === 'rebooked'
  if (wasReversed(earlier) && !stands) return answerOnly(request, 'original_reversed', reversedSince(state, earlier))
  return answerOnly(request, earlier.result, earlier)
}

/** Shows neither its money nor the balances of back then, but those of now (21 is not among the codes without DE 54). */
function reversedSince(state: State, earlier: Transaction): Transaction {
  const card = earlier.cardId === null ? undefined : state.cards.get(earlier.cardId)
  const isHeard = card !== undefined && earlier.balances !== null
  const balances = !isHeard ? null : balancesOf(state, card, null)
  return { ...earlier, result: 'original_reversed', transfer: null, balances }
}

/** The content holds only what may be shown of a number; which card it was, the row knows where there was one. */
const isOtherCard = (state: State, { ask }: Request, { cardId }: Transaction): boolean =>
  ask.act === 'operation' && cardId !== null && state.cardsByHash.get(ask.presented.numberHash)?.id !== cardId

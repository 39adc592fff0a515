import type { Amount } from './money.ts'
import { OPERATIONS, type OperationRule } from './operations.ts'
import { accept, answerOnly, decline, linkTo } from './outcome.ts'
import type { CancellationAsk, ForwardAsk, Request } from './request.ts'
import { KIND } from './key.ts'
import type { Result } from './result.ts'
import type { Forwarding, Routed } from './routed.ts'
import type { CaseReason, Outcome, State } from './state.ts'
import type { Transaction } from './transaction.ts'

/**
 * An operation on a card of another host: recorded as pending, and sent once that is durable. Refusals that do not need
 * the host are made here; the host decides everything else about the card.
 */
export function decideForward(request: Request, ask: ForwardAsk): Outcome {
  const { operation, via } = ask
  const refusal = refusalOf(ask)
  if (refusal !== null) return withAdviceCase(request, decline(request, refusal, { operation }))
  const { account: _account, ...sending } = via
  return pending(request, { ...NEW, ...sending, id: request.id }, { operation })
}

/** 57, 13: requests that cannot be booked here, whatever the host answers. */
function refusalOf({ operation, amount, contra, via }: ForwardAsk): Result | null {
  if (!movesMoney(operation)) return null
  if (via.account === null) return 'issue_not_permitted'
  if (contra === null) return 'store_not_permitted'
  // A nominal sale may leave the amount to the host.
  if (amount === null) return operation === 'sale' ? null : 'amount_invalid'
  return amount > 0 ? null : 'amount_invalid'
}

const movesMoney = (operation: ForwardAsk['operation']): boolean => {
  const { card }: OperationRule = OPERATIONS[operation]
  return card === 'takes' || card === 'gives'
}

const NEW: Pick<Routed, 'hostCode' | 'hostReference' | 'lateCode' | 'cancelling'> = {
  hostCode: null,
  hostReference: null,
  lateCode: null,
  cancelling: null,
}

/**
 * An 0400 for what another host has booked: our own rules first, then that host is asked, while the original stands as
 * it is. One at a time, so that no two can both be approved.
 *
 * @param objection what the rules that all cancellations share have against it
 */
export function forwardCancellation(
  request: Request,
  ask: CancellationAsk,
  original: Transaction,
  routed: Routed,
  objection: Result | null,
): Outcome {
  const { operation, originalId, forStore } = linkTo(request, original)
  const facts = { operation, originalId, forStore }
  if (ask.presented !== null && ask.presented.shown !== routed.card) {
    return decline(request, 'unknown_card', { originalId: original.id })
  }
  if (original.state === 'pending' || original.transfer === null) return decline(request, 'original_not_found', facts)
  if (objection !== null) return decline(request, objection, facts)
  if (differs(ask.amount, original.transfer.amount)) return decline(request, 'amount_differs', facts)
  if (routed.cancelling !== null) return answerOnly(request, 'overloaded', null)
  if (ask.sending === null) return decline(request, 'upstream_silent', facts)

  const { upstream, confirms, card } = routed
  const own = { ...NEW, upstream, confirms, card, ...ask.sending, id: request.id }
  return pending(request, own, facts, [{ change: 'set', routed, set: { cancelling: request.id } }])
}

const differs = (asked: Amount | null, amount: Amount): boolean => asked !== null && asked !== amount

/** The row states that the host has not answered yet. */
const pending = (
  request: Request,
  routed: Routed,
  facts: Pick<Partial<Transaction>, 'operation' | 'originalId' | 'forStore'>,
  also: Outcome['routed'] = [],
): Outcome =>
  accept(request, 'upstream_silent', { ...facts, state: 'pending' }, { routed: [{ change: 'add', routed }, ...also] })

/** An advice reports an event at the till: its refusal leaves a case for a person. */
function withAdviceCase(request: Request, outcome: Outcome): Outcome {
  const cases = adviceCase(request, request.id, 'advice_refused')
  return { ...outcome, cases: [...outcome.cases, ...cases] }
}

export const adviceCase = ({ key }: Request, transactionId: number, reason: CaseReason): Outcome['cases'] =>
  key.kind === KIND.advice ? [{ change: 'open', transactionId, cardId: null, reason }] : []

/** The data that the edge needs to send the request of this outcome; null: nothing is to be sent. */
export function forwardingOf(state: State, { row }: Outcome): Forwarding | null {
  if (row === null || row.state !== 'pending') return null
  const routed = state.routed.get(row.id)
  if (routed === undefined) throw new Error(`transaction ${row.id} is pending and with no host`)
  const original = row.originalId === null ? undefined : state.transactionsById.get(row.originalId)
  const known = original === undefined ? undefined : state.routed.get(original.id)
  return { routed, original: original === undefined || known === undefined ? null : { row: original, routed: known } }
}

import { confirmByOf } from './approve.ts'
import { adviceCase } from './forward.ts'
import { type Amount, opposite, type Transfer } from './money.ts'
import { OPERATIONS, type OperationRule } from './operations.ts'
import { answerOnly } from './outcome.ts'
import type { AnswerAsk, Request } from './request.ts'
import { KIND } from './key.ts'
import type { Result } from './result.ts'
import type { HostAnswer, SafMessage, Routed, RoutedChange } from './routed.ts'
import { type Effects, NOTHING, type Outcome, type State } from './state.ts'
import type { Transaction } from './transaction.ts'
import { cancelling } from './undo.ts'

/** The pending transaction that the answer settles, with its related rows. */
type Pending = {
  readonly state: State
  readonly request: Request
  readonly ask: AnswerAsk
  readonly row: Transaction
  readonly routed: Routed
}

/** The final state of a row, and the further effects. */
type Ending = { readonly row: Transaction; readonly effects: Partial<Effects> }

/**
 * The second step of a forwarded request: the host's answer, or its absence, gives the row its final state. A second
 * attempt (a process that was considered dead, a late answer) finds the row settled and does not change it.
 */
export function decideAnswer(
  state: State,
  request: Request,
  ask: AnswerAsk,
  earlier: Transaction | undefined,
): Outcome {
  const routed = state.routed.get(ask.id)
  if (earlier === undefined || earlier.id !== ask.id || routed === undefined) {
    throw new Error(`transaction ${ask.id} has an answer and is not there`)
  }
  if (earlier.state !== 'pending') return tooLate(request, ask, earlier, routed)

  const c: Pending = { state, request, ask, row: earlier, routed }
  const { row, effects } = endingOf(c, ask.answer)
  const settled: RoutedChange = { change: 'set', routed, set: { answerBy: null, ...saidBy(ask.answer) } }
  return {
    ...NOTHING,
    request,
    result: row.result,
    row,
    ...effects,
    answered: [row],
    routed: [settled, ...noLongerCancelling(c)],
  }
}

const saidBy = (answer: HostAnswer): Pick<Routed, 'hostCode' | 'hostReference'> => ({
  hostCode: codeOf(answer),
  hostReference: answer.outcome === 'approved' ? answer.reference : null,
})

const codeOf = (answer: HostAnswer): string | null => (answer.outcome === 'not_sent' ? null : answer.code)

/** The original of an 0400 is free again for the next one. */
function noLongerCancelling({ state, row }: Pending): readonly RoutedChange[] {
  const original = row.originalId === null ? undefined : state.routed.get(row.originalId)
  return original?.cancelling === row.id ? [{ change: 'set', routed: original, set: { cancelling: null } }] : []
}

/** Recorded, never booked. A reversal that waited for the host to be done with the original need not wait any longer. */
function tooLate(request: Request, ask: AnswerAsk, row: Transaction, routed: Routed): Outcome {
  const result = row.state === 'reversed' ? 'original_reversed' : row.result
  const code = codeOf(ask.answer)
  if (routed.answerBy === null && (code === null || routed.hostCode !== null)) return answerOnly(request, result, row)
  return {
    ...answerOnly(request, result, row),
    routed: [{ change: 'set', routed, set: { answerBy: null, lateCode: code } }],
    safMessages: row.state === 'reversed' && routed.answerBy !== null ? [reversalOf(row, routed, request.at)] : [],
  }
}

const reversalOf = ({ id }: Transaction, { upstream }: Routed, since: number): SafMessage => ({
  transactionId: id,
  upstream,
  kind: 420,
  since,
})

function endingOf(c: Pending, answer: HostAnswer): Ending {
  switch (answer.outcome) {
    case 'not_sent':
      return declined(c, 'upstream_silent')
    case 'silent':
      return unknown(c)
    case 'declined':
      return declined(c, answer.result, answer.balances)
    case 'approved':
      return c.row.role === 'cancels' ? cancelled(c, answer) : booked(c, answer)
  }
}

type Approval = Extract<HostAnswer, { outcome: 'approved' }>

function declined({ request, row }: Pending, result: Result, balances: Transaction['balances'] = null): Ending {
  return {
    row: { ...row, state: 'declined', result, balances },
    effects: { cases: adviceCase(request, row.id, 'advice_refused') },
  }
}

/** The host may have booked it: answer 91, owe the host a reversal, and open a case until the host has acknowledged it. */
function unknown(c: Pending): Ending {
  const { row, effects } = declined(c, 'upstream_silent')
  if (!mayHaveMoved(row)) return { row, effects }
  const { id } = row
  const silent = { change: 'open', transactionId: id, cardId: null, reason: 'upstream_silent' } as const
  const cases = effects.cases?.length === 0 ? [silent] : (effects.cases ?? [])
  return { row, effects: { cases, safMessages: [reversalOf(row, c.routed, c.request.at)] } }
}

const mayHaveMoved = ({ role, operation }: Transaction): boolean =>
  role === 'cancels' || (operation !== null && OPERATIONS[operation].card !== 'leaves')

/** The host has booked the operation: it is booked here too, if the host's answer is consistent with the request. */
function booked(c: Pending, answer: Approval): Ending {
  const { request, ask, row } = c
  const { operation } = row
  if (operation === null) throw new Error(`transaction ${row.id} was forwarded without an operation`)
  const rule: OperationRule = OPERATIONS[operation]
  const approval = rule.card === 'leaves' ? { result: 'approved' as const, amount: 0 } : amountOf(c, answer.amount)
  if (approval === null) return unknown(c)
  if (approval.result === 'exceeds_balance') {
    const { effects } = unknown(c)
    return { row: { ...row, state: 'declined', result: 'exceeds_balance' }, effects }
  }
  const transfer = transferOf(rule, ask, approval.amount)
  const waits = rule.confirmed && request.confirmation !== 'none' && row.key.kind !== KIND.advice
  return { row: { ...approved(c, answer, transfer, waits), result: approval.result }, effects: {} }
}

/**
 * The requested amount, or less of a payment if the terminal accepts partial approvals; otherwise a smaller amount is
 * no approval, and is reversed. Null: an amount that was not requested.
 */
function amountOf(
  { ask, row }: Pending,
  given: Amount | null,
): { readonly result: 'approved' | 'approved_partially' | 'exceeds_balance'; readonly amount: Amount } | null {
  const asked = row.labels.amount ?? 0
  const amount = given ?? asked
  if (amount > 0 && (amount === asked || asked === 0)) return { result: 'approved', amount }
  if (amount <= 0 || amount > asked || row.operation !== 'payment') return null
  return { result: ask.partial ? 'approved_partially' : 'exceeds_balance', amount }
}

function transferOf({ card }: OperationRule, { account, contra }: AnswerAsk, amount: Amount): Transfer | null {
  if (card === 'leaves') return null
  if (account === null || contra === null) throw new Error('forwarded without the accounts to book it on')
  return card === 'gives' ? { debit: contra, credit: account, amount } : { debit: account, credit: contra, amount }
}

/** Approved now, on the business day of now: the terminal may have ended its day while the host was thinking. */
const approved = ({ request, row }: Pending, answer: Approval, transfer: Transfer | null, waits: boolean) => ({
  ...row,
  businessDate: request.businessDate,
  labels: { ...row.labels, approvalCode: answer.approvalCode ?? row.labels.approvalCode },
  transfer,
  balances: answer.balances,
  result: 'approved' as const,
  state: waits ? ('unconfirmed' as const) : ('confirmed' as const),
  confirmBy: waits ? confirmByOf(request) : null,
})

/** The host has cancelled it. Where it was undone here meanwhile, it cannot be undone once more: the host gets it back. */
function cancelled(c: Pending, answer: Approval): Ending {
  const { state, request, row, routed } = c
  const original = row.originalId === null ? undefined : state.transactionsById.get(row.originalId)
  if (original === undefined || original.transfer === null) throw new Error(`what ${row.id} cancels is not there`)
  const waits = request.confirmation !== 'none'
  const step = STANDS.has(original.state) ? cancelling(state, original, waits) : null
  if (step === null) {
    const { row: refused } = declined(c, 'original_done')
    return { row: refused, effects: { safMessages: [reversalOf(row, routed, request.at)] } }
  }
  const { settlements, changes } = step
  return {
    row: approved(c, answer, opposite(original.transfer), waits),
    effects: { settlements, cards: changes },
  }
}

const STANDS: ReadonlySet<Transaction['state']> = new Set(['unconfirmed', 'confirmed'])

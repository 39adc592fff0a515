import type { AccountId } from '../core/money.ts'
import { KIND, type Key, timerKey } from '../core/key.ts'
import type { Operation } from '../core/operations.ts'
import { TERMINAL } from '../core/channel.ts'
import type { Ask, Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import { approvalCodeOf } from '../messages/approval-code.ts'
import { referenceOf } from '../messages/transmission-time.ts'

/* The tills of the demo's history: each request as the switch would have made it. */

/** The connection from the story to the database: ids, accounts, and the answer to each request. */
export type Books = {
  readonly nextId: () => number
  readonly account: (kind: 'store_receivable' | 'store_payable', store: string) => AccountId
  /** The name under which the card of a serial is known; null: a number that is no card's. */
  readonly hashOf: (serial: number | null) => string
  readonly book: (request: Request) => Result
  /** Ends the business day of the request's terminal. */
  readonly closeDay: (request: Request) => void
}

export type Till = { readonly code: string; readonly store: string; readonly confirmation: Request['confirmation'] }
const [FIRST, SECOND] = ['000000000000001', '000000000000002']
/** The terminals of `demo-setting.ts` that need no MAC, and the confirmation policy of each. */
export const EXPLICIT: Till = { code: 'DEMO0001', store: FIRST, confirmation: 'explicit' }
export const TILLS: readonly Till[] = [
  EXPLICIT,
  { code: 'DEMO0004', store: FIRST, confirmation: 'none' },
  { code: 'DEMO0006', store: SECOND, confirmation: 'explicit' },
]
const CURRENCY = 985
const [SECOND_MS, MINUTE_MS, DAY_MS] = [1_000, 60_000, 86_400_000]
const TIMEOUT_MS = 120_000
/** The trace numbers of the story: far above those with which a till begins. */
const FIRST_STAN = 900_001

const CODES = {
  sale: '900060',
  payment: '006000',
  top_up: '210060',
  refund: '200060',
  balance: '316000',
} as const
type Asked = keyof typeof CODES

type Payment = {
  readonly serial: number
  readonly key: Key
  readonly till: Till
  readonly rrn: string
  readonly amount: number
}

type What = { readonly amount: number | null; readonly entryMode: string; readonly ask: Ask }

/** Makes requests as the switch would, each with the next trace number. */
function openRequests(nextId: Books['nextId']) {
  let stan = FIRST_STAN
  return (till: Till, at: number, kind: number, code: string, what: What): Request => {
    const id = nextId()
    const key = { store: till.store, terminal: till.code, kind, stan: stan++, transmitted: transmittedAt(at) }
    const rrn = referenceOf(key.transmitted, key.stan)
    const { amount, entryMode } = what
    const day = new Date(at).toISOString().slice(0, 10)
    const labels = {
      processingCode: code, localTime: String(key.transmitted).slice(4), rrn, approvalCode: approvalCodeOf(id), entryMode,
      amount, currency: amount === null ? null : CURRENCY, echo: null, line: 'iso-demo', trace: `demo-${key.stan}`,
    } // prettier-ignore
    return {
      id, spareId: nextId(), key, content: '0'.repeat(32), requester: TERMINAL, source: till.code, at, today: day,
      businessDate: day, confirmation: till.confirmation, confirmTimeoutMs: TIMEOUT_MS, lateConfirmWindowMs: DAY_MS,
      cancelWindowMs: null, labels, ask: what.ask, attached: [],
    } // prettier-ignore
  }
}

function openAsking({ nextId, account, hashOf, book, closeDay }: Books) {
  const requestOf = openRequests(nextId)
  const ask = (
    till: Till,
    at: number,
    kind: number,
    code: string,
    what: What,
  ): { readonly key: Key; readonly rrn: string; readonly result: Result; readonly id: number } => {
    const request = requestOf(till, at, kind, code, what)
    const { key, labels, id } = request
    return { key, rrn: labels.rrn, result: book(request), id }
  }
  const operation = (
    till: Till,
    at: number,
    name: Asked,
    serial: number | null,
    amount: number | null,
    receipt: string | null = null,
  ) =>
    ask(till, at, name === 'balance' ? KIND.inquiry : KIND.financial, CODES[name], {
      amount,
      entryMode: '022',
      ask: operationAsk(name, hashOf(serial), amount, contraOf(name, till.store), receipt),
    })
  const contraOf = (name: Asked, store: string): AccountId | null =>
    name === 'balance'
      ? null
      : account(name === 'sale' || name === 'top_up' ? 'store_receivable' : 'store_payable', store)
  /** The confirmation that a till with explicit confirmation sends two seconds after an approval. */
  const confirm = (till: Till, at: number, code: string, { key, result }: { key: Key; result: Result }): boolean => {
    if (result !== 'approved') return false
    if (till.confirmation === 'explicit') {
      ask(till, at + 2 * SECOND_MS, KIND.confirmation, code, {
        amount: null, entryMode: '', ask: { act: 'confirmation', original: key },
      }) // prettier-ignore
    }
    return true
  }
  const reverse = (till: Till, at: number, original: Key, amount: number): void => {
    ask(till, at, KIND.reversal, CODES.payment, {
      amount, entryMode: '', ask: { act: 'reversal', by: 'terminal', original, amount, presented: null },
    }) // prettier-ignore
  }
  const completed = (
    till: Till,
    at: number,
    name: Asked,
    serial: number | null,
    amount: number,
    receipt: string | null = null,
  ) => {
    const asked = operation(till, at, name, serial, amount, receipt)
    return confirm(till, at, CODES[name], asked) ? asked : null
  }
  const close = (till: Till, at: number): void => {
    const nothing = { act: 'refused', result: 'approved', role: 'informs' } as const
    closeDay(requestOf(till, at, KIND.dayEnd, '', { amount: null, entryMode: '', ask: nothing }))
  }
  return { operation, confirm, reverse, completed, ask, close }
}

export type Tills = ReturnType<typeof openTills>

/** The actions at the tills; each action sends everything that a real till would send. */
export function openTills(books: Books) {
  const { ask, operation, confirm, reverse, completed, close } = openAsking(books)
  const { book, nextId } = books
  return {
    close,
    sale: (till: Till, at: number, serial: number, amount: number): boolean =>
      completed(till, at, 'sale', serial, amount) !== null,
    payment(till: Till, at: number, serial: number | null, amount: number): Payment | null {
      const asked = completed(till, at, 'payment', serial, amount)
      return asked === null || serial === null ? null : { serial, key: asked.key, till, rrn: asked.rrn, amount }
    },
    topUp(till: Till, at: number, serial: number | undefined, amount: number): void {
      if (serial !== undefined) completed(till, at, 'top_up', serial, amount)
    },
    balance(till: Till, at: number, serial: number | undefined): void {
      if (serial !== undefined) operation(till, at, 'balance', serial, null)
    },
    cancel({ till, key, amount }: Payment, at: number): void {
      const cancelled = ask(till, at, KIND.cancellation, CODES.payment, {
        amount, entryMode: '', ask: { act: 'cancellation', original: key, amount, presented: null, sending: null },
      }) // prettier-ignore
      confirm(till, at, CODES.payment, cancelled)
    },
    refund({ till, serial, rrn, amount }: Payment, at: number): void {
      completed(till, at, 'refund', serial, Math.ceil(amount / 2), rrn)
    },
    /** Its answer never came: the till takes it back. */
    broken(at: number, serial: number, amount: number): void {
      const { key } = operation(EXPLICIT, at, 'payment', serial, amount)
      reverse(EXPLICIT, at + 20 * SECOND_MS, key, amount)
    },
    /** Taken back after it was confirmed, which only a person can decide. */
    disputed(at: number, serial: number | undefined): void {
      const paid = serial === undefined ? null : completed(EXPLICIT, at, 'payment', serial, 20_00)
      if (paid !== null) reverse(EXPLICIT, at + 10 * MINUTE_MS, paid.key, 20_00)
    },
    /** A payment that no terminal confirmed in time. */
    silent(at: number, serial: number | undefined, { isToldLater }: { readonly isToldLater: boolean }): void {
      if (serial === undefined) return
      const { key, id, result } = operation(EXPLICIT, at, 'payment', serial, 12_50)
      if (result !== 'approved') return
      book(timerRequest(nextId(), nextId(), id, key, at + TIMEOUT_MS))
      if (isToldLater) confirm(EXPLICIT, at + 40 * MINUTE_MS, CODES.payment, { key, result })
    },
  }
}

/** As the confirm timer asks. */
const timerRequest = (id: number, spareId: number, originalId: number, original: Key, at: number): Request => {
  const day = new Date(at).toISOString().slice(0, 10)
  return {
    id, spareId, key: timerKey(originalId), content: '0'.repeat(32), requester: { channel: 'job', who: 'confirm-timer' },
    source: 'timer', at, today: day, businessDate: day, confirmation: 'none', confirmTimeoutMs: 0, lateConfirmWindowMs: 0,
    cancelWindowMs: null, attached: [],
    labels: {
      processingCode: CODES.payment, localTime: '', rrn: '', approvalCode: '', entryMode: '', amount: null,
      currency: CURRENCY, echo: null, line: 'timer', trace: `timer-${originalId}`,
    },
    ask: { act: 'reversal', by: 'timer', original, amount: null, presented: null },
  } // prettier-ignore
}

const operationAsk = (
  operation: Operation,
  numberHash: string,
  amount: number | null,
  contra: AccountId | null,
  receipt: string | null,
): Ask => ({
  act: 'operation',
  operation,
  presented: {
    numberHash, otherHash: null, newestKey: 1, shown: '', luhn: true, by: 'stripe',
    stripe: { expiry: '4912', version: 0, genuine: true }, ecodeHash: null,
  },
  nominal: false,
  amount,
  currency: amount === null ? null : CURRENCY,
  contra,
  partial: false,
  ontoNew: false,
  block: null,
  successor: null,
  receipt,
  office: null,
}) // prettier-ignore

/** YYYYMMDDhhmmss. */
const transmittedAt = (at: number): number => Number(new Date(at).toISOString().slice(0, 19).replaceAll(/\D/gu, ''))

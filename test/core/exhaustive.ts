import { isDeepStrictEqual } from 'node:util'
import { type Ask, KIND, type Key, type Request } from '../../src/core/request.ts'
import { isApproved } from '../../src/core/result.ts'
import type { Outcome } from '../../src/core/state.ts'
import { isTombstone, NEXT_REQUEST, type Transaction } from '../../src/core/transaction.ts'
import { type Books, openBooks } from './books.ts'
import {
  cancellationAsk,
  confirmationAsk,
  numberNamed,
  operationAsk,
  requestOf,
  reversalAsk,
  timerRequest,
  type Circumstances,
} from './requests.ts'
import { accountOf, cardIdOf, CONFIRM_TIMEOUT, issueNamed, newCard, START, type TerminalName } from './setting.ts'

/**
 * What can happen to one operation, in any order and as often as there is room: `request` is its message under its one
 * key, `repeat` says the last message once more, whatever it was; `reversal`, `confirmation` and `cancellation` are
 * about the operation, the `undo-` ones about the last cancellation; the `timer` comes when everything is overdue.
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

export type Variant = {
  readonly name: string
  /** What is there before: the card's money, a payment for the receipt. */
  readonly balance: number
  readonly issue: string
  readonly operation: 'sale' | 'top_up' | 'payment' | 'refund' | 'cash_out' | 'duplicate'
  readonly amount: number | null
  readonly more?: 'nominal' | 'partial' | 'new' | 'receipt' | 'advice'
  readonly terminal: TerminalName
}

const OPERATIONS: readonly Omit<Variant, 'terminal'>[] = [
  { name: 'sale', balance: 0, issue: 'OPEN', operation: 'sale', amount: 5_000 },
  { name: 'nominal sale', balance: 0, issue: 'GIFT50', operation: 'sale', amount: null, more: 'nominal' },
  { name: 'top-up', balance: 10_000, issue: 'OPEN', operation: 'top_up', amount: 5_000 },
  { name: 'payment', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 7_000 },
  { name: 'partial payment', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 17_000, more: 'partial' },
  { name: 'payment advice', balance: 10_000, issue: 'OPEN', operation: 'payment', amount: 7_000, more: 'advice' },
  { name: 'refund', balance: 10_000, issue: 'OPEN', operation: 'refund', amount: 7_000 },
  { name: 'refund on receipt', balance: 10_000, issue: 'OPEN', operation: 'refund', amount: 700, more: 'receipt' },
  { name: 'refund onto a new card', balance: 0, issue: 'OPEN', operation: 'refund', amount: 7_000, more: 'new' },
  { name: 'cash-out', balance: 1_000, issue: 'OPEN', operation: 'cash_out', amount: 300 },
  { name: 'duplicate', balance: 10_000, issue: 'OPEN', operation: 'duplicate', amount: null },
]

export const VARIANTS: readonly Variant[] = (['E1', 'N1', 'O1'] as const).flatMap((terminal) =>
  OPERATIONS.map((variant) => ({ ...variant, terminal })),
)

/** Every sequence of that many events. */
export function* sequences(length: number): Generator<readonly Event[]> {
  if (length === 0) return yield []
  for (const rest of sequences(length - 1)) for (const event of EVENTS) yield [...rest, event]
}

/** Plays one sequence, proving the books after each event and what came of it at the end. @throws what was wrong */
export function play(variant: Variant, events: readonly Event[]): void {
  const till = openTill(variant)
  for (const event of events) till.happens(event)
  till.settles()
}

type Answered = { readonly request: Request; readonly outcome: Outcome }

function openTill(variant: Variant) {
  const { books, opening, receipt } = prepare(variant)
  const original = build(variant, receipt)
  const first = new Map<string, Answered>()
  const answers: Answered[] = []
  let cancellation: Key | null = null
  let last: Request | null = null
  let at = START + 10_000
  let id = 2_000_000

  const circumstances = (kind: number): Circumstances => {
    id += 2
    return { id, terminal: variant.terminal, kind, stan: (id / 2) % 1_000_000, at, day: null }
  }
  const send = (request: Request): void => {
    last = request
    const outcome = books.run(request)
    answers.push({ request, outcome })
    sameAnswer(first, books, request, outcome)
  }
  const ask = (what: Ask, kind: number): Request => requestOf(what, circumstances(kind))

  const happens = (event: Event): void => {
    at += 1_000
    switch (event) {
      case 'request':
        id += 2
        return send({ ...original, id, spareId: id + 1, at })
      case 'repeat':
        id += 2
        return send({ ...(last ?? original), id, spareId: id + 1, at })
      case 'reversal':
        return send(ask(reversalAsk(original.key), KIND.reversal))
      case 'confirmation':
        return send(ask(confirmationAsk(original.key), KIND.confirmation))
      case 'cancellation': {
        const request = ask(cancellationAsk(original.key), KIND.cancellation)
        cancellation = request.key
        return send(request)
      }
      case 'undo-reversal':
        if (cancellation !== null) send(ask(reversalAsk(cancellation), KIND.reversal))
        return
      case 'undo-confirmation':
        if (cancellation !== null) send(ask(confirmationAsk(cancellation), KIND.confirmation))
        return
      case 'timer':
        at += CONFIRM_TIMEOUT
        return fireTimers()
      case 'restart':
        return books.restart()
    }
  }
  const fireTimers = (): void => {
    for (const row of books.rows()) {
      if (row.confirmBy === null || row.confirmBy > at) continue
      id += 2
      books.run(timerRequest(row, id, at))
    }
  }

  return {
    happens,
    /** Time passes and nobody says anything more; under policy `next` the terminal does something else first. */
    settles() {
      at += 10 * CONFIRM_TIMEOUT
      fireTimers()
      if (variant.terminal === 'N1') {
        const other = operationAsk('payment', 'C5', 1, { contra: accountOf('store_payable', 'S1') })
        books.run(ask(other, KIND.financial))
        books.run(ask(other, KIND.financial))
      }
      concludes(variant, books, original.key, opening, answers)
    },
  }
}

/** The same key: the same answer, byte for byte, or that it was reversed since. */
function sameAnswer(first: Map<string, Answered>, books: Books, request: Request, outcome: Outcome): void {
  const name = JSON.stringify(request.key)
  const earlier = first.get(name)
  if (earlier === undefined) {
    first.set(name, { request, outcome })
    return
  }
  const row = books.row(request.key)
  const isReversed = row?.state === 'reversed'
  const wanted = isReversed ? 'original_reversed' : earlier.outcome.result
  must(outcome.result === wanted, `the repeat was answered ${outcome.result} instead of ${wanted}`)
  if (isReversed) return
  must(isDeepStrictEqual(shown(outcome.row), shown(earlier.outcome.row)), 'the repeat shows something else')
}

const shown = (row: Transaction | null) =>
  row === null ? null : [row.id, row.labels, row.balances, row.transfer, row.result]

/** What must be true once nobody waits for anything any more. */
function concludes(variant: Variant, books: Books, key: Key, opening: number, answers: readonly Answered[]): void {
  const rows = books.rows()
  const row = books.row(key)
  must(
    !rows.some(({ confirmBy }) => confirmBy !== null && confirmBy !== NEXT_REQUEST),
    'something is unconfirmed still',
  )
  must(row?.state !== 'unconfirmed', 'the operation is unconfirmed still')

  // The card holds what it had, and what the operation did if it stands: nothing was given back twice, or half.
  const stands = row !== null && (row.state === 'confirmed' || row.undoneBy === 'rebooked')
  const moved = row?.transfer == null || variant.operation === 'duplicate' ? 0 : row.transfer.amount
  const gives = variant.operation !== 'payment' && variant.operation !== 'cash_out'
  const wanted = opening + (stands ? (gives ? moved : -moved) : 0)
  const card = books.card(cardIdOf('C1'))
  const successor = books.card(cardIdOf('C2'))
  const total = card.ledger + successor.ledger
  must(total === wanted, `${total} on the card in the end, expected ${wanted}`)
  must(card.available === card.ledger && successor.available === successor.ledger, 'not all of it is available')
  if (variant.operation === 'duplicate') {
    must((card.state === 'replaced') === stands, `the old card is ${card.state}`)
    must(successor.ledger === (stands ? opening : 0), `${successor.ledger} on the new card`)
  }
  if (opening === 0) must((card.state === 'sold') === stands, `the card is ${card.state}`)

  agrees(books, row, key, stands, answers)
}

/** Terminal and books end up agreeing, or a case is open. */
function agrees(books: Books, row: Transaction | null, key: Key, stands: boolean, answers: readonly Answered[]): void {
  const about = answers.filter(({ request: { ask } }) => 'original' in ask && isDeepStrictEqual(ask.original, key))
  const said = (act: Ask['act'], result: string): boolean =>
    about.some(({ request, outcome }) => request.ask.act === act && outcome.result === result)
  const isOpen = row !== null && books.cases.get(row.id)?.open === true
  const wasApproved = row !== null && isApproved(row.result)

  const confirmed = said('confirmation', 'approved')
  const reversed = wasApproved && said('reversal', 'approved')
  must(!(confirmed && reversed), 'both a confirmation and a reversal were acknowledged')
  if (confirmed) must(stands || row?.state === 'cancelled', 'a confirmation was acknowledged, and it did not happen')
  if (reversed) must(!stands && row.state === 'reversed', 'a reversal was acknowledged, and it happened all the same')
  if (row !== null && isTombstone(row)) must(!stands, 'what was reversed before it came has happened')
  if (said('reversal', 'approved_with_case')) {
    must(isOpen, 'a reversal was answered CASE, and there is none')
    must(stands || row?.state === 'cancelled', 'a reversal was answered CASE, though it was reversed')
  }
  if (row?.undoneBy === 'timer') must(isOpen, 'the timer reversed it, and there is no case')
  if (row?.undoneBy === 'rebooked') must(!isOpen || said('reversal', 'approved_with_case'), 'the case is still open')

  const asked = answers.findIndex(({ request }) => isDeepStrictEqual(request.key, key))
  const insists = answers
    .slice(asked + 1)
    .some(({ request: { ask } }) => about.length > 0 && ask.act === 'confirmation')
  const denies = about.some(({ request: { ask } }) => ask.act === 'reversal')
  const isOurs = answers.every(({ request: { ask } }) => ask.act !== 'cancellation')
  if (wasApproved && insists && !denies && isOurs) must(stands, 'the terminal says that it happened, and it did not')
  const wasRefused = said('confirmation', 'original_reversed')
  if (wasRefused) must(isOpen || stands || reversed, 'a confirmation was refused, and there is no case')
}

function prepare({ balance, issue, more, operation, terminal }: Variant): {
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
  return { books, opening: balance - spent, receipt: more === 'receipt' ? rrn : null }
}

function build({ operation, amount, more, terminal }: Variant, receipt: string | null): Request {
  const contra = operation === 'sale' || operation === 'top_up' ? 'store_receivable' : 'store_payable'
  return requestOf(
    operationAsk(operation, 'C1', amount, {
      contra: operation === 'duplicate' ? null : accountOf(contra, 'S1'),
      nominal: more === 'nominal',
      partial: more === 'partial',
      ontoNew: more === 'new',
      receipt,
      successor: operation === 'duplicate' ? numberNamed('C2') : null,
    }),
    { id: 0, terminal, kind: more === 'advice' ? KIND.advice : KIND.financial, stan: 1, at: START + 10_000, day: null },
  )
}

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

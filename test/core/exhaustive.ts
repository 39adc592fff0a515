import { isDeepStrictEqual } from 'node:util'
import type { Block } from '../../src/core/card.ts'
import type { Ask, Request } from '../../src/core/request.ts'
import { KIND, type Key } from '../../src/core/key.ts'
import { isApproved } from '../../src/core/result.ts'
import type { Outcome } from '../../src/core/state.ts'
import { isTombstone, NEXT_REQUEST, type Transaction } from '../../src/core/transaction.ts'
import type { Books } from './books.ts'
import { build, type Event, prepare, ruleOf, type Variant } from './exhaustive-variants.ts'
import {
  cancellationAsk,
  confirmationAsk,
  operationAsk,
  requestOf,
  reversalAsk,
  timerRequest,
  type Circumstances,
} from './requests.ts'
import { accountOf, cardIdOf, CONFIRM_TIMEOUT, START } from './setting.ts'

/** Plays one sequence, checking the books after each event and the result at the end. @throws the fault */
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
    /** Time passes without further messages; under policy `next` the terminal first does something else. */
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

/** The conditions that must hold once nothing is pending. */
function concludes(variant: Variant, books: Books, key: Key, opening: number, answers: readonly Answered[]): void {
  const rows = books.rows()
  const row = books.row(key)
  must(
    !rows.some(({ confirmBy }) => confirmBy !== null && confirmBy !== NEXT_REQUEST),
    'something is unconfirmed still',
  )
  must(row?.state !== 'unconfirmed', 'the operation is unconfirmed still')

  // The card has its former balance, and the effect of the operation if it stands: nothing was returned twice or in
  // part.
  const stands = row !== null && (row.state === 'confirmed' || row.undoneBy === 'rebooked')
  const moved = row?.transfer == null || variant.operation === 'duplicate' ? 0 : row.transfer.amount
  const gives = ruleOf(variant.operation).card === 'gives'
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
  if (variant.operation === 'expiry') must((card.state === 'expired') === stands, `the card is ${card.state}`)
  const wasBlocked = variant.card?.block ?? null
  must(card.block === blockAfter(variant, stands, wasBlocked), `the card is blocked as ${card.block}`)

  // Requests that move nothing are never unconfirmed: an 0420 about one is answered and changes nothing.
  if (variant.operation === 'balance' || variant.operation === 'block' || variant.operation === 'unblock') return
  agrees(books, row, key, stands, answers)
}

/** How the card is blocked in the end: only a block or unblock that stands changes that. */
const blockAfter = ({ operation }: Variant, stands: boolean, before: Block | null): Block | null =>
  stands && operation === 'block' ? 'lost' : stands && operation === 'unblock' ? null : before

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

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

import { isDeepStrictEqual } from 'node:util'
import type { CaseChange, Outcome } from '../../src/core/state.ts'
import type { Block } from '../../src/core/card.ts'
import type { Ask, ForwardAsk, Office, OperationAsk, Presented, Request } from '../../src/core/request.ts'
import { type Key, keyText, KIND } from '../../src/core/key.ts'
import type { Pack } from '../../src/core/pack.ts'
import type { Result } from '../../src/core/result.ts'
import type { RestAsk } from '../../src/core/shortfall.ts'
import type { HostAnswer } from '../../src/core/routed.ts'
import { OPERATIONS, type Operation, type OperationRule } from '../../src/core/operations.ts'
import { type Books, openBooks } from './books.ts'
import {
  cancellationAsk,
  confirmationAsk,
  ecommerceOf,
  numberNamed,
  numberOf,
  operationAsk,
  requestOf,
  reversalAsk,
  stripeOf,
  timerRequest,
} from './requests.ts'
import {
  accountOf,
  cardIdOf,
  ecodeHashOf,
  issueNamed,
  newCard,
  PLN,
  START,
  TERMINALS,
  type TerminalName,
} from './setting.ts'

/**
 * A story is a text, a line per request or check, run in order against the same books:
 *
 *   given   C1 sold 15000 issue=OPEN block=lost until=2026-11-21   a card, its money put there by a sale
 *   payment P1 C1 100 partial at=E2 -> approved 14900/14900        any operation: name, card, amount (- none), what else
 *   confirm K1 P1 -> approved                                      also: cancel, reverse; P1@E2 is P1's key as of E2
 *   cancel  X1 P1 within=60s -> approved                           under a cancelWindowMs; without one on the same business day
 *   unclear V1 -> approved_with_case                               an 0420 of which nobody knows what it is about
 *   resolve D1 P1 reverse -> approved                              a clerk's decision on the case about P1
 *   refused R1 P1 wrong_store -> wrong_store                       what the edge refuses; under P1's key
 *   draft payment P1 C1 100                                        not sent yet; `again P1` sends it
 *   pack    7 store active authorised                              there, or in another state
 *   given   C1 inactive pack=7                                     a card in it
 *   block   B1 C1 - block=lost office -> approved                  asked for by a person, not at a terminal
 *   extension X1 C1 - until=2027-01-31 expiry=E1 -> approved       what only people ask for
 *   payment P1 C1 100 web -> approved                              a web shop asks; `final`: nobody has to confirm it
 *   confirm K1 P1 web keep=60 -> approved                          keeps 60 of it; `reverse V1 P1 web`: the shop takes it back
 *   again   P1 -> approved                                         the same request once more; `content=x`: not the same
 *   timer   P1 -> approved                                         what the confirm timer submits
 *   payment P1 H1 100 via -> upstream_silent                       a card of another host: recorded, to be sent (`via=deaf`: no 0202)
 *   answer  A1 P1 approved amount=90 -> approved                   what that host said; declined=RESULT, silent, not_sent
 *   owed    P1 202 420                                             a check: what the host of P1 is owed, or `none`
 *   wait    121s                                                   s, m, h, d
 *   restart                                                        plain rows are all that is left
 *   card    C1 sold 14900/14900                                    checks: a card, a transaction, a case
 *   state   P1 confirmed
 *   case    P1 open unconfirmed +reversal_too_late                 or `closed confirmed_late`, or `none`
 *
 * Ledger and available balance after an arrow's result are those that the answer shows.
 */
export function tell(text: string, heard: Heard): void {
  const story: Story = { books: openBooks(), requests: new Map(), shown: new Map(), at: START, next: 1_000_000, heard }
  for (const [i, line] of text.split('\n').entries()) {
    const words = line
      .replace(/\/\/.*/, '')
      .trim()
      .split(/\s+/)
    if (words[0] === '') continue
    try {
      step(story, words)
    } catch (error) {
      throw new Error(`line ${i + 1}: ${line.trim()}\n  ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

/** Everything that stories have brought about, for the test that nothing was forgotten. */
export type Heard = {
  readonly operations: Set<string>
  readonly results: Set<string>
  readonly states: Set<string>
  readonly undoers: Set<string>
  readonly reasons: Set<string>
  readonly resolutions: Set<string>
  readonly events: Set<string>
}

type Story = {
  readonly books: Books
  readonly requests: Map<string, Request>
  /** By key and result: what the answer was built from. */
  readonly shown: Map<string, unknown>
  at: number
  next: number
  readonly heard: Heard
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const millisOf = (text: string): number => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS]

function step(story: Story, words: readonly string[]): void {
  const [verb = '', name = '', ...rest] = words
  story.at += 1_000
  switch (verb) {
    case 'wait':
      story.at += millisOf(name)
      return
    case 'restart':
      return story.books.restart()
    case 'draft':
      requestFor(story, name, rest[0] ?? '', rest.slice(1))
      return
    case 'given':
      return give(story, name, rest)
    case 'pack':
      return setPack(story, name, rest)
    case 'card':
      return expectCard(story, name, rest)
    case 'state':
      return expectText(rowNamed(story, name)?.state ?? 'nothing', rest.join(' '))
    case 'owed': {
      const row = rowNamed(story, name)
      return expectText((row === null ? undefined : story.books.owed.get(row.id))?.join(' ') ?? 'none', rest.join(' '))
    }
    case 'case':
      return expectText(caseText(story, name), rest.join(' '))
    default:
      return ask(story, verb, name, rest)
  }
}

/** One request, and the expected result. */
function ask(story: Story, verb: string, name: string, rest: readonly string[]): void {
  const arrow = rest.indexOf('->')
  if (arrow < 0) throw new Error(`what is ${verb}?`)
  const request = requestFor(story, verb, name, rest.slice(0, arrow))
  const outcome = story.books.run(request)
  listen(story, request, outcome)
  const [result = '', balances] = rest.slice(arrow + 1)
  expectText(outcome.result, result)
  if (balances !== undefined) {
    const shown = outcome.row?.balances
    expectText(shown == null ? 'none' : `${shown.ledger}/${shown.available}`, balances)
  }
}

function requestFor(story: Story, verb: string, name: string, said: readonly string[]): Request {
  const options = optionsOf(said)
  if (verb === 'again') return again(story, requestNamed(story, name), options)
  if (verb === 'timer') {
    const original = rowNamed(story, name)
    if (original === null) throw new Error(`${name} left no row for the timer`)
    return timerRequest(original, takeId(story), story.at)
  }
  const id = takeId(story)
  const terminal = (options.get('at') ?? 'E1') as TerminalName
  const circumstances = { id, terminal, stan: id % 1_000_000, at: story.at, day: options.get('day') ?? null }
  const request = asShop(build(story, verb, said, options, circumstances), options)
  story.requests.set(name, request)
  return request
}

/** The same request, asked by a web shop. */
function asShop(request: Request, options: ReadonlyMap<string, string>): Request {
  if (!options.has('web')) return request
  const { ask } = request
  const keep = options.get('keep')
  return {
    ...request,
    requester: { channel: 'web', who: 'SHOP' },
    confirmation: options.has('final') ? 'none' : request.confirmation,
    ask:
      ask.act === 'reversal'
        ? { ...ask, by: 'shop' }
        : ask.act === 'confirmation' && keep !== undefined
          ? { ...ask, kept: Number(keep) }
          : ask.act === 'operation' && options.has('draws')
            ? { ...ask, newEcodeHash: ecodeHashOf(`new ${options.get('draws') ?? ''}`) }
            : ask,
  }
}

type Named = { id: number; terminal: TerminalName; stan: number; at: number; day: string | null }

function build(
  story: Story,
  verb: string,
  said: readonly string[],
  options: ReadonlyMap<string, string>,
  circumstances: Named,
): Request {
  const [about = ''] = said
  const amount = options.has('amount') ? Number(options.get('amount')) : null
  switch (verb) {
    case 'confirm':
      return requestOf(confirmationAsk(keyNamed(story, about)), { ...circumstances, kind: KIND.confirmation })
    case 'cancel': {
      const presented = options.has('card') ? presentedBy(options.get('card') ?? '', options) : null
      const ask = cancellationAsk(keyNamed(story, about), amount, presented)
      const sending = options.has('alone') ? null : sendingAt(circumstances)
      const request = requestOf({ ...ask, sending }, { ...circumstances, kind: KIND.cancellation })
      return options.has('within') ? { ...request, cancelWindowMs: millisOf(options.get('within') ?? '') } : request
    }
    case 'reverse': {
      const presented = options.has('card') ? presentedBy(options.get('card') ?? '', options) : null
      return requestOf(reversalAsk(keyNamed(story, about), amount, presented), {
        ...circumstances,
        kind: KIND.reversal,
      })
    }
    case 'unclear': {
      const ask = { act: 'unclear_reversal' as const, came: 'DE90 ? DE7 ?' }
      return requestOf(ask, { ...circumstances, kind: KIND.reversal })
    }
    case 'answer':
      return answer(story, requestNamed(story, about), said.slice(1), circumstances)
    case 'resolve': {
      const decision = said[1] === 'confirm' ? ('confirm' as const) : ('reverse' as const)
      const original = keyNamed(story, about)
      const ask = { act: 'resolution' as const, original, decision, who: 'ola', reason: 'seen', rest: restIn(options) }
      return requestOf(ask, { ...circumstances, kind: KIND.resolution, terminal: 'O1' })
    }
    case 'refused': {
      const [first = '', second] = said.filter((word) => !word.includes('='))
      const result = (second ?? first) as 'wrong_store' | 'unsupported'
      const request = requestOf({ act: 'refused', result, role: 'books' }, { ...circumstances, kind: KIND.financial })
      return second === undefined ? request : { ...request, key: keyNamed(story, first) }
    }
    default:
      return operation(story, verb, said, options, circumstances)
  }
}

/** `store=500` or `issuer=500`: the bearer of the amount that the card cannot cover. */
function restIn(options: ReadonlyMap<string, string>): RestAsk | null {
  if (options.has('store')) return { bearer: 'store', amount: Number(options.get('store')) }
  const account = accountOf('issuer_adjustments', 'S1')
  return options.has('issuer') ? { bearer: 'issuer', amount: Number(options.get('issuer')), account } : null
}

function operation(
  story: Story,
  verb: string,
  [card = '', sum = '']: readonly string[],
  options: ReadonlyMap<string, string>,
  circumstances: Named,
): Request {
  if (!(verb in OPERATIONS)) throw new Error(`what is ${verb}?`)
  const name = verb as Operation
  story.heard.operations.add(name)
  const { contra, asks }: OperationRule = OPERATIONS[name]
  const { store } = TERMINALS[circumstances.terminal]
  const more: Partial<OperationAsk> = {
    presented: presentedBy(card, options),
    contra: contra === null || options.has('stranger') ? null : accountOf(contra, store),
    currency: options.has('currency') ? Number(options.get('currency')) : PLN,
    nominal: options.has('nominal'),
    partial: options.has('partial'),
    ontoNew: options.has('new'),
    block: (options.get('block') ?? null) as Block | null,
    successor: options.has('onto') ? numberNamed(options.get('onto') ?? '') : null,
    receipt: options.has('receipt') ? requestNamed(story, options.get('receipt') ?? '').labels.rrn : null,
    office: asks.includes('office') && !asks.includes('terminal') ? officeOf(story, options) : null,
  }
  const amount = sum === '-' ? null : Number(sum)
  const kind = options.has('advice') ? KIND.advice : verb === 'balance' ? KIND.inquiry : KIND.financial
  const ask = operationAsk(name, card, amount, more)
  const asked = requestOf(options.has('via') ? forwardAsk(ask, card, options, circumstances) : ask, {
    ...circumstances,
    kind,
  })
  if (options.has('office')) return { ...asked, requester: { channel: 'menu', who: 'ola' }, confirmation: 'none' }
  // Requests of people and jobs need no confirmation.
  return asks.some((asker) => asker === 'terminal') ? asked : { ...asked, confirmation: 'none' }
}

const officeOf = (story: Story, options: ReadonlyMap<string, string>): Office => ({
  who: 'ola',
  reason: 'asked for',
  validUntil: options.get('until') ?? null,
  expiry: options.has('expiry') ? keyNamed(story, options.get('expiry') ?? '') : null,
  plastic: options.has('plastic') ? { version: Number(options.get('plastic')), ecodeHash: ecodeHashOf('C99') } : null,
})

function setPack({ books }: Story, id: string, [recipient, state, authorised]: readonly string[]): void {
  books.setPack({
    id: Number(id),
    recipient: recipient as Pack['recipient'],
    state: state as Pack['state'],
    authorised: authorised === 'authorised',
  })
}

/** A card of another host, to be sent there. */
function forwardAsk(
  { operation, amount, contra }: OperationAsk,
  card: string,
  options: ReadonlyMap<string, string>,
  circumstances: Named,
): ForwardAsk {
  const account = options.has('nowhere') ? null : accountOf('upstream_settlement', 'S1')
  const confirms = options.get('via') !== 'deaf'
  const about = { upstream: 'partner', confirms, card: presentedBy(card, options).shown, account }
  return { act: 'forward', operation, amount, contra, via: { ...about, ...sendingAt(circumstances) } }
}

const HOST_TIME = 20_000
const sendingAt = ({ stan, at }: Named) => ({ stan, transmitted: 20261122173005, answerBy: at + HOST_TIME })

/** A host's answer to a request that was sent to it, under the key of that request. */
function answer(story: Story, about: Request, [said = '', ...rest]: readonly string[], { id, at }: Named): Request {
  const options = optionsOf([said, ...rest])
  const forward = about.ask.act === 'forward' ? about.ask : null
  const ask: Ask = {
    act: 'answer',
    id: story.books.row(about.key)?.id ?? 0,
    account: forward?.via.account ?? null,
    contra: forward?.contra ?? null,
    partial: options.has('partial'),
    answer: hostAnswer(said, options),
  }
  return { ...about, id, spareId: id + 1, at, ask, businessDate: options.get('day') ?? about.businessDate }
}

function hostAnswer(said: string, options: ReadonlyMap<string, string>): HostAnswer {
  const declined = options.get('declined')
  if (declined !== undefined) {
    return { outcome: 'declined', code: '51', result: declined as Result, balances: null }
  }
  if (said === 'silent') return { outcome: 'silent', code: null }
  if (said === 'not_sent') return { outcome: 'not_sent' }
  const amount = options.has('amount') ? Number(options.get('amount')) : null
  return { outcome: 'approved', code: '00', amount, approvalCode: 'HOST01', reference: null, balances: null }
}

/** `keyed`, `barcode`, each with `ecode` beside it or not, `ecode` alone as in e-commerce, `ecode=wrong`, `forged`, `luhn`, `version=1`, `expiry=2712`; else a genuine stripe. */
function presentedBy(card: string, options: ReadonlyMap<string, string>): Presented {
  const ecode = !options.has('ecode') ? null : options.get('ecode') === '' ? ecodeHashOf(card) : 'f'.repeat(32)
  if (options.has('keyed')) return { ...numberOf(card, 'keyed'), luhn: !options.has('luhn'), ecodeHash: ecode }
  if (options.has('barcode')) return { ...numberOf(card, 'barcode'), ecodeHash: ecode }
  if (ecode !== null) return ecommerceOf(card, ecode)
  const shown = stripeOf(card)
  const stripe = {
    expiry: options.get('expiry') ?? '4912',
    version: Number(options.get('version') ?? 0),
    genuine: !options.has('forged'),
  }
  return { ...shown, stripe, luhn: !options.has('luhn') }
}

/** A repeat comes later, with an id of its own; `content=` makes it another request under the same key. */
function again(story: Story, request: Request, options: ReadonlyMap<string, string>): Request {
  const id = takeId(story)
  const content = options.get('content') ?? request.content
  return { ...request, id, spareId: id + 1, at: story.at, content }
}

function give(story: Story, name: string, [state = '', ...rest]: readonly string[]): void {
  const options = optionsOf(rest)
  const issue = issueNamed(options.get('issue') ?? 'OPEN')
  const { books } = story
  const packId = options.has('pack') ? Number(options.get('pack')) : null
  books.addCard({ ...newCard(name, issue), packId })
  const balance = Number(rest[0] ?? 0)
  for (let rest = balance; rest > 0; rest -= LARGEST_LOAD) load(story, name, Math.min(rest, LARGEST_LOAD))
  const card = books.card(cardIdOf(name))
  if (state !== 'sold' || balance === 0) card.state = state as typeof card.state
  if (options.has('block')) card.block = options.get('block') as Block
  if (options.has('until')) card.validUntil = options.get('until') ?? null
  if (state !== 'sold') Object.assign(card, { soldAt: null, wasSold: false })
}

const LARGEST_LOAD = 100_000

/** A card gets its money as everybody does: by a sale, and a top-up where that is not enough. */
function load(story: Story, name: string, amount: number): void {
  const id = takeId(story)
  const contra = accountOf('store_receivable', 'S1')
  const isSold = story.books.card(cardIdOf(name)).state === 'sold'
  const request = requestOf(operationAsk(isSold ? 'top_up' : 'sale', name, amount, { contra }), {
    id,
    terminal: 'O1',
    kind: KIND.financial,
    stan: id % 1_000_000,
    at: story.at,
    day: null,
  })
  expectText(story.books.run(request).result, 'approved')
}

function expectCard(story: Story, name: string, [state = '', balances, ...more]: readonly string[]): void {
  const card = story.books.card(cardIdOf(name))
  expectText(`${card.state} ${card.ledger}/${card.available}`, `${state} ${balances}`)
  for (const [what, value] of optionsOf(more)) {
    expectText(String(card[what as keyof typeof card]), value)
  }
}

function caseText(story: Story, name: string): string {
  const row = rowNamed(story, name)
  const file = row === null ? undefined : story.books.cases.get(row.id)
  if (file === undefined) return 'none'
  if (!file.open)
    return ['closed', file.resolution, ...(file.rest === null ? [] : [`${file.rest.bearer}=${file.rest.amount}`])].join(
      ' ',
    )
  return ['open', file.reason, ...file.claims.map((claim) => `+${claim}`)].join(' ')
}

function listen({ heard, books, shown }: Story, request: Request, outcome: Outcome): void {
  const { result, row } = outcome
  if (row !== null && (!isDeepStrictEqual(row.key, request.key) || row.labels.rrn !== request.labels.rrn)) {
    throw new Error('the answer was built from the row of another request')
  }
  const name = `${keyText(request.key)} ${result}`
  const answer = row === null ? null : [row.labels, row.balances, row.transfer]
  const earlier = shown.get(name)
  if (earlier !== undefined && !isDeepStrictEqual(earlier, answer)) throw new Error('the repeat shows something else')
  shown.set(name, answer)
  heard.results.add(outcome.result)
  for (const row of books.rows()) {
    heard.states.add(row.state)
    if (row.undoneBy !== null) heard.undoers.add(row.undoneBy)
  }
  for (const change of outcome.cases) hearCase(heard, change)
  for (const { event } of [...outcome.events, ...(outcome.before?.events ?? [])]) heard.events.add(event)
}

function hearCase(heard: Heard, change: CaseChange): void {
  if (change.change === 'open') heard.reasons.add(change.reason)
  else heard.resolutions.add(change.resolution)
}

/** `P1@E2`: the name that terminal E2 would use, which is another key. `unknown`: never sent. */
function keyNamed(story: Story, name: string): Key {
  const [request = '', terminal] = name.split('@')
  if (request === 'unknown') {
    return { store: 'S1', terminal: 'E1', kind: KIND.financial, stan: 999_999, transmitted: 20261122000000 }
  }
  const known = requestNamed(story, request)
  return terminal === undefined
    ? known.key
    : { ...known.key, terminal, store: TERMINALS[terminal as TerminalName].store }
}

function requestNamed(story: Story, name: string): Request {
  const request = story.requests.get(name)
  if (request === undefined) throw new Error(`${name} was never sent in this story`)
  return request
}

const rowNamed = (story: Story, name: string) => story.books.row(requestNamed(story, name).key)

function takeId(story: Story): number {
  story.next += 2
  return story.next
}

const optionsOf = (words: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    words.flatMap((word) => {
      const [name = '', value = ''] = word.split('=')
      return /^[a-z]/.test(name) ? [[name, value] as const] : []
    }),
  )

function expectText(found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`found ${found}, expected ${wanted}`)
}

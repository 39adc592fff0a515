import fc from 'fast-check'
import { test } from 'tap'
import { KIND } from '../../src/core/key.ts'
import type { Ask, ResolutionAsk } from '../../src/core/request.ts'
import { payableBy, type RestAsk } from '../../src/core/shortfall.ts'
import { openBooks, type Books } from './books.ts'
import { cancellationAsk, operationAsk, requestOf, timerRequest } from './requests.ts'
import { accountOf, cardIdOf, issueNamed, newCard, START, type TerminalName } from './setting.ts'

const CARD = 'C1'
const STORE = accountOf('store_payable', 'S1')
const ISSUER = accountOf('issuer_adjustments', 'S1')

type Step =
  | { readonly do: 'pay'; readonly amount: number }
  | { readonly do: 'load'; readonly amount: number }
  | { readonly do: 'late' | 'cancel' | 'undo'; readonly about: number }
  | { readonly do: 'refund'; readonly about: number; readonly amount: number }
  /** `off`: the difference between the amount that the clerk saw and the missing one. */
  | { readonly do: 'share'; readonly about: number; readonly bearer: 'store' | 'issuer'; readonly off: number }

const about = fc.nat({ max: 5 })
const amount = fc.integer({ min: 1, max: 9000 })
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pay' as const), amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('load' as const), amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('late' as const), about }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'undo' as const), about }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refund' as const), about, amount }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('share' as const),
      about,
      bearer: fc.constantFrom('store' as const, 'issuer' as const),
      off: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) },
      ),
    }),
  },
)

/** The rows of a payment: itself, and every row about it. */
function chainOf(books: Books, id: number): ReturnType<Books['rows']> {
  const ids = new Set([id])
  const rows = [...books.rows()].sort((a, b) => a.id - b.id)
  // An adjustment has the spare id of its decision: the second pass finds rows about it.
  for (let look = 0; look < 2; look++)
    for (const row of rows) if (row.originalId !== null && ids.has(row.originalId)) ids.add(row.id)
  return rows.filter((row) => ids.has(row.id))
}

/** The net effect of a payment and everything about it on the card; the issuer's adjustments count as the card's. */
function netOf(books: Books, id: number): number {
  const card = cardIdOf(CARD)
  let net = 0
  for (const { transfer } of chainOf(books, id)) {
    if (transfer?.credit === card) net += transfer.amount
    if (transfer?.debit === card) net -= transfer.amount
  }
  return net
}

function play(steps: readonly Step[]): number {
  const books = openBooks()
  const issue = issueNamed('OPEN')
  books.addCard(newCard(CARD, issue))
  let [id, at, shared] = [1000, START, 0]
  const run = (ask: Ask, terminal: TerminalName, kind: number) => {
    id += 2
    at += 1000
    return books.run(requestOf(ask, { id, terminal, kind, stan: id, at, day: null }))
  }
  const sale = accountOf('store_receivable', 'S1')
  run(operationAsk('sale', CARD, 10_000, { contra: sale }), 'O1', KIND.financial)
  const payments: number[] = []
  /** One that the step is about: of those in the state that it needs, else of all. */
  const row = ({ do: what, about: n }: Exclude<Step, { do: 'pay' | 'load' }>) => {
    const all = books.rows().filter((one) => payments.includes(one.id))
    const fit = all.filter(({ state, undoneBy }) =>
      what === 'late' ? state === 'unconfirmed' : what !== 'share' || (state === 'reversed' && undoneBy === 'timer'),
    )
    return fit[n % fit.length]
  }
  for (const step of steps) {
    if (step.do === 'load') {
      run(operationAsk('top_up', CARD, step.amount, { contra: sale }), 'O1', KIND.financial)
      continue
    }
    if (step.do === 'pay') {
      const { row: made } = run(operationAsk('payment', CARD, step.amount, { contra: STORE }), 'E1', KIND.financial)
      if (made?.state === 'unconfirmed') payments.push(made.id)
      continue
    }
    const original = row(step)
    if (original === undefined) continue
    const decision = { act: 'resolution' as const, original: original.key, who: 'ola', reason: 'seen' }
    const resolve = (ask: Pick<ResolutionAsk, 'decision' | 'rest'>) =>
      run({ ...decision, ...ask }, 'O1', KIND.resolution)
    if (step.do === 'late') {
      if (original.confirmBy === null) continue
      id += 2
      at = Math.max(at, original.confirmBy)
      books.run(timerRequest(original, id, at))
    }
    if (step.do === 'cancel') run(cancellationAsk(original.key), 'O1', KIND.cancellation)
    if (step.do === 'undo') resolve({ decision: 'reverse', rest: null })
    if (step.do === 'refund')
      run(
        operationAsk('refund', CARD, step.amount, { contra: STORE, receipt: { id: original.id } }),
        'O1',
        KIND.financial,
      )
    if (step.do === 'share') {
      const taken = { at: original.at, operation: original.operation, amount: original.transfer?.amount ?? 0 }
      const missing = taken.amount - (payableBy(books.card(cardIdOf(CARD)), taken) ?? 0)
      const rest = { bearer: step.bearer, amount: missing + step.off, account: ISSUER } as RestAsk
      const before = netOf(books, original.id)
      const { result } = resolve({ decision: 'confirm', rest })
      if (result !== 'approved') continue
      shared += 1
      if (step.off !== 0 || missing === 0) throw new Error('something else was decided than what was seen')
      if (before - netOf(books, original.id) !== taken.amount - missing) throw new Error('the card paid another part')
    }
  }
  for (const payment of payments) {
    const net = netOf(books, payment)
    const most = books.rows().find((one) => one.id === payment)?.transfer?.amount ?? 0
    if (net > 0 || net < -most) throw new Error(`the card has ${net} of payment ${payment} of ${most}`)
  }
  return shared
}

void test('whatever happens, nobody gets back onto a card more than the card has paid', (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
  let shared = 0
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 20, maxLength: 40 }), (steps) => {
      shared += play(steps)
    }),
    { seed, numRuns: 300 },
  )
  t.ok(shared > 100, `seed ${seed}: ${shared} payments were shared`)
  t.end()
})

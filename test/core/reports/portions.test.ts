import t from 'tap'
import { randomInt } from 'node:crypto'
import type { Fact } from '../../../src/core/reports/fact.ts'
import { spendingOf } from '../../../src/core/reports/portions.ts'
import { mustBePlantable } from '../../planting.ts'
import { PORTION_BUGS } from './portion-bugs.ts'
import { checkPortions } from './portion-check.ts'

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const HISTORIES = Number(process.env['AKART_MODEL_HISTORIES'] ?? 300)

t.test('a recall takes what its batch has loaded; a payment the oldest', (t) => {
  const card = 5_000_001
  let at = 0
  const fact = (operation: Fact['operation'], owner: string, amount: number, batch: number | null = null): Fact => {
    at += 1
    const takes = operation === 'payment' || operation === 'welfare_recall'
    const kind = operation === 'payment' ? 'store_payable' : operation === 'top_up' ? 'store_receivable' : 'counterparty_receivable' // prettier-ignore
    return {
      id: at, at, day: '2026-11-20', originalDay: '2026-11-20', store: owner, card: { id: card, issueId: 1, seq: at },
      currency: 985, channel: 'terminal', operation, role: 'books', undoes: false, debit: takes ? card : 7,
      credit: takes ? 7 : card, amount, sells: false, contra: { id: 7, kind, owner }, originalId: null, otherSeq: 0,
      availableSeq: takes ? null : at, batch,
    } // prettier-ignore
  }
  const history = (...recall: Fact[]): Fact[] => [...recall, fact('payment', 'S2', 150)]
  const loads = [
    fact('welfare_load', 'ACME', 100, 1),
    fact('top_up', 'S1', 100),
    fact('welfare_load', 'ACME', 100, 2),
    fact('welfare_load', 'OTHER', 100, 3),
  ]
  const spentAfter = (...recall: Fact[]) =>
    spendingOf([...loads, ...history(...recall)]).map(({ origin, amount }) => [origin, amount])
  t.same(spentAfter(), [['ACME', 100], ['S1', 50]]) // prettier-ignore
  t.same(spentAfter(fact('welfare_recall', 'ACME', 100, 2)), [['ACME', 100], ['S1', 50]], 'of its batch') // prettier-ignore
  t.same(spentAfter(fact('welfare_recall', 'ACME', 150)), [['S1', 100], ['ACME', 50]], 'of its counterparty') // prettier-ignore
  t.same(spentAfter(fact('welfare_recall', 'OTHER', 100, 3)), [['ACME', 100], ['S1', 50]], 'never of another one') // prettier-ignore
  t.end()
})

/** A transfer of a card of these stories. */
function transfer(
  [card, seq]: readonly [id: number, seq: number],
  about: Pick<Fact, 'id' | 'at' | 'operation' | 'amount' | 'store'> & Partial<Fact>,
): Fact {
  const { operation, store, undoes = false } = about
  const takes = (operation === 'payment') !== undoes
  const kind = operation === 'welfare_load' ? 'counterparty_receivable' : operation === 'top_up' ? 'store_receivable' : 'store_payable' // prettier-ignore
  return {
    day: '2026-11-20', originalDay: '2026-11-20', card: { id: card, issueId: 1, seq }, currency: 985, channel: 'terminal', role: 'books',
    undoes, debit: takes ? card : 7, credit: takes ? 7 : card, sells: false, contra: { id: 7, kind, owner: store },
    originalId: null, otherSeq: 0, availableSeq: takes ? null : seq, batch: null, ...about,
  } // prettier-ignore
}

t.test('ids of different processes do not tell what happened first', (t) => {
  const [anna, bob] = [5_000_001, 5_000_002]
  const told = (facts: readonly Fact[]) => spendingOf(facts).map(({ transactionId, origin, spentIn, amount }) => `${transactionId}: ${origin} ${spentIn} ${amount}`) // prettier-ignore
  // The office takes its ids from a later block than the switch. The second refund happened when the first was cancelled.
  const refunded = [
    transfer([anna, 1], { id: 50_001, at: 1, operation: 'welfare_load', store: 'ACME', amount: 700 }),
    transfer([anna, 2], { id: 1, at: 2, operation: 'payment', store: 'S1', amount: 700 }),
    transfer([bob, 1], { id: 50_002, at: 3, operation: 'welfare_load', store: 'ACME', amount: 100 }),
    transfer([bob, 2], { id: 2, at: 4, operation: 'refund', store: 'S1', amount: 700, originalId: 1 }),
    transfer([bob, 3], { id: 3, at: 5, operation: 'refund', store: 'S1', amount: 700, originalId: 2, role: 'cancels', undoes: true }),
    transfer([anna, 3], { id: 4, at: 6, operation: 'refund', store: 'S1', amount: 200, originalId: 1 }),
  ] // prettier-ignore
  t.same(
    told(refunded),
    ['1: ACME S1 700', '2: ACME S1 -700', '3: ACME S1 700', '4: ACME S1 -200'],
    'a refund behind a load of the office',
  )
  // A till's next request, to another process and by a clock that is behind, confirms the load that it spends.
  const confirmed = [
    transfer([anna, 1], { id: 50_001, at: 2, operation: 'top_up', store: 'S1', amount: 100, availableSeq: 2 }),
    transfer([anna, 2], { id: 1, at: 1, operation: 'payment', store: 'S2', amount: 100 }),
  ]
  t.same(told(confirmed), ['1: S1 S2 100'], 'a payment that confirms the load before it')
  t.end()
})

t.test('a busy month: each card is played with those that it touched, and not with all others', (t) => {
  const CARDS = 30_000
  const facts = Array.from({ length: CARDS * 2 }, (_, at): Fact => {
    const card = 5_000_001 + (at % CARDS)
    const sale = at < CARDS
    return {
      id: at + 1, at, day: '2026-11-20', originalDay: '2026-11-20', store: sale ? 'S1' : 'S2', card: { id: card, issueId: 1, seq: sale ? 1 : 2 },
      currency: 985, channel: 'terminal', operation: sale ? 'sale' : 'payment', role: 'books', undoes: false,
      debit: sale ? 7 : card, credit: sale ? card : 7, amount: 100, sells: sale,
      contra: { id: 7, kind: sale ? 'store_receivable' : 'store_payable', owner: sale ? 'S1' : 'S2' }, originalId: null,
      otherSeq: 0, availableSeq: sale ? 1 : null, batch: null,
    } // prettier-ignore
  })
  // With a look at every card for each step this takes minutes.
  const spent = spendingOf(facts)
  t.equal(spent.length, CARDS)
  t.same([...new Set(spent.map(({ origin, spentIn, amount }) => `${origin} ${spentIn} ${amount}`))], ['S1 S2 100'])
  t.end()
})

t.test(`histories of portions, seed ${SEED}`, async (t) => {
  const { finding, transfers, shifted } = checkPortions({ seed: SEED, histories: HISTORIES })
  t.equal(finding, null)
  t.ok(transfers > HISTORIES * 3, `${transfers} transfers`)
  t.ok(shifted > 0, `${shifted} shifts by undone top-ups`)
  await mustBePlantable(PORTION_BUGS)
})

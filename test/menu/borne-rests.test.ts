import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { openCases } from './open-cases.ts'
import { menuForTest, type Browser } from './setting.ts'

/** It happened, and the card no longer has the money: the bearer of the rest. */

const sold = demoCards(deriveCardKeys(DEMO_MASTER)).filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
const menu = await menuForTest(t)
const reason = 'The slip is signed'

/** A payment that was taken back, and another one of that card that happened since: the case of the first one, and the card. */
async function shortCase(clerk: Browser, at: number, first: number, second: number) {
  const number = sold[at]?.number ?? ''
  const card = (await clerk.ok('find.search', { body: { text: number } })).hits[0]?.to.split('/').at(-1) ?? ''
  await openCases(menu, [
    { number, stan: 7000 + 2 * at, amount: first },
    { number, stan: 7001 + 2 * at, amount: second },
  ])
  const cases = (await clerk.ok('cases.list', { query: { open: true } })).items.filter((one) => one.card?.id === card)
  const named = (amount: number) => cases.find((one) => one.amount.value === amount)?.id ?? ''
  await clerk.ok('cases.decide', { params: { id: named(second) }, body: { decision: 'happened', reason } })
  return { id: named(first), card }
}

const balanceOf = async (clerk: Browser, id: string) => (await clerk.ok('cards.show', { params: { id } })).ledger.value

t.test('the store bears it: the card pays what it has, and the store is paid less and can see why', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const { id, card } = await shortCase(clerk, 10, 15_000, 9_000)
  const params = { id }
  t.match(await clerk.ok('cases.show', { params }), {
    shareable: true,
    happened: { after: { ledger: { value: 0 } }, missing: { value: 9_000 } },
  })
  const asked = (bearer?: 'store' | 'issuer') => ({
    params,
    body: { decision: 'happened' as const, reason, ...(bearer === undefined ? {} : { bearer }) },
  })
  t.equal(await clerk.code('cases.decide', asked()), 'case_bearer_needed')
  t.same(await clerk.ok('cases.decide', asked('store')), { done: true, approval: null })
  t.equal(await balanceOf(clerk, card), 0)
  const manager = await menu.signedIn('manager')
  const borne = { by: 'store', amount: { value: 9_000, currency: 'PLN' } }
  t.match((await manager.ok('cases.show', { params })).borne, borne)
  const closed = await manager.ok('cases.list', { query: { open: false } })
  t.match(closed.items.find((one) => one.id === id)?.borne, borne)
})

t.test('the issuer bears it: never one person alone, and never another amount than was seen', async (t) => {
  const [clerk, accountant] = [await menu.signedIn('helpdesk'), await menu.signedIn('accountant')]
  const { id, card } = await shortCase(clerk, 11, 10_000, 8_000)
  const body = { decision: 'happened' as const, reason, bearer: 'issuer' as const }
  const { done, approval } = await clerk.ok('cases.decide', { params: { id }, body })
  t.equal(done, false)
  t.equal(await balanceOf(clerk, card), 7_000, 'nothing has moved')
  const shown = (await accountant.ok('approvals.list')).items.find((one) => one.id === approval)
  t.match(shown, {
    createsMoney: true,
    changes: [
      { name: { en: 'The card pays' }, money: { after: { value: 7_000 } } },
      { name: { en: 'Borne by the issuer (adjustment)' }, money: { after: { value: 3_000 } } },
    ],
  })
  const decide = { params: { id: approval ?? '' }, body: { approve: true, reason: '', version: shown?.version ?? '' } }
  t.equal(await clerk.code('approvals.decide', decide), 'own_request')
  t.equal(await accountant.code('approvals.decide', decide), null)
  t.equal(await balanceOf(clerk, card), 0)
  t.match((await clerk.ok('cases.show', { params: { id } })).borne, { by: 'issuer', amount: { value: 3_000 } })
  const story = (await clerk.ok('cards.story', { params: { id: card } })).items
  t.ok(
    story.some(({ what, amount }) => what === 'adjustment_credit' && amount?.value === 3_000),
    'the adjustment is in the story of the card',
  )
})

t.test('nobody bears what is not missing; and the books agree', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  await openCases(menu, [{ number: sold[12]?.number ?? '', stan: 7900, amount: 1_000 }])
  const open = (await clerk.ok('cases.list', { query: { open: true } })).items
  const one = open.find(({ amount }) => amount.value === 1_000)
  const body = { decision: 'happened' as const, reason, bearer: 'store' as const }
  t.equal(await clerk.code('cases.decide', { params: { id: one?.id ?? '' }, body }), 'case_nothing_to_bear')
  t.same((await verifyLedger(menu.office.db.access)).faults, [])
})

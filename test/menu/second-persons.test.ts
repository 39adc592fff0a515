import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { menuForTest, type Browser } from './setting.ts'

/** Attempts of one person alone on cards and settings, as an insider would make them (docs/spec/abuse.md, 2 and 3). */

const all = demoCards(deriveCardKeys(DEMO_MASTER)).filter(({ issue }) => issue === 'OPEN')
const sold = all.filter(({ state }) => state === 'sold')
const fresh = all.filter(({ state }) => state === 'sellable')
const menu = await menuForTest(t)
const reason = 'The customer came back'

const idOf = async (clerk: Browser, text: string): Promise<string> =>
  (await clerk.ok('find.search', { body: { text } })).hits[0]?.to.split('/').at(-1) ?? ''
const cardAt = (at: number) => sold[at] ?? (() => { throw new Error('too few cards') })() // prettier-ignore

async function approve(approver: Browser, id: string | null): Promise<string | null> {
  const shown = (await approver.ok('approvals.list')).items.find((one) => one.id === id)
  const body = { approve: true, reason: '', version: shown?.version ?? '' }
  return approver.code('approvals.decide', { params: { id: id ?? 'card-0' }, body })
}

t.test('a lost card comes back by two people, or with its stripe before the clerk', async (t) => {
  const [clerk, accountant] = [await menu.signedIn('helpdesk'), await menu.signedIn('accountant')]
  const id = await idOf(clerk, cardAt(0).number)
  const params = { id }
  await clerk.ok('cards.block', { params, body: { kind: 'lost', reason } })
  t.match(
    (await clerk.ok('cards.show', { params })).actions.find(({ action }) => action === 'unblock'),
    { refused: null, secondPerson: true },
    'the number alone is on every receipt',
  )
  const { done, approval } = await clerk.ok('cards.unblock', { params, body: { reason } })
  t.equal(done, false)
  t.equal(await clerk.code('cards.unblock', { params, body: { reason } }), 'already_proposed')
  t.equal((await clerk.ok('cards.show', { params })).block, 'lost')
  t.equal(await approve(clerk, approval), 'own_request')
  t.equal(await approve(accountant, approval), null)
  t.equal((await clerk.ok('cards.show', { params })).block, null)
  t.equal(await approve(accountant, approval), 'no_such_approval', 'once')

  await clerk.ok('cards.block', { params, body: { kind: 'stolen', reason } })
  await idOf(clerk, `;${cardAt(0).track2}?`)
  t.same(await clerk.ok('cards.unblock', { params, body: { reason } }), { done: true, approval: null })
})

t.test('a duplicate: the sum of what a clerk does alone in a day is bounded', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const results: boolean[] = []
  for (const at of [1, 2, 3]) {
    const [id, onto] = [await idOf(clerk, `;${cardAt(at).track2}?`), fresh[at]?.number ?? '']
    const { handle } = await clerk.ok('find.search', { body: { text: onto } })
    results.push((await clerk.ok('cards.duplicate', { params: { id }, body: { onto: handle, reason } })).done)
  }
  t.same(results, [true, true, false], '150.00 from the test before and 300.00: the next 150.00 would be too much')
})

t.test('a person who revealed a card number may not change that card', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const id = await idOf(clerk, `;${cardAt(5).track2}?`)
  await clerk.ok('cards.block', { params: { id }, body: { kind: 'lost', reason } })
  await clerk.ok('cards.reveal', { params: { id }, body: { reason } })
  t.equal(await clerk.code('cards.unblock', { params: { id }, body: { reason } }), 'card_handled_by_you')
  menu.now += 31 * 24 * 3_600_000
  const later = await menu.signedIn('helpdesk')
  t.equal(await later.code('cards.unblock', { params: { id }, body: { reason } }), null)
})

t.test('a store manager’s find marks an unsold card, as a look at a till would', async (t) => {
  const [manager, clerk] = [await menu.signedIn('manager'), await menu.signedIn('helpdesk')]
  const [asked, swiped] = [fresh[20], fresh[21]]
  const suspected = async (number: string) =>
    (await clerk.ok('cards.show', { params: { id: await idOf(clerk, number) } })).suspectedAt !== null
  await idOf(manager, asked?.number ?? '')
  t.equal(await suspected(asked?.number ?? ''), true, 'somebody may be waiting for its sale')
  await idOf(manager, `;${swiped?.track2 ?? ''}?`)
  t.equal(
    await suspected(swiped?.number ?? ''),
    false,
    'its stripe is the card itself; a clerk of the help desk is no cashier',
  )
})

t.test('a setting: what tightens holds at once, what relaxes waits for an accountant', async (t) => {
  const [admin, accountant, clerk] = [
    await menu.signedIn('admin'),
    await menu.signedIn('accountant'),
    await menu.signedIn('helpdesk'),
  ]
  const valueOf = async (name: string) =>
    (await admin.ok('settings.show')).items.find((item) => item.name === name)?.value
  t.same(await admin.ok('settings.change', { body: { values: { revealsPerDay: 1 } } }), { done: true, approvals: [] })
  t.equal(await valueOf('revealsPerDay'), '1')
  const id = await idOf(clerk, cardAt(6).number)
  t.equal(await clerk.code('cards.reveal', { params: { id }, body: { reason } }), null)
  t.equal(await clerk.code('cards.reveal', { params: { id }, body: { reason } }), 'reveals_used_up')

  const { done, approvals } = await admin.ok('settings.change', { body: { values: { revealsPerDay: 30 } } })
  t.equal(done, false)
  t.equal(await valueOf('revealsPerDay'), '1', 'nothing yet')
  t.equal(await admin.code('settings.change', { body: { values: { revealsPerDay: 29 } } }), 'already_proposed')
  t.equal(await approve(accountant, approvals[0] ?? null), null)
  t.equal(await valueOf('revealsPerDay'), '30')
  t.equal(await admin.code('settings.change', { body: { values: { revealsPerDay: 100_000 } } }), 'no_such_setting')
  t.equal(await admin.code('settings.change', { body: { values: { constructor: 1 } } }), 'no_such_setting')
  await admin.ok('settings.change', { body: { recipients: ['ops@example.com'] } })
  t.same((await admin.ok('settings.show')).recipients, ['ops@example.com'])
})

import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { menuForTest, type Browser } from './setting.ts'

/** Many cards at once: the preview is frozen, each card has its own result, and one step undoes it. */

const cards = demoCards(deriveCardKeys(DEMO_MASTER)).filter(
  ({ issue, state }) => issue === 'GIFT50' && state === 'sold',
)
const menu = await menuForTest(t)
const SOLD = 'issue=GIFT50&state=sold'
const reason = 'The till printed them twice'

const idOf = async (clerk: Browser, number: string): Promise<string> =>
  (await clerk.ok('find.search', { body: { text: number } })).hits[0]?.to.split('/').at(-1) ?? ''
const blockOf = async (clerk: Browser, id: string) => (await clerk.ok('cards.show', { params: { id } })).block

t.test('block all that match, then take it back where nothing happened since', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const [first, second, third] = await Promise.all(cards.slice(0, 3).map(({ number }) => idOf(clerk, number)))
  if (first === undefined || second === undefined || third === undefined) throw new Error('the demo has too few cards')
  await clerk.ok('cards.block', { params: { id: first }, body: { kind: 'customer', reason } })
  const preview = await clerk.ok('bulk.preview', { body: { action: 'block', kind: 'suspicion', query: SOLD } })
  t.match(preview, {
    cards: 9,
    money: [{ value: 9 * 50_00, currency: 'PLN' }],
    skipped: [{ why: { en: 'blocked already' }, cards: 1 }],
    secondPerson: false,
  })
  await clerk.ok('cards.block', { params: { id: second }, body: { kind: 'lost', reason } })
  const params = { id: preview.id }
  t.same(await clerk.ok('bulk.run', { params, body: { reason } }), { done: true, approval: null })
  t.equal(await clerk.code('bulk.run', { params, body: { reason } }), 'bulk_not_now', 'once')
  await menu.worked()
  const done = await clerk.ok('bulk.show', { params })
  t.match(done, { state: 'done', done: 8, failed: 1, reason })
  t.same(
    done.rows.items.filter(({ result }) => result !== 'done').map(({ card, result }) => [card, result]),
    [[second, 'changed']],
    'what changed after the preview is left alone',
  )
  const page = async (cursor?: string) =>
    (await clerk.ok('bulk.show', { params, query: { limit: 4, ...(cursor === undefined ? {} : { cursor }) } })).rows
  const [front, middle] = [await page(), await page((await page()).next ?? '')]
  const end = await page(middle.next ?? '')
  t.same([...front.items, ...middle.items, ...end.items], done.rows.items, 'page by page, each row once')
  t.equal(end.next, null)
  t.equal(await blockOf(clerk, third), 'suspicion')

  await clerk.ok('cards.unblock', { params: { id: third }, body: { reason } })
  menu.now += 1000
  await clerk.ok('cards.block', { params: { id: third }, body: { kind: 'suspicion', reason } })
  await clerk.ok('bulk.undo', { params, body: { reason: 'They were right' } })
  await menu.worked()
  const undone = await clerk.ok('bulk.show', { params })
  t.equal(undone.state, 'undone')
  t.same(undone.rows.items.filter(({ result }) => result === 'undone').length, 7)
  t.equal(await blockOf(clerk, third), 'suspicion', 'somebody touched it since')
  t.equal(await blockOf(clerk, first), 'customer', 'it was never a part of it')
  t.equal(await blockOf(clerk, second), 'lost')
})

t.test('lost cards come back only by a second person, who is not the first one', async (t) => {
  const [clerk, accountant] = [await menu.signedIn('helpdesk'), await menu.signedIn('accountant')]
  const ids = await Promise.all(cards.slice(4, 7).map(({ number }) => idOf(clerk, number)))
  for (const id of ids) await clerk.ok('cards.block', { params: { id }, body: { kind: 'lost', reason } })
  const preview = await clerk.ok('bulk.preview', { body: { action: 'unblock', cards: ids } })
  t.match(preview, { cards: 3, secondPerson: true })
  const { approval } = await clerk.ok('bulk.run', { params: { id: preview.id }, body: { reason } })
  t.match(approval, /^bulk-\d+$/u)
  await menu.worked()
  t.equal(await blockOf(clerk, ids[0] ?? ''), 'lost', 'nothing happens before')
  const shown = (await accountant.ok('approvals.list')).items.find(({ id }) => id === approval)
  t.match(shown, { kind: 'bulk', refused: null, changes: [{ after: '3' }, { money: { after: { value: 150_00 } } }] })
  const params = { id: approval ?? '' }
  const body = { approve: true, reason: '', version: shown?.version ?? '' }
  t.equal(await clerk.code('approvals.decide', { params, body }), 'own_request')
  await accountant.ok('approvals.decide', { params, body })
  await menu.worked()
  for (const id of ids) t.equal(await blockOf(clerk, id), null)
  const [decided] = (await accountant.ok('approvals.list', { query: { open: false } })).items
  t.match(decided, { id: approval, approved: true, decidedBy: 'accountant' })
})

t.test('a job that is broken off goes on with the same cards, and each is done once', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const [card] = cards.slice(8)
  const id = await idOf(clerk, card?.number ?? '')
  const preview = await clerk.ok('bulk.preview', { body: { action: 'block', kind: 'customer', cards: [id] } })
  await clerk.ok('bulk.run', { params: { id: preview.id }, body: { reason } })
  await menu.worked()
  const events = async () =>
    (await clerk.ok('cards.story', { params: { id } })).items.filter(({ what }) => what === 'block')
  const before = await events()
  await menu.office.db.use((connection) =>
    connection.send(`SET @left_out = 1; UPDATE bulk_cards SET result = 'sent' WHERE bulk_id = ${preview.id};
      UPDATE bulks SET state = 'running' WHERE id = ${preview.id};
      UPDATE jobs SET state = 'waiting', done = 0, open_for = CONCAT('bulk ', subject), ended_at = NULL
        WHERE kind = 'bulk' AND subject = ${preview.id}; SET @left_out = NULL`),
  )
  await menu.worked()
  t.match(await clerk.ok('bulk.show', { params: { id: preview.id } }), { state: 'done', done: 1, failed: 0 })
  t.same(await events(), before, 'no second block in its story')
})

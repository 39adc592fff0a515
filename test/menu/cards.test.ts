import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { RESULTS } from '../../src/core/result.ts'
import { EXPLANATIONS } from '../../src/office/explanations.ts'
import { type Browser, menuForTest } from './setting.ts'

/* A card found by what lies before a clerk, its story, what may be done with it, and why something was declined. */

const cards = demoCards(deriveCardKeys(DEMO_MASTER))
const [sold, other] = cards.filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
if (sold === undefined || other === undefined) throw new Error('the demo has no sold cards')
const spaced = sold.number.replace(/(.{4})/gu, '$1 ').trim()

const menu = await menuForTest(t)
/** A change that no use case makes: only the test needs it, so it is not recorded in the audit. */
const set = (sql: string) =>
  menu.office.db.use((connection) => connection.send(`SET @left_out = 1;${sql};SET @left_out = NULL`))

t.test('a card is found by whatever is on it, and no number comes back', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  for (const text of [
    sold.number,
    spaced,
    sold.barcode,
    `;${sold.track2}?`,
    `%${sold.track1}?`,
    sold.ecode.toLowerCase(),
  ]) {
    const found = await clerk.ok('find.search', { body: { text } })
    t.equal(found.hits.length, 1, text.slice(0, 6))
    t.match(found.hits[0], {
      kind: 'card',
      card: { firstSix: sold.number.slice(0, 6), lastFour: sold.number.slice(-4) },
    })
    t.match(found.handle, /^h_/u)
    t.notMatch(JSON.stringify(found), new RegExp(sold.number, 'u'))
  }
  const [hit] = (
    await clerk.ok('find.search', { body: { text: `${sold.number.slice(0, 6)} ${sold.number.slice(-4)}` } })
  ).hits
  t.equal(hit?.kind, 'card')
  const ending = (await clerk.ok('find.search', { body: { text: sold.number.slice(-4) } })).hits
  t.match(ending[0], { kind: 'cards', to: `/cards?lastFour=${sold.number.slice(-4)}` })
  const elsewhere = await (await menu.signedIn('manager')).ok('find.search', { body: { text: sold.number.slice(-4) } })
  t.notOk(elsewhere.hits.some(({ kind }) => kind === 'cards'))
  for (const text of ['nothing of this name', '9999999999999995', 'żółć', '\u{1f4a9}'])
    t.same((await clerk.ok('find.search', { body: { text } })).hits, [], text)
})

t.test('what a web shop calls an order, a store by any word of its name', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  await set(
    `INSERT INTO shops (code, name, store_code, state, confirm_within, cancel_days, created_at, created_by)
      VALUES ('FINDSHOP', 'Shop', '000000000000001', 'open', 900, 30, UTC_TIMESTAMP(3), 'test');
      INSERT INTO web_requests (transaction_id, data)
      SELECT id, JSON_OBJECT('shop', 'FINDSHOP', 'operation', 'payment', 'orderId', 'ORD 2026/11-7')
      FROM transactions WHERE operation = 'sale' AND role = 'books' ORDER BY id LIMIT 1`,
  )
  const [order, ...others] = (await clerk.ok('find.search', { body: { text: 'ORD 2026/11-7' } })).hits
  t.match(order, {
    kind: 'transaction',
    to: /^\/transactions\/\d+$/u,
    transaction: { operation: 'sale', store: { name: 'AKART' }, result: 'approved' },
  })
  t.same(others, [])
  t.same((await clerk.ok('find.search', { body: { text: 'ORD 2026/11-8' } })).hits, [])
  const stores = (await clerk.ok('find.search', { body: { text: 'store 2' } })).hits
  t.match(stores, [{ kind: 'store', detail: 'Demo store 2' }])
})

t.test('its page, its story, block and unblock', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const found = await clerk.ok('find.search', { body: { text: sold.number } })
  const id = found.hits[0]?.to.split('/').at(-1) ?? ''
  const params = { id }
  const card = await clerk.ok('cards.show', { params })
  t.match(card, { state: 'sold', block: null, available: { value: sold.balance, currency: 'PLN', exponent: 2 } })
  t.same(
    card.actions.map(({ action, refused }) => [action, refused === null]),
    [
      ['block', true],
      ['unblock', false],
      ['duplicate', true],
      ['extend', false],
      ['adjust', true],
      ['reveal', true],
      ['clear', false],
    ],
  )
  await clerk.ok('cards.block', { params, body: { kind: 'customer', reason: 'The customer asked for it' } })
  t.equal((await clerk.ok('cards.show', { params })).block, 'customer')
  const verdict = await clerk.ok('cards.wouldPay', { params, query: { amount: 1000 } })
  t.match(verdict, {
    approved: false,
    response: '62',
    why: { sentence: { en: 'The card is blocked: at the customer’s wish.' } },
  })
  await clerk.ok('cards.unblock', { params, body: { reason: 'The customer found it' } })
  t.match(await clerk.ok('cards.wouldPay', { params, query: { amount: 1000 } }), {
    approved: true,
    after: { value: sold.balance - 1000 },
  })
  t.match(await clerk.ok('cards.wouldPay', { params, query: { amount: 70_000 } }), {
    approved: false,
    response: '51',
    why: {
      sentence: {
        en: 'The till asked for 700.00, and 150.00 was available.',
        pl: 'Kasa zażądała 700,00, a dostępne było 150,00.',
      },
    },
  })
  const story = await clerk.ok('cards.story', { params })
  const events = story.items.filter(({ kind }) => kind === 'event')
  t.match(events, [
    { what: 'unblock', who: 'helpdesk', reason: 'The customer found it' },
    { what: 'block', who: 'helpdesk', reason: 'The customer asked for it', detail: 'customer' },
  ])
  const pages: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof clerk.ok<'cards.story'>>> = await clerk.ok('cards.story', {
      params,
      query: { limit: 2, ...(cursor === '' ? {} : { cursor }) },
    })
    pages.push(...page.items.map((one) => one.id))
    cursor = page.next
  }
  t.same(
    pages,
    story.items.map((one) => one.id),
    'page by page it is the same story',
  )
})

t.test('a correction needs a second person, who sees what changes', async (t) => {
  const [clerk, accountant] = [await menu.signedIn('helpdesk'), await menu.signedIn('accountant')]
  const id = (await clerk.ok('find.search', { body: { text: other.number } })).hits[0]?.to.split('/').at(-1) ?? ''
  const asked = await clerk.ok('cards.adjust', { params: { id }, body: { amount: 2_00, reason: 'Paid at the till' } })
  t.equal(asked.done, false)
  const mine = (await clerk.ok('approvals.list')).items.find((one) => one.id === asked.approval)
  t.match(mine, { own: true, refused: { en: /helpdesk proposed it/u } })
  const params = { id: asked.approval ?? '' }
  const decision = { approve: true, reason: 'seen', version: mine?.version ?? '' }
  t.equal(await clerk.code('approvals.decide', { params, body: decision }), 'own_request')
  const shown = (await accountant.ok('approvals.list')).items.find((one) => one.id === asked.approval)
  t.match(shown, {
    refused: null,
    createsMoney: true,
    changes: [{ money: { before: { value: other.balance }, after: { value: other.balance + 200 } } }],
  })
  t.equal(
    await accountant.code('approvals.decide', { params, body: { ...decision, version: 'another' } }),
    'changed_since',
  )
  await accountant.ok('approvals.decide', { params, body: decision })
  t.equal((await clerk.ok('cards.show', { params: { id } })).available.value, other.balance + 200)
  await menu.folded()
  const [row] = (await accountant.ok('transactions.list', { query: { operation: 'adjustment_credit' } })).items
  t.match(row, { amount: { value: 200 }, who: 'accountant', channel: 'menu', response: '00', state: 'confirmed' })
  const page = await accountant.ok('transactions.show', { params: { id: row?.id ?? '' } })
  t.match(page, {
    postings: { debit: { en: /^Issuer’s adjustments/u }, credit: { en: /^Card/u }, amount: { value: 200 } },
  })
})

t.test('lists: criteria, counts, pages that fit together', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const query = { issue: 'OPEN', state: 'sold' }
  const { count } = await clerk.ok('cards.count', { query })
  t.equal(count, 110, '100 sold, 5 blocked, 5 expired but not taken in yet')
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof clerk.ok<'cards.list'>>> = await clerk.ok('cards.list', {
      query: { ...query, limit: 25, order: 'available', descending: false, ...(cursor === '' ? {} : { cursor }) },
    })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  t.equal(seen.length, count)
  t.equal(new Set(seen).size, count, 'each once')
  t.equal((await clerk.ok('cards.count', { query: { ...query, block: 'any' } })).count, 5)
  t.equal((await clerk.ok('cards.count', { query: { balanceFrom: 1 } })).slow, true)
  t.equal((await clerk.ok('cards.count', { query: { state: 'sold' } })).slow, false)
  t.equal((await clerk.ok('transactions.count', { query: { operation: 'sale' } })).slow, false)
  t.equal((await clerk.ok('transactions.count', { query: { state: 'confirmed' } })).slow, true)
  const { handle } = await clerk.ok('find.search', { body: { text: sold.number } })
  t.equal((await clerk.ok('cards.list', { query: { number: handle ?? '' } })).items.length, 1)
  const stranger = await menu.signedIn('helpdesk')
  t.equal(
    await stranger.code('cards.list', { query: { number: handle ?? '' } }),
    'no_such_handle',
    'handles are of one session',
  )

  const save = (query: string, sharedWith: string | null = null) =>
    clerk.ask('searches.save', { body: { list: 'cards', name: query.slice(0, 60), query, columns: [], sharedWith } })
  for (const secret of [`number=${handle}`, `issue=OPEN&lastFour=${sold.number}`]) {
    t.match((await save(secret)).json, { code: 'search_has_number' }, 'what stands for one card is not kept')
  }
  const named = (name: string) =>
    clerk.code('searches.save', { body: { list: 'cards', name, query: 'state=sold', columns: [], sharedWith: null } })
  t.equal(await named(sold.number.replace(/(\d{4})/gu, '$1 ')), 'search_has_number', 'nor in its name')
  t.equal(await named('  '), 'invalid_request')
  t.equal((await save('state=sold', 'rolą')).status, 400)
  t.equal((await save('issue=OPEN&state=sold')).status, 200)
  t.equal((await save('issue=OPEN&block=any', 'issuer')).status, 200)
  const names = async (browser: Browser) => (await browser.ok('searches.list')).items.map((one) => one.query)
  t.same((await names(clerk)).toSorted(), ['issue=OPEN&block=any', 'issue=OPEN&state=sold'])
  t.same(await names(await menu.signedIn('issuer')), ['issue=OPEN&block=any'], 'what is shared with that role')
  t.same(await names(await menu.signedIn('accountant')), [])
})

t.test('welfare batches go by pages, however many there are', async (t) => {
  const accountant = await menu.signedIn('accountant')
  await accountant.ok('counterparties.add', { body: { code: 'WORKS', name: 'Works' } })
  await set(
    `INSERT INTO employers VALUES ('WORKS', 985, 100000, '', 0, 'pl', NULL);
     INSERT INTO welfare_batches (id, employer_code, currency, state, file_name, read_as, sha256, row_count, amount, stops, prepared_by, prepared_at)
     SELECT 9000 + seq, 'WORKS', 985, 'checked', 'x.csv', '{}', LPAD(seq, 32, 'x'), 1, 100, 0, 'accountant', NOW(3) FROM seq_1_to_5`,
  )
  const seen: string[] = []
  let next: string | null = null
  do {
    const query: Record<string, string | number> = { limit: 2, ...(next !== null && { cursor: next }) }
    const page: { batches: { id: string }[]; next: string | null } = await accountant.ok('welfare.list', { query })
    seen.push(...page.batches.map(({ id }) => id))
    next = page.next
  } while (next !== null)
  t.same(seen.slice(0, 5), ['9005', '9004', '9003', '9002', '9001'])
})

t.test('serials that tell the numbers are for issuers alone, on pages, in lists, in files', async (t) => {
  const [clerk, maker] = [await menu.signedIn('helpdesk'), await menu.signedIn('issuer')]
  const body = (text: string) =>
    set(`UPDATE issues SET number_body = '${text}', pay_by_number = 0 WHERE code = 'GIFT50'`)
  const query = { issue: 'GIFT50', limit: 5 }
  const seen = async (browser: Browser) => {
    const [first] = (await browser.ok('cards.list', { query })).items
    const { serial } = await browser.ok('cards.show', { params: { id: first?.id ?? '' } })
    return [first?.serial === null, serial === null]
  }
  await body('scrambled')
  t.same(await seen(clerk), [false, false], 'scrambled numbers have nothing to do with serials')
  await body('sequential')
  t.same(await seen(clerk), [true, true])
  t.same(await seen(maker), [false, false])
  const serialsIn = async (browser: Browser): Promise<string[]> => {
    const input = { list: 'cards', query: 'issue=GIFT50', columns: ['card', 'serial'], format: 'csv' } as const
    const { id } = await browser.ok('exports.make', { body: input })
    const { body: text } = await menu.app.inject({
      url: `/api/exports/${id}/file`,
      headers: { host: 'localhost:80', cookie: browser.cookie ?? '' },
    })
    return text
      .split(/\r?\n/u)
      .slice(1)
      .map((line) => line.split(',')[1] ?? '')
  }
  t.ok((await serialsIn(clerk)).every((serial) => serial === ''))
  t.ok((await serialsIn(maker)).some((serial) => /\d/u.test(serial)))
  await body('scrambled')
})

t.test('a store manager sees the card that lies there, and no other one', async (t) => {
  const manager = await menu.signedIn('manager')
  t.equal((await manager.ok('cards.list')).items.length, 0)
  const clerk = await menu.signedIn('helpdesk')
  const id = (await clerk.ok('find.search', { body: { text: other.number } })).hits[0]?.to.split('/').at(-1) ?? ''
  t.equal(await manager.code('cards.show', { params: { id } }), 'card_not_presented')
  t.equal((await manager.ok('find.search', { body: { text: other.number } })).hits.length, 1)
  t.equal((await manager.ok('cards.show', { params: { id } })).id, id)
  t.equal((await manager.ok('cards.list')).items.length, 1)
  t.equal(await manager.code('cards.reveal', { params: { id }, body: { reason: 'curious' } }), 'right_missing')
})

t.test('whole numbers: with a reason, on record, twenty a day', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const id = (await clerk.ok('find.search', { body: { text: other.number } })).hits[0]?.to.split('/').at(-1) ?? ''
  for (let left = 19; left >= 0; left--) {
    const shown = await clerk.ok('cards.reveal', { params: { id }, body: { reason: 'The customer reads it to me' } })
    t.same(shown, { number: other.number, leftToday: left })
  }
  t.equal(await clerk.code('cards.reveal', { params: { id }, body: { reason: 'once more' } }), 'reveals_used_up')
})

t.test('every result has its reason, rule and remedy in both languages, with the figures that it names', async (t) => {
  const figures = ['asked', 'taken', 'available', 'ledger', 'minimum', 'maximum', 'step', 'nominal', 'maximumBalance',
    'dailyAmount', 'dailyCount', 'topUpCount', 'issue', 'block', 'until', 'terminal', 'store', 'reference'] // prettier-ignore
  for (const result of RESULTS) {
    for (const part of ['sentence', 'rule', 'remedy'] as const) {
      const { en, pl } = EXPLANATIONS[result][part]
      const named = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name).sort()
      t.ok(en.endsWith('.') && pl.endsWith('.'), `${result} ${part}`)
      t.same(named(en), named(pl), `${result} ${part}: both languages name the same figures`)
      t.same(
        named(en).filter((name) => !figures.includes(name)),
        [],
        result,
      )
    }
  }
})

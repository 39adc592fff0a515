import t from 'tap'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { demoCards } from '../../src/demo/cards.ts'
import { bindCertificate, demandSignOn, unbindCertificate } from '../../src/office/certificates.ts'
import { addTerminal } from '../../src/office/terminals.ts'
import { decideTerminal, changeTerminalAsked } from '../../src/office/terminal-proposals.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ok, person } from '../office/test-office.ts'
import { zipSync, strToU8 } from 'fflate'
import { STORE } from '../engine/engine-setting.ts'
import { openCases } from './open-cases.ts'
import { menuForTest } from './setting.ts'

/* Stores and terminals through AkartMenu: a chain from one spreadsheet, silent tills, and what two people want. */

const menu = await menuForTest(t)
const { office } = menu
const admin = await menu.signedIn('admin')
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')
const HEAD = 'store,name,currency,time-zone,language,terminal,confirmation,terminal-language'
const CHAIN = [
  'CHAIN1,Kraków Rynek,985,Europe/Warsaw,pl,KRAK0001,explicit,',
  'CHAIN1,,,,,KRAK0002,next,en',
  'CHAIN2,Gdańsk,,,,GDAN0001,,',
  `${STORE},,,,,OLD00001,,`,
]
const load = (lines: readonly string[], dryRun = false) => ({
  body: { fileName: 'chain.csv', content: base64([HEAD, ...lines].join('\n')), dryRun },
})

t.test('a chain from one spreadsheet: every fault by its line, all of it or nothing', async (t) => {
  const wrong = await admin.ok(
    'stores.import',
    load([...CHAIN, 'CHAIN3,,,,,LONELY01,,', 'CHAIN1,Other,,,,KRAK0001,sometimes,']),
  )
  t.equal(wrong.saved, false)
  t.same(
    wrong.faults.map(({ line }) => line),
    [6, 7, 7],
  )
  t.match(wrong.faults[0]?.text.en, /CHAIN3/u)
  t.match(wrong.faults[1]?.text.pl, /jest inny w wierszu 2/u)
  t.equal(await admin.code('stores.show', { params: { code: 'CHAIN1' } }), 'no_such_store', 'nothing is saved')
  const checked = await admin.ok('stores.import', load(CHAIN, true))
  t.same([checked.stores, checked.terminals, checked.count, checked.saved], [2, 4, 0, false])
  t.equal((await admin.ok('stores.import', load(CHAIN))).saved, true)
  const { tills, currency } = await admin.ok('stores.show', { params: { code: 'CHAIN1' } })
  t.same(
    [currency, tills.map(({ code, confirmation, language }) => [code, confirmation, language])],
    [
      'PLN',
      [
        ['KRAK0001', 'explicit', 'store'],
        ['KRAK0002', 'next', 'en'],
      ],
    ],
  )
  t.match(await admin.ok('stores.import', load(CHAIN)), { saved: false, count: 6 }, 'they are there now')
  t.equal(await admin.code('stores.import', load([], true)), 'no_lines')
})

t.test('the same from a workbook', async (t) => {
  const cells = (row: string[]) => row.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')
  const rows = [
    ['store', 'name', 'terminal'],
    ['BOOK1', 'From a book', 'BOOK0001'],
  ]
  const sheet = `<worksheet><sheetData>${rows.map((row) => `<row>${cells(row)}</row>`).join('')}</sheetData></worksheet>`
  const content = base64(zipSync({ 'xl/worksheets/sheet1.xml': strToU8(sheet) }))
  t.match(await admin.ok('stores.import', { body: { fileName: 'chain.xlsx', content, dryRun: false } }), {
    saved: true,
    stores: 1,
    terminals: 1,
  })
  const broken = { fileName: 'chain.xlsx', content: base64('PK no workbook'), dryRun: true }
  t.equal(await admin.code('stores.import', { body: broken }), 'not_xlsx')
})

t.test('one store and one terminal; wrong values are named by their fields', async (t) => {
  const { status, json } = await admin.ask('stores.add', {
    body: { settings: { store: 'one two', name: 'One', 'time-zone': 'Mars' } },
  })
  t.same([status, (json as { faults: { at: string }[] }).faults.map(({ at }) => at)], [422, ['store', 'time-zone']])
  await admin.ok('stores.add', { body: { settings: { store: 'ONE', name: 'One' } } })
  await admin.ok('terminals.add', { body: { settings: { terminal: 'ONE00001', store: 'ONE' } } })
  const changed = await admin.ok('stores.change', { params: { code: 'ONE' }, body: { settings: { name: 'Jeden' } } })
  t.same(changed.differences, ['name One → Jeden'])
  const params = { code: 'ONE00001' }
  await admin.ok('terminals.change', { params, body: { settings: { state: 'inactive' }, reason: 'test' } })
  await admin.ok('terminals.signOn', { params, body: { required: true } })
  await admin.ok('terminals.bind', { params, body: { by: 'subject', name: 'CN=till', remove: false } })
  const terminal = await admin.ok('terminals.show', { params })
  t.match(terminal, {
    state: 'inactive',
    signOn: true,
    canProve: true,
    bindings: [{ what: 'terminal', name: 'CN=till' }],
  })
  await admin.ok('terminals.bind', { params, body: { by: 'subject', name: 'CN=till', remove: true } })
})

t.test('off a demo, a terminal that is served with less than before waits for an accountant', async (t) => {
  const [anna, adam] = [person('anna'), person('adam')]
  const real = { ...office, demo: false }
  await menu.signedIn('accountant')
  const input = { terminal: 'ONE00001', change: { state: 'active' }, reason: 'opened again' } as const
  const { done, proposal } = await ok(changeTerminalAsked(real, anna, input))
  t.equal(done, null)
  const again = await changeTerminalAsked(real, anna, input)
  t.equal(isRefused(again) && again.refused, 'already_proposed')
  const decision = { id: proposal ?? 0, approve: true, reason: '' }
  const own = await decideTerminal(real, anna, decision)
  t.equal(isRefused(own) && own.refused, 'own_request')
  const waiting = (await (await menu.signedIn('accountant')).ok('approvals.list')).items.find(
    ({ kind }) => kind === 'terminal',
  )
  t.match(waiting, { to: '/terminals/ONE00001', changes: [{ after: 'active' }], refused: null })
  await ok(decideTerminal(real, adam, decision))
  t.equal((await admin.ok('terminals.show', { params: { code: 'ONE00001' } })).state, 'active')
  t.match(
    (await ok(changeTerminalAsked(real, anna, { ...input, change: { state: 'inactive' } }))).proposal,
    null,
    'less is done at once',
  )

  const terminal = { what: 'terminal', code: 'ONE00001' } as const
  const mine = { by: 'subject', name: 'CN=mine' } as const
  const bound = async () => (await admin.ok('terminals.show', { params: { code: 'ONE00001' } })).bindings.length
  const { waits } = await ok(bindCertificate(real, anna, { ...terminal, ...mine }))
  t.equal(await bound(), 0, 'nobody speaks for a till by one person alone')
  const store = { what: 'store', code: 'ONE' } as const
  const ofStore = await ok(bindCertificate(real, anna, { ...store, ...mine }))
  t.type(ofStore.waits, 'number')
  for (const id of [waits, ofStore.waits]) await ok(decideTerminal(real, adam, { ...decision, id: id ?? 0 }))
  t.equal(await bound(), 2, 'now its own and its store’s')
  t.match(await ok(demandSignOn(real, anna, { terminal: 'ONE00001', required: true })), { waits: null })
  t.type((await ok(demandSignOn(real, anna, { terminal: 'ONE00001', required: false }))).waits, 'number')
  t.type((await ok(unbindCertificate(real, anna, { ...store, ...mine }))).waits, 'number')
  const settings = {
    code: 'ONE00002',
    store: 'ONE',
    confirmation: 'none',
    characterSet: 'ascii',
    language: 'store',
  } as const
  t.match(
    await ok(addTerminal(real, anna, { ...settings, unauthenticated: false })),
    { active: false },
    'a new one that the certificate of its store would serve begins inactive',
  )
  t.match(
    await ok(addTerminal(real, anna, { ...settings, code: 'ONE00003', store: 'CHAIN1', unauthenticated: false })),
    {
      active: true,
    },
  )
  const shown = (await (await menu.signedIn('accountant')).ok('approvals.list')).items
  t.same(
    shown
      .filter(({ kind }) => kind === 'terminal')
      .map(({ subject }) => subject.en)
      .toSorted(),
    ['Store ONE', 'Terminal ONE00001'],
  )
})

t.test('a till is silent where it was heard of this week and not today; keys are not for store managers', async (t) => {
  const card = demoCards(deriveCardKeys(DEMO_MASTER)).find(({ issue, state }) => issue === 'OPEN' && state === 'sold')
  await openCases(menu, [{ number: card?.number ?? '', stan: 900, amount: 1_250 }])
  await menu.folded()
  const manager = await menu.signedIn('manager')
  const { silent, keys } = await manager.ok('terminals.show', { params: { code: 'DEMO0001' } })
  t.same([silent, keys], [false, null])
  t.equal(await manager.code('terminals.show', { params: { code: 'ONE00001' } }), 'not_your_store')
  menu.now += 24 * 3_600_000
  const late = await menu.signedIn('manager')
  const { items } = await late.ok('terminals.list', { query: { state: 'silent' } })
  t.same(
    items.map(({ code }) => code),
    ['DEMO0001'],
  )
  const stores = await (await menu.signedIn('admin')).ok('stores.list')
  t.equal(stores.items.find(({ code }) => code === STORE)?.silent, 1)
})

t.test('other hosts', async (t) => {
  t.same((await (await menu.signedIn('admin')).ok('upstreams.list')).items, [])
})

import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import type { Actor } from '../../src/office/actor.ts'
import { adjustCard, decideAdjustment, listAdjustments } from '../../src/office/adjustments.ts'
import { blockCard, clearCard, duplicateCard, extendCard, showCard, unblockCard } from '../../src/office/cards.ts'
import { decideCase, findCase, listCases } from '../../src/office/cases.ts'
import { bindCertificate, demandSignOn, listBindings, unbindCertificate } from '../../src/office/certificates.ts'
import { addCounterparty, closeCounterparty, listCounterparties } from '../../src/office/counterparties.ts'
import { expireCards } from '../../src/office/expiry.ts'
import { exportIssue } from '../../src/office/export-issue.ts'
import { orderGeneration } from '../../src/office/generation-order.ts'
import { authoriseIssue } from '../../src/office/issue-authorisation.ts'
import { activateIssue, closeIssue, findIssue, listIssues, planIssue, replanIssue } from '../../src/office/issues.ts'
import { verifyBooks } from '../../src/office/ledger.ts'
import { decideLimits, proposeLimits } from '../../src/office/limits.ts'
import type { Office } from '../../src/office/office.ts'
import { makePack, planPack } from '../../src/office/pack-making.ts'
import { receivePack } from '../../src/office/pack-receiving.ts'
import { approvePackSale, askPackSale } from '../../src/office/pack-sale.ts'
import {
  activatePack,
  authorisePack,
  dispatchPack,
  findPack,
  killPack,
  listPacks,
  returnPack,
} from '../../src/office/packs.ts'
import { proofIssue } from '../../src/office/proofs.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { rightsOf } from '../../src/office/rights.ts'
import { importStores, importTerminals } from '../../src/office/registry-import.ts'
import { addStore, changeStore, findStore, listStores } from '../../src/office/stores.ts'
import { abandonImport, giveComponent } from '../../src/office/key-import.ts'
import { removeKey, setMacPolicy } from '../../src/office/terminal-key-changes.ts'
import { listKeyChanges, listKeys } from '../../src/office/terminal-keys.ts'
import { addTerminal, changeTerminal, findTerminal, listTerminals } from '../../src/office/terminals.ts'
import { listUpstreams } from '../../src/office/upstreams.ts'
import { engineSetting, STORE } from '../engine/engine-setting.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

/** Rules for every use case: nobody without the right gets anything, and every change is recorded. */

const setting = await engineSetting(t)
const { access, connection } = setting
const office = await testOffice(t, access)
await everyChangeIsAudited(t, access, connection)
const cards = demoCards(deriveCardKeys(DEMO_MASTER))
const numberOf = (state: string, nth = 0) =>
  cards.filter((card) => card.state === state && card.issue === 'OPEN')[nth]?.number ?? ''

const STRANGER: Actor = { login: 'eve', name: 'Eve', rights: new Map(), stores: new Set([STORE]), channel: 'menu' }
const OLA = person('ola')
const JAN = person('jan')
const reason = 'asked for'
const card = numberOf('sold')
const none = { serials: [], numbers: [], cards: [], files: [] }
const selection = { ...none, serials: ['1'] }
const recipient = { kind: 'store', code: STORE } as const
const given = new Map<string, string>()
const file = { name: 'x.csv', content: 'store,name\nX,X\n' }
const binding = { what: 'store', code: STORE, by: 'subject', name: 'CN=x' } as const
const store = { code: 'X', name: 'X', currency: 985, timeZone: 'Europe/Warsaw', language: 'pl' } as const
const till = {
  code: 'X',
  store: STORE,
  confirmation: 'next',
  characterSet: 'ascii',
  language: 'store',
  unauthenticated: false,
} as const

type UseCase = (office: Office, actor: Actor) => Promise<unknown>

const USE_CASES: Readonly<Record<string, UseCase>> = {
  showCard: (o, a) => showCard(o, a, { card }),
  blockCard: (o, a) => blockCard(o, a, { card, block: 'lost', reason }),
  unblockCard: (o, a) => unblockCard(o, a, { card, reason }),
  clearCard: (o, a) => clearCard(o, a, { card, reason }),
  duplicateCard: (o, a) => duplicateCard(o, a, { card, onto: numberOf('sellable'), reason }),
  extendCard: (o, a) => extendCard(o, a, { card, until: '2099-12-31', reason }),
  expireCards,
  adjustCard: (o, a) => adjustCard(o, a, { card, amount: 1, reason }),
  listAdjustments: (o, a) => listAdjustments(o, a, { most: 1 }),
  decideAdjustment: (o, a) => decideAdjustment(o, a, { id: 1, approve: true }),
  listCases: (o, a) => listCases(o, a, { open: true, most: 1 }),
  findCase: (o, a) => findCase(o, a, { case: 1 }),
  decideCase: (o, a) => decideCase(o, a, { case: 1, decision: 'confirm', reason }),
  listBindings,
  bindCertificate: (o, a) => bindCertificate(o, a, binding),
  unbindCertificate: (o, a) => unbindCertificate(o, a, binding),
  demandSignOn: (o, a) => demandSignOn(o, a, { terminal: 'DEMO0001', required: true }),
  listCounterparties,
  addCounterparty: (o, a) => addCounterparty(o, a, { code: 'X', name: 'X' }),
  closeCounterparty: (o, a) => closeCounterparty(o, a, { code: 'X' }),
  exportIssue: (o, a) =>
    exportIssue(o, a, { issue: 'OPEN', maker: 'csv', file: '/nonexistent/x', reason, newEcodes: false }),
  orderGeneration: (o, a) => orderGeneration(o, a, { issue: 'OPEN' }),
  authoriseIssue: (o, a) => authoriseIssue(o, a, { issue: 'OPEN' }),
  activateIssue: (o, a) => activateIssue(o, a, { issue: 'OPEN' }),
  closeIssue: (o, a) => closeIssue(o, a, { issue: 'OPEN' }),
  findIssue: (o, a) => findIssue(o, a, { issue: 'OPEN' }),
  listIssues,
  planIssue: (o, a) => planIssue(o, a, { given }),
  replanIssue: (o, a) => replanIssue(o, a, { issue: 'OPEN', given }),
  verifyBooks,
  proposeLimits: (o, a) => proposeLimits(o, a, { issue: 'OPEN', given, reason }),
  decideLimits: (o, a) => decideLimits(o, a, { issue: 'OPEN', approve: true }),
  planPack: (o, a) => planPack(o, a, { issue: 'OPEN', selection }),
  makePack: (o, a) => makePack(o, a, { issue: 'OPEN', selection, recipient, allowed: [] }),
  receivePack: (o, a) => receivePack(o, a, { pack: 1, scanned: none, missingAreLost: false }),
  askPackSale: (o, a) => askPackSale(o, a, { pack: 1, amount: 1 }),
  approvePackSale: (o, a) => approvePackSale(o, a, { pack: 1 }),
  activatePack: (o, a) => activatePack(o, a, { pack: 1 }),
  authorisePack: (o, a) => authorisePack(o, a, { pack: 1 }),
  dispatchPack: (o, a) => dispatchPack(o, a, { pack: 1 }),
  findPack: (o, a) => findPack(o, a, { pack: 1 }),
  killPack: (o, a) => killPack(o, a, { pack: 1 }),
  returnPack: (o, a) => returnPack(o, a, { pack: 1 }),
  listPacks: (o, a) => listPacks(o, a, { issue: null, recipient: null, state: null, most: 1 }),
  proofIssue: (o, a) => proofIssue(o, a, { issue: 'OPEN', file: '/nonexistent/x', serials: { first: 1, last: 1 } }),
  importStores: (o, a) => importStores(o, a, { file, dryRun: false }),
  importTerminals: (o, a) => importTerminals(o, a, { file, dryRun: false }),
  listStores,
  findStore: (o, a) => findStore(o, a, { store: STORE }),
  addStore: (o, a) => addStore(o, a, store),
  changeStore: (o, a) => changeStore(o, a, { store: STORE, change: { name: 'Y' } }),
  listTerminals: (o, a) => listTerminals(o, a, { store: null }),
  findTerminal: (o, a) => findTerminal(o, a, { terminal: 'DEMO0001' }),
  addTerminal: (o, a) => addTerminal(o, a, till),
  changeTerminal: (o, a) => changeTerminal(o, a, { terminal: 'DEMO0001', change: { language: 'en' } }),
  removeKey: (o, a) => removeKey(o, a, { terminal: 'DEMO0001', purpose: 'mac' }),
  setMacPolicy: (o, a) => setMacPolicy(o, a, { terminal: 'DEMO0001', required: true }),
  giveComponent: (o, a) =>
    giveComponent(o, a, { terminal: 'DEMO0001', purpose: 'mac', component: { hex: '', checkValue: '' }, begins: null }),
  abandonImport: (o, a) => abandonImport(o, a, { terminal: 'DEMO0001', purpose: 'mac' }),
  listKeys: (o, a) => listKeys(o, a, { terminal: null }),
  listKeyChanges: (o, a) => listKeyChanges(o, a, { terminal: null, most: 1 }),
  listUpstreams,
}

const rows = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]
const fingerprint = async () =>
  rows(`SELECT (SELECT COUNT(*) FROM transactions) AS t, (SELECT COUNT(*) FROM audit) AS a,
    (SELECT version FROM registry_version) AS v, (SELECT COUNT(*) FROM card_events) AS e`)

t.test('nobody without a right gets anything or changes anything', async (t) => {
  const before = await fingerprint()
  for (const [name, useCase] of Object.entries(USE_CASES)) {
    const result = await useCase(office, STRANGER)
    t.equal(isRefused(result) ? result.refused : 'allowed', 'right_missing', name)
  }
  t.same(await fingerprint(), before)
})

t.test(
  'a store manager finds a card that lies before them, and of its story only what happened in the own store',
  async (t) => {
    const manager = (stores: ReadonlySet<string>): Actor => ({
    login: 'mia', name: 'Mia', rights: rightsOf(['storeManager']), stores, channel: 'menu',
  }) // prettier-ignore
    const all = (await ok(showCard(office, OLA, { card }))).history.transactions
    const own = all[0]?.store ?? ''
    const here = await ok(showCard(office, manager(new Set([own])), { card }))
    const elsewhere = await ok(showCard(office, manager(new Set(['000000000000099'])), { card }))
    t.ok(all.length > 0)
    t.same(
      here.history.transactions,
      all.filter(({ store }) => store === own),
    )
    t.same(elsewhere.history.transactions, [])
    const bySerial = await showCard(office, manager(new Set([STORE])), { card: `OPEN:${here.card.serial}` })
    t.match(bySerial, { refused: 'card_not_presented' })
    t.match(await findStore(office, manager(new Set([STORE])), { store: 'S9' }), { refused: 'not_your_store' })
  },
)

t.test('every change is on record with who, channel and what, in the transaction that makes it', async (t) => {
  const done: [string, () => Promise<unknown>][] = [
    ['cards.block', () => ok(blockCard(office, OLA, { card, block: 'customer', reason }))],
    ['cards.unblock', () => ok(unblockCard(office, OLA, { card, reason }))],
    ['cards.adjust', () => ok(adjustCard(office, OLA, { card, amount: 100, reason }))],
    ['counterparties.add', () => ok(addCounterparty(office, OLA, { code: 'AUDIT', name: 'Audit' }))],
    ['counterparties.close', () => ok(closeCounterparty(office, OLA, { code: 'AUDIT' }))],
    ['stores.added', () => ok(addStore(office, OLA, { ...store, code: 'AUDIT' }))],
    ['stores.changed', () => ok(changeStore(office, OLA, { store: 'AUDIT', change: { name: 'Z' } }))],
    ['terminals.added', () => ok(addTerminal(office, OLA, { ...till, code: 'AUDIT', store: 'AUDIT' }))],
    ['terminals.changed', () => ok(demandSignOn(office, OLA, { terminal: 'AUDIT', required: true }))],
    ['stores.changed', () => ok(bindCertificate(office, OLA, { ...binding, code: 'AUDIT' }))],
    ['stores.changed', () => ok(unbindCertificate(office, OLA, { ...binding, code: 'AUDIT' }))],
    [
      'issues.limits',
      () => ok(proposeLimits(office, OLA, { issue: 'OPEN', given: new Map([['dailyCount', '9']]), reason })),
    ],
    ['issues.limits.approve', () => ok(decideLimits(office, JAN, { issue: 'OPEN', approve: true }))],
  ]
  for (const [action, change] of done) {
    const [newest] = await rows('SELECT COALESCE(MAX(id), 0) AS last FROM audit')
    await change()
    const who = action === 'issues.limits.approve' ? 'jan' : 'ola'
    const found = await rows(`SELECT who, channel, action, outcome FROM audit WHERE id > ${String(newest?.['last'])}`)
    t.same(found.map((row) => ({ ...row })), [{ who, channel: 'cli', action, outcome: 'done' }], action) // prettier-ignore
  }
  const unchained = await rows('SELECT COUNT(*) AS n FROM audit_unchained u JOIN audit a ON a.id = u.audit_id')
  t.ok(Number(unchained[0]?.['n']) >= done.length, 'and waits for the chain')
})

t.test('what is refused leaves no row', async (t) => {
  const before = await fingerprint()
  t.ok(isRefused(await unblockCard(office, OLA, { card: 'OPEN:99999', reason })))
  t.ok(isRefused(await closeCounterparty(office, OLA, { code: 'NOBODY' })))
  t.ok(isRefused(await changeStore(office, OLA, { store: 'NOWHERE', change: { name: 'x' } })))
  t.ok(isRefused(await activateIssue(office, OLA, { issue: 'OPEN' })))
  t.same(await fingerprint(), before)
})

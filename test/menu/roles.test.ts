import t from 'tap'
import { demoPeople } from '../../src/demo/people.ts'
import { API, ROUTE_NAMES, type RouteName } from '../../src/menu/api.ts'
import type { Route } from '../../src/menu/api/route.ts'
import { rightsOf } from '../../src/office/rights.ts'
import { RIGHTS, type Role } from '../../src/office/rights-table.ts'
import { menuForTest } from './setting.ts'

/** Every route with every role and a stranger: an unauthorised caller is refused before anything else is checked. */

const menu = await menuForTest(t)

/** Something that fits a path's parameters, and exists nowhere. */
const PARAMS: Readonly<Record<string, string>> = {
  id: '1',
  login: 'nobody',
  store: 'nowhere',
  code: 'NOBODY',
  report: 'activity',
  endpoint: 'whe_1',
  event: 'evt_1',
  month: '2026-11',
}
const paramsOf = (route: Route): Record<string, string> =>
  Object.fromEntries(
    Object.keys(route.params?.properties ?? {}).map((name) => [
      name,
      name === 'id' && route.path.includes('approvals') ? 'grant-1' : (PARAMS[name] ?? ''),
    ]),
  )

/** A body that fits, so that nothing but the right decides. */
const BODIES: Readonly<Partial<Record<RouteName, object>>> = {
  'users.invite': { login: 'somebody', name: 'Some Body', roles: ['auditor'], stores: [] },
  'users.change': { roles: ['auditor'] },
  'users.reset': { what: 'totp' },
  'roles.make': { code: 'somebody', name: 'Somebody', rights: [{ right: 'nothing', reach: 'all' }] },
  'roles.change': { name: 'Somebody' },
  'issues.plan': { settings: {} },
  'issues.change': { settings: {} },
  'issues.proofs': { first: 1, last: 1 },
  'issues.proofFile': { first: 1, last: 1 },
  'issues.export': { maker: 'nobody', reason: 'test', newEcodes: false },
  'issues.limits': { settings: {}, reason: 'test' },
  'makers.key': { publicKey: 'age1nobody', reason: 'test' },
  'schedules.add': {
    name: 'test',
    report: 'activity',
    stores: null,
    issues: null,
    rhythm: 'daily',
    onDay: 0,
    at: '06:00',
    zoneOf: null,
    format: 'csv',
    preset: 'en',
    language: 'en',
    place: 'directory',
    target: 'nowhere',
  },
  'shops.add': { code: 'NOBODY', name: 'Nobody', store: 'nowhere' },
  'shops.addKey': { name: 'key', kind: 'secret', scopes: ['cards'], origins: [], networks: [] },
  'shops.endpoint': { state: 'disabled' },
  'ecards.sell': {
    issue: 'NOBODY',
    amount: 1,
    buyer: { kind: 'store', code: 'nowhere' },
    email: 'nobody@example.com',
    language: 'en',
    reason: 'test',
  },
  'kiosks.add': { code: 'NOBODY', store: 'nowhere', networks: [] },
  'stores.add': { settings: {} },
  'stores.change': { settings: {} },
  'stores.import': { fileName: 'a.csv', content: '', dryRun: true },
  'terminals.add': { settings: {} },
  'terminals.change': { settings: {}, reason: 'test' },
  'terminals.signOn': { required: true },
  'terminals.bind': { by: 'subject', name: 'CN=nobody', remove: true },
  'terminals.giveComponent': {
    purpose: 'mac',
    component: { hex: '0'.repeat(32), checkValue: '000000' },
    begins: null,
  },
  'terminals.removeKey': { purpose: 'mac' },
  'terminals.macPolicy': { required: true },
  'packs.scan': { text: 'nothing', pack: '1', issue: null },
  'packs.serials': { query: 'issue=NOBODY' },
  'packs.plan': { issue: 'NOBODY', serials: '1', scanned: [], file: null },
  'packs.make': {
    issue: 'NOBODY',
    serials: '1',
    scanned: [],
    file: null,
    recipient: { kind: 'store', code: 'nowhere' },
    allowed: [],
    reason: 'test',
  },
  'packs.receive': { scanned: [], file: { name: 'a', content: '' }, missingAreLost: false, reason: '' },
  'packs.sell': { amount: null, reason: 'test' },
  'welfare.leave': { number: '1' },
  'welfare.addEmployee': { number: '1', name: 'Nobody', email: null, card: null },
  'welfare.makeEmployer': {
    code: 'NOBODY',
    yearlyLimit: 100,
    currency: 'PLN',
    legalNote: '',
    paidFirst: false,
    language: 'pl',
    email: null,
  },
  // Longer than what carries no file may be.
  'welfare.importEmployees': { fileName: 'a.csv', content: 'A'.repeat(300_000) },
  'welfare.link': { number: '1', card: null },
  'welfare.upload': { employer: 'NOBODY', fileName: 'a.csv', content: '' },
  'welfare.correct': { fileName: 'a.csv', content: '' },
  'counterparties.add': { code: 'NEW', name: 'New' },
  'counterparties.pay': { amount: 100, currency: 'PLN', paidOn: '2026-11-20', reference: 'FT1', note: '' },
  'counterparties.import': { fileName: 'a.csv', content: '' },
  'counterparties.limit': { amount: null, currency: 'PLN', reason: 'test' },
  'settlements.propose': { from: '2026-11-02', to: '2026-11-01', stores: null, reason: 'test' },
  'ledger.setAccounts': { values: {} },
  'welfare.propose': { reason: 'test', accept: [] },
  'welfare.recall': { employer: 'NOBODY', batch: '1', employees: null, reason: 'test' },
  'find.search': { text: 'nothing' },
  'cards.block': { kind: 'lost', reason: 'test' },
  'cards.duplicate': { onto: `h_${'x'.repeat(22)}`, reason: 'test' },
  'cards.extend': { until: '2030-01-01', reason: 'test' },
  'cards.adjust': { amount: 1, reason: 'test' },
  'cases.decide': { decision: 'happened', reason: 'test' },
  'approvals.decide': { approve: true, reason: '', version: 'x' },
  'session.prove': { password: 'wrong' },
  'profile.password': { current: 'wrong', wanted: 'wrong' },
  'exports.make': { list: 'cards', query: '', columns: [], format: 'csv' },
  'bulk.preview': { action: 'block', kind: 'lost', cards: ['1'] },
  'journals.upload': { store: 'nowhere', fileName: 'x.csv', content: '' },
  'journals.decide': { rows: [{ row: 1, decision: 'happened' }], reason: 'test' },
  'searches.save': { list: 'cards', name: 'mine', query: '', columns: [], sharedWith: null },
}
const REASON = { reason: 'test' }
const bodyOf = (name: RouteName, route: Route): object | undefined => {
  if (route.body === undefined) return undefined
  const wantsReason = 'reason' in ((route.body as { properties?: object }).properties ?? {})
  return BODIES[name] ?? (wantsReason ? REASON : {})
}

/** Routes for one's own data: profile, jobs. */
const NOT_BY_RIGHT: ReadonlySet<RouteName> = new Set<RouteName>([
  'profile.show',
  'profile.change',
  'profile.password',
  'profile.endSession',
  'session.prove',
  'jobs.show',
])

/** What is of all stores is not for who sees some. */
const OF_ALL_STORES: ReadonlySet<RouteName> = new Set<RouteName>(['ledger.month', 'ledger.accounts'])

/** The input for requests that need one. */
const QUERIES: Readonly<Record<string, Record<string, string | number>>> = {
  'cards.wouldPay': { amount: 1 },
  'welfare.statement': { from: '2026-11-01', to: '2026-11-30' },
}

const served = ROUTE_NAMES.filter((name) => menu.app.hasRoute({ method: API[name].method, url: API[name].path }))

t.test('a stranger is told to sign in', async (t) => {
  t.ok(served.length > 40)
  for (const name of served) {
    const route: Route = API[name]
    if (route.access === 'anyone') continue
    const body = bodyOf(name, route)
    const query = QUERIES[name] ?? {}
    const code = await menu
      .browser()
      .code(name, { params: paramsOf(route), query, ...(body === undefined ? {} : { body }) })
    t.equal(code, 'not_signed_in', name)
  }
})

for (const { login, role } of demoPeople) {
  t.test(`${login}: what the table of rights says`, async (t) => {
    const browser = await menu.signedIn(login)
    const rights = rightsOf([role as Role])
    for (const name of served) {
      const route: Route = API[name]
      if (route.access === 'anyone' || NOT_BY_RIGHT.has(name)) continue
      const isEnough = (reach: string | undefined) => reach === 'all' || (reach === 'own' && !OF_ALL_STORES.has(name))
      const may = route.access === 'signedIn' || route.access.some((right) => isEnough(rights.get(right)))
      const body = bodyOf(name, route)
      const query = QUERIES[name] ?? {}
      const { status, json } = await browser.ask(name, {
        params: paramsOf(route),
        query,
        ...(body === undefined ? {} : { body }),
      })
      const code = (json as { code?: string } | null)?.code ?? null
      t.not(status, 500, name)
      t.not(code, 'invalid_request', `${name}: the test asks rightly`)
      t.equal(code === 'right_missing', !may, `${name}: ${status} ${String(code)}`)
    }
  })
}

t.test('whatever a query or a path says, it is no failure of ours', async (t) => {
  const people = [await menu.signedIn('admin'), await menu.signedIn('accountant'), await menu.signedIn('issuer')]
  const rights = people.map((_, at) => rightsOf([(['administrator', 'accountant', 'issuer'] as const)[at] ?? 'issuer']))
  for (const name of served) {
    const route: Route = API[name]
    const { method, access, query: asks } = route
    const at = access === 'anyone' || access === 'signedIn' ? 0 : rights.findIndex((own) => access.some((right) => own.has(right))) // prettier-ignore
    const person = people[at]
    if (method !== 'GET' || person === undefined) continue
    const keys = Object.keys((asks as { properties?: object } | undefined)?.properties ?? {})
    // Letters that no code has, half a letter, and more than we count with.
    for (const odd of ['ż', '\ud800', '9007199254740993']) {
      const params = Object.fromEntries(Object.keys(paramsOf(route)).map((key) => [key, odd === '\ud800' ? '%' : odd]))
      for (const what of [{ params }, ...keys.map((key) => ({ params: paramsOf(route), query: { [key]: odd } }))])
        t.not((await person.ask(name, what)).status, 500, `${name} ${JSON.stringify(what)}`)
    }
  }
})

t.test('what is marked ◆◆ asks again who is there', (t) => {
  for (const name of served) {
    const { method, access, proof }: Route = API[name]
    if (method === 'GET' || typeof access === 'string') continue
    if (access.every((right) => RIGHTS[right].care === 'reauth')) t.not(proof, undefined, name)
  }
  t.end()
})

t.test('a stranger is told to sign in before it is looked at what they sent', async (t) => {
  const stranger = menu.browser()
  for (const name of ['cards.block', 'bulk.preview', 'settings.change'] as const) {
    const params = { id: 'no id at all' }
    t.equal(await stranger.code(name, { params, body: { nonsense: true } }), 'not_signed_in', name)
  }
  const broken = await menu.app.inject({
    method: 'POST',
    url: '/api/bulk',
    headers: {
      host: 'localhost:80',
      origin: 'http://localhost:80',
      'x-csrf-token': 'signed-out',
      'content-type': 'application/json',
    },
    payload: '{"action":',
  })
  t.equal(broken.statusCode, 401, 'nor is JSON read that is none')
})

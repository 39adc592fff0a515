/** An AkartMenu with a database, users and sessions for a test. */

import type { FastifyInstance } from 'fastify'
import { Compile } from 'typebox/compile'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { DEMO_PASSWORD } from '../../src/demo/people.ts'
import { masterKeyring } from '../../src/custody/master-keyring.ts'
import { openDatabase } from '../../src/db/database.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { equipDemoECards } from '../../src/demo/seed-ecards.ts'
import { equipDemoPeople } from '../../src/demo/seed-people.ts'
import { upsertSearchRange } from '../../src/db/sql/search.ts'
import type { Access } from '../../src/db/access.ts'
import { ownOrigin, buildSite } from '../../src/http/site.ts'
import { masterKey } from '../../src/keys/master-key.ts'
import { openLog } from '../../src/log.ts'
import { bulkJobs } from '../../src/jobs/bulk.ts'
import { generation } from '../../src/jobs/generation.ts'
import { listExports } from '../../src/jobs/list-export.ts'
import { takeOne } from '../../src/jobs/runner.ts'
import { API, type Answer, type RouteName } from '../../src/menu/api.ts'
import type { Route } from '../../src/menu/api/route.ts'
import { mountMenu } from '../../src/menu/menu.ts'
import { MENU_POLICY } from '../../src/menu/policy.ts'
import { createDayCounters } from '../../src/office/day-counters.ts'
import { GENERATION } from '../../src/office/generation-order.ts'
import type { Office } from '../../src/office/office.ts'
import { openOffice } from '../../src/office/open-office.ts'
import { startPasswordHasher } from '../../src/office/password-hasher.ts'
import { testDatabase } from '../database.ts'
import { everyChangeIsAudited } from '../office/audit-watch.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void; readonly fail: (why: string) => void }

const SITE = { host: '127.0.0.1', port: 0, tls: { certificate: null, key: null }, publicUrl: null, trustProxy: [] }
const ORIGIN = 'http://localhost:80'
export const START = Date.UTC(2026, 10, 29, 12)

export type MenuSetting = {
  readonly access: Access
  readonly office: Office
  readonly app: FastifyInstance
  /** The clock of everything, ms; tests turn it. */
  now: number
  /** Anonymous, until it signs in. */
  readonly browser: (address?: string) => Browser
  readonly signedIn: (login: string) => Promise<Browser>
  /** Does the jobs that wait. */
  readonly worked: () => Promise<void>
  /** Resolves when lists show everything that is in the books. */
  readonly folded: () => Promise<void>
}

export type MenuOptions = {
  readonly demo?: boolean
  readonly exposed?: boolean
  /** Served by TLS: the cookie has its prefix. */
  readonly secure?: boolean
  /** Directories with the layouts of card makers. */
  readonly makers?: readonly string[]
  /** A mail server is configured, and there is an issue of e-cards. */
  readonly mails?: boolean
}

/** AkartMenu on the demo's data without a socket: its routes, an office with an engine, and a clock to turn. */
export async function menuForTest(
  t: Teardown,
  { demo = true, exposed = false, secure = false, makers = [], mails = false }: MenuOptions = {},
): Promise<MenuSetting> {
  const access = await testDatabase(t)
  await seedDemo(access, START)
  await equipDemoPeople(access, START)
  if (mails) await equipDemoECards(access, deriveCardKeys(DEMO_MASTER))
  await everyChangeIsAudited(t, access)
  const db = openDatabase(access)
  const log = openLog({ level: 'error', file: null })
  const keys = deriveCardKeys(DEMO_MASTER)
  const setting = { now: START }
  const { office, close } = await openOffice(access, {
    keys: () => keys,
    masters: () => masterKeyring(() => Promise.resolve([{ key: masterKey(Buffer.alloc(32, 7)), from: 'test' }])),
    timeZone: 'Europe/Warsaw',
    demo,
    makers,
    log,
    clock: () => setting.now,
  })
  const passwords = startPasswordHasher()
  const { app } = await buildSite(SITE, MENU_POLICY, log, 262_144)
  await mountMenu(
    app,
    {
      office,
      door: { passwords, exposed },
      idleMs: 15 * 60_000,
      counters: createDayCounters(office),
      auditAnchor: () => Promise.resolve(null),
      mails,
      upstreams: () => [],
      refusedCalls: () => [],
      places: { directories: [], mailDomains: ['example.com'] },
      ownOrigin: (request) => ownOrigin(SITE, request),
    },
    '/nowhere',
    secure,
  )
  t.teardown(async () => {
    await app.close()
    await passwords.stop()
    await close()
    await db.stop()
  })
  const browser = (address = '127.0.0.1'): Browser => browserOf(app, address)
  return Object.assign(setting, {
    access,
    office,
    app,
    browser,
    async worked() {
      const runner = {
        access,
        kinds: { ...bulkJobs(office), ...listExports(office), [GENERATION]: generation(() => keys) },
        trouble: (_what: string, error: unknown) => t.fail(String(error)),
      }
      while ((await takeOne(runner, null, new AbortController().signal)) === 'done');
    },
    async folded() {
      await db.use((connection) => connection.send(upsertSearchRange(0, Number.MAX_SAFE_INTEGER)))
    },
    async signedIn(login: string) {
      const opened = browser()
      await opened.ok('session.signIn', { body: { login, password: DEMO_PASSWORD } })
      return opened
    },
  })
}

export type Ask = {
  readonly params?: Record<string, string>
  readonly query?: Record<string, string | number | boolean>
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export type Reply = { readonly status: number; readonly json: unknown; readonly headers: Record<string, unknown> }

/** A browser with its cookie and its CSRF token. Every answer is checked against its schema. */
export type Browser = {
  readonly ask: (name: RouteName, what?: Ask) => Promise<Reply>
  /** @throws if the call was refused */
  readonly ok: <N extends RouteName>(name: N, what?: Ask) => Promise<Answer<N>>
  /** The code of the problem; null: it was done. */
  readonly code: (name: RouteName, what?: Ask) => Promise<string | null>
  cookie: string | null
}

function browserOf(app: FastifyInstance, address: string): Browser {
  let csrf = 'signed-out'
  const ask = async (name: RouteName, { params = {}, query = {}, body, headers = {} }: Ask = {}): Promise<Reply> => {
    const route: Route = API[name]
    const path = route.path.replace(/:(\w+)/gu, (_whole, word: string) => encodeURIComponent(params[word] ?? ''))
    const search = new URLSearchParams(
      Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]),
    ).toString()
    const answer = await app.inject({
      method: route.method,
      url: search === '' ? path : `${path}?${search}`,
      remoteAddress: address,
      headers: {
        host: 'localhost:80',
        ...(route.method === 'GET' ? {} : { origin: ORIGIN, 'x-csrf-token': csrf }),
        ...(browser.cookie === null ? {} : { cookie: browser.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const set = answer.headers['set-cookie']
    if (typeof set === 'string') browser.cookie = set.startsWith('akart=;') ? null : (set.split(';', 1)[0] ?? null)
    // Files are not JSON.
    const isJson = String(answer.headers['content-type']).includes('json')
    const json: unknown = answer.body === '' || !isJson ? null : answer.json()
    if (answer.statusCode < 300) mustFit(name, json)
    if (typeof json === 'object' && json !== null && 'csrf' in json) csrf = String(json.csrf)
    return { status: answer.statusCode, json, headers: answer.headers }
  }
  const browser: Browser = {
    cookie: null,
    ask,
    async ok<N extends RouteName>(name: N, what?: Ask) {
      const { status, json } = await ask(name, what)
      if (status >= 300) throw new Error(`${name}: ${status} ${JSON.stringify(json)}`)
      return json as Answer<N>
    },
    async code(name, what) {
      const { status, json } = await ask(name, what)
      return status < 300 ? null : String((json as { code?: unknown }).code)
    },
  }
  return browser
}

const checks = new Map<RouteName, ReturnType<typeof Compile>>()

function mustFit(name: RouteName, json: unknown): void {
  const { answer }: Route = API[name]
  if (answer === null) return
  const check = checks.get(name) ?? Compile(answer)
  checks.set(name, check)
  if (check.Check(json)) return
  const [first] = check.Errors(json)
  throw new Error(
    `${name}: the answer does not fit its schema at ${first?.instancePath}: ${first?.message} ${JSON.stringify(json).slice(0, 600)}`,
  )
}

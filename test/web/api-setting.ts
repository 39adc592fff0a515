/** A web shop with keys and cards for the tests of the API. */

import type { FastifyInstance } from 'fastify'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { equipDemoECards } from '../../src/demo/seed-ecards.ts'
import type { SiteConfig } from '../../src/config/sites.ts'
import { buildSite } from '../../src/http/site.ts'
import type { Scope } from '../../src/office/api-key.ts'
import { SCOPES } from '../../src/office/api-key.ts'
import type { Office } from '../../src/office/office.ts'
import { addApiKey, addShop } from '../../src/office/shops.ts'
import { PLAIN_THEME } from '../../src/web/theme.ts'
import { webPlan } from '../../src/web/web.ts'
import { resolveHost } from '../../src/web/webhook-connector.ts'
import { testDatabase } from '../database.ts'
import { ok, person, testOffice } from '../office/test-office.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export const STORE = '000000000000001'
export const PLN = (value: number) => ({ value, currency: 'PLN' })

const SITE = {
  host: '127.0.0.1',
  port: 0,
  tls: { certificate: null, key: null },
  publicUrl: null,
  trustProxy: [],
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // The test defines the type of an answer.
  readonly body: Readonly<Record<string, never>>
}

export type Shop = {
  readonly key: string
  readonly call: (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
}

export type WebSetting = {
  readonly office: Office
  readonly app: FastifyInstance
  /** The clock of the office, stepped by tests. */
  readonly clock: { now: number }
  readonly shop: (code: string, scopes?: readonly Scope[], store?: string) => Promise<Shop>
  /** A further key of a shop. */
  readonly keyOf: (code: string, scopes: readonly Scope[]) => Promise<Shop>
  /** The shop of a key at another process on the same database. `outcomeMs`: for how long it waits for an outcome. */
  readonly beside: (key: string, office: Office, more?: { readonly outcomeMs?: number }) => Promise<Shop>
  /** Fresh sold cards with 150.00 each. */
  readonly card: () => { readonly number: string; readonly ecode: string }
  readonly said: string[]
}

/** One process of AkartWeb on an office, called without a socket. */
export async function openWeb(
  t: Teardown,
  office: Office,
  clock: { readonly now: number },
  more: { site?: Partial<SiteConfig>; said?: string[]; secure?: boolean; outcomeMs?: number },
): Promise<FastifyInstance> {
  const { site = {}, said = [], secure = false, outcomeMs } = more
  const plan = webPlan({
    office,
    ownOrigin: (request) => `http://${request.host}`,
    monotonic: () => clock.now,
    theme: PLAIN_THEME,
    secure,
    connector: { loopback: true, resolve: resolveHost },
    watch: { enumeration: (n) => said.push(`enumeration ${n}`), overBudget: (budget) => said.push(budget) },
    ...(outcomeMs === undefined ? {} : { outcomeMs }),
  })
  const { app } = await buildSite({ ...SITE, ...site }, plan.policy, office.log, plan.bodyLimit, plan.handlers)
  await plan.mount(app)
  t.teardown(async () => app.close())
  return app
}

/**
 * AkartWeb on a demo database of its own, called without a socket.
 *
 * @param doorOf replaces the office that AkartWeb gets
 */
export async function webSetting(
  t: Teardown,
  site: Partial<SiteConfig> = {},
  doorOf: (office: Office) => Office = (office) => office,
): Promise<WebSetting> {
  const access = await testDatabase(t)
  await seedDemo(access, Date.now())
  await equipDemoECards(access, deriveCardKeys(DEMO_MASTER))
  const clock = { now: Date.now() }
  const office = await testOffice(t, access, { clock: () => clock.now })
  const said: string[] = []
  const app = await openWeb(t, doorOf(office), clock, { site, said })
  const sold = demoCards(deriveCardKeys(DEMO_MASTER)).filter(
    ({ issue, state, balance }) => issue === 'OPEN' && state === 'sold' && balance === 150_00,
  )
  const caller = (key: string, at = app): Shop => ({
    key,
    async call(method, path, body, headers = {}) {
      const answer = await at.inject({
        method,
        url: path.startsWith('/api') ? path : `/api/v1${path}`,
        headers: { host: '127.0.0.1', authorization: `Bearer ${key}`, ...headers },
        ...(body === undefined ? {} : { payload: body }),
      })
      const text = answer.body
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
      }
    },
  })
  const keyOf = async (code: string, scopes: readonly Scope[]): Promise<Shop> => {
    const input = {
      shop: code,
      name: 'test',
      kind: 'secret',
      scopes,
      origins: [],
      networks: [],
      expiresAt: null,
    } as const
    return caller((await ok(addApiKey(office, person('anna'), input))).key)
  }
  return {
    office,
    app,
    clock,
    keyOf,
    async shop(code, scopes = SCOPES, store = STORE) {
      await ok(addShop(office, person('anna'), { code, name: `Shop ${code}`, store }))
      return keyOf(code, scopes)
    },
    async beside(key, other, more = {}) {
      return caller(key, await openWeb(t, other, clock, { site, said, ...more }))
    },
    card() {
      const next = sold.shift()
      if (next === undefined) throw new Error('no sold card of the demo is left')
      return { number: next.number, ecode: next.ecode }
    },
    said,
  }
}

let keys = 0
/** A fresh Idempotency-Key. */
export const once = (): { readonly 'idempotency-key': string } => ({ 'idempotency-key': `key-${++keys}` })

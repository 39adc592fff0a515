/** AkartWeb: the API, its problems and its pages. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { directRoutes } from '../http/direct.ts'
import { knownPaths } from '../http/known-paths.ts'
import type { SiteHandlers } from '../http/site.ts'
import type { RefusedCalls } from '../office/refused-calls.ts'
import type { Office } from '../office/office.ts'
import { openWebOffice } from '../office/web-office.ts'
import { ENDPOINTS } from './api/endpoints.ts'
import { exampleOf } from '../office/demo-example.ts'
import { API_BASE, mountApi } from './api/server.ts'
import { docsPage } from './docs-page.ts'
import { mountCheck } from './check.ts'
import { createGuessBudgets, type GuessWatch } from './guess-budgets.ts'
import { minuteBudget } from './minute-budget.ts'
import { mountPages, sendPage } from './pages.ts'
import type { Theme } from './theme.ts'
import { mountProblemPages, readJsonAlone, WEB_BODY_LIMIT, WEB_POLICY, webHandlers } from './site.ts'
import { type ConnectorParts, findTarget } from './webhook-connector.ts'

export type WebParts = {
  readonly office: Office
  readonly watch: GuessWatch
  /** Resolves the receivers of webhooks. */
  readonly connector: ConnectorParts
  /** The origin of our own pages. */
  readonly ownOrigin: (request: FastifyRequest) => string
  readonly theme: Theme
  /** Whether the site is served over TLS, by Akart or by a proxy. */
  readonly secure: boolean
  /** Monotonic, ms. */
  readonly monotonic: () => number
  /** Keeps the calls that were refused before they reached the books. */
  readonly refusedCalls?: RefusedCalls
  /** ms after which an undecided outcome is reported as unknown; {@link OUTCOME_MS} if absent. */
  readonly outcomeMs?: number
}

export type WebPlan = {
  readonly name: 'web'
  readonly policy: string
  readonly bodyLimit: number
  readonly handlers: SiteHandlers
  readonly mount: (app: FastifyInstance) => Promise<void>
}

/** How long a shop waits for an outcome (docs/spec/web.md, section 2). */
const OUTCOME_MS = 30_000
/** Messages a minute that a shop may have sent (docs/spec/abuse.md, 12 and 20). */
const SENDINGS_A_MINUTE = 10
const UNKNOWN_KEYS_A_MINUTE = 60

/** AkartWeb: the API, its problems and its pages. */
export function webPlan({
  office,
  watch,
  connector,
  monotonic,
  ownOrigin,
  theme,
  secure,
  refusedCalls,
  outcomeMs = OUTCOME_MS,
}: WebParts): WebPlan {
  const paths = knownPaths()
  const direct = directRoutes()
  return {
    name: 'web',
    policy: WEB_POLICY,
    bodyLimit: WEB_BODY_LIMIT,
    handlers: webHandlers(office.log, paths, direct),
    mount: async (app) => {
      app.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) paths.add(one, url)
      })
      const parts = {
        readJson: readJsonAlone(app),
        office: openWebOffice(office),
        budgets: createGuessBudgets(monotonic, watch),
        callBudgets: {
          sending: minuteBudget(monotonic, SENDINGS_A_MINUTE),
          unknownKeys: minuteBudget(monotonic, UNKNOWN_KEYS_A_MINUTE),
        },
        async urlFault(url: string) {
          const target = await findTarget(connector, url)
          return 'fault' in target ? target.fault : null
        },
        outcomeMs,
        ...(refusedCalls === undefined ? {} : { refusedCalls }),
      }
      mountApi(app, direct, parts, ENDPOINTS)
      const pageParts = { ...parts, ownOrigin, theme, secure, monotonic }
      mountPages(app, pageParts)
      mountCheck(app, pageParts)
      mountProblemPages(app, theme)
      const example = exampleOf(office)
      app.get('/docs', async (request, reply) => {
        const base = `${ownOrigin(request)}${API_BASE}`
        return sendPage(reply, 200, docsPage({ base, example, endpoints: ENDPOINTS, theme }))
      })
    },
  }
}

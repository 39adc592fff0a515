import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SiteHandlers } from '../http/site.ts'
import type { Office } from '../office/office.ts'
import { openWebOffice } from '../office/web-office.ts'
import { ENDPOINTS } from './api/endpoints.ts'
import { mountApi } from './api/server.ts'
import { createGuessBudgets, type GuessWatch } from './guess-budgets.ts'
import { mountPages } from './pages.ts'
import { knownPaths, mountProblemPages, WEB_BODY_LIMIT, WEB_POLICY, webHandlers } from './site.ts'

export type WebParts = {
  readonly office: Office
  readonly watch: GuessWatch
  /** The origin that our own pages have. */
  readonly ownOrigin: (request: FastifyRequest) => string
  /** Monotonic, ms. */
  readonly monotonic: () => number
}

export type WebPlan = {
  readonly name: 'web'
  readonly policy: string
  readonly bodyLimit: number
  readonly handlers: SiteHandlers
  readonly mount: (app: FastifyInstance) => Promise<void>
}

/** AkartWeb: the API, its problems and its pages. */
export function webPlan({ office, watch, monotonic, ownOrigin }: WebParts): WebPlan {
  const paths = knownPaths()
  return {
    name: 'web',
    policy: WEB_POLICY,
    bodyLimit: WEB_BODY_LIMIT,
    handlers: webHandlers(office.log, paths),
    mount: async (app) => {
      // Bodies are JSON; fastify's reader of plain text would let a form of a foreign page in.
      app.removeContentTypeParser('text/plain')
      const parts = { office: openWebOffice(office), budgets: createGuessBudgets(monotonic, watch), paths }
      mountApi(app, parts, ENDPOINTS)
      mountPages(app, { ...parts, ownOrigin })
      mountProblemPages(app)
    },
  }
}

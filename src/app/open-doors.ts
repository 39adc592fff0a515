/** Opens the HTTP listeners: health and metrics, AkartMenu and AkartWeb. */

import { setUpError } from '../config/set-up-error.ts'
import { buildHttp, listenHttp } from '../http/server.ts'
import { isServedByTls, ownOrigin } from '../http/site.ts'
import type { Office } from '../office/office.ts'
import { createRefusedCalls } from '../office/refused-calls.ts'
import type { LiveUpstream } from '../office/upstreams.ts'
import { webPlan } from '../web/web.ts'
import type { Followed } from './follow-database.ts'
import { guessWatch } from './guess-watch.ts'
import { openMenu } from './menu.ts'
import type { Metrics } from './metrics.ts'
import { openSite, type OpenSite } from './sites.ts'
import type { Start } from './start.ts'
import { readTheme } from './theme.ts'
import { connectorOf } from './webhooks.ts'

export type Place = { readonly name: string; readonly host: string; readonly port: number }

/**
 * Serves health and metrics. `withdraw` reports "not ready" before anything is closed, so that balancers send work
 * elsewhere.
 */
export async function openOperations(
  { config, log, keep }: Start,
  { registry, cardKeys }: Followed,
  engine: { readonly answers: () => Promise<boolean> },
  metrics: Metrics,
): Promise<{ readonly place: Place; readonly withdraw: () => void }> {
  let serving = true
  const http = buildHttp({
    log,
    registry: metrics.registry,
    async readiness() {
      const why = [
        ...(serving ? [] : ['shutting down']),
        ...(registry.answers() && (await engine.answers()) ? [] : ['the database does not answer']),
        ...(cardKeys.complete() ? [] : ['a PAN key is missing']),
      ]
      return { ready: why.length === 0, why }
    },
  })
  const place = await listenHttp(http, config.http).catch(asSetUpError)
  keep({ stop: async () => http.close() })
  const withdraw = (): void => {
    serving = false
  }
  return { place: { name: 'http', host: place.host, port: place.port }, withdraw }
}

/** AkartMenu and AkartWeb. */
export async function openSites(
  start: Start,
  office: Office,
  metrics: Metrics,
  upstreams: () => readonly LiveUpstream[],
): Promise<readonly OpenSite[]> {
  const { config, demo, readAuditAnchor, log, keep } = start
  const theme = await readTheme(config)
  const refusedCalls = createRefusedCalls()
  const sights = { upstreams, refusedCalls: refusedCalls.of }
  const menu = keep(openMenu(office, config, readAuditAnchor, theme, sights))
  const web = webPlan({
    office,
    ownOrigin: (request) => ownOrigin(config.web, request),
    monotonic: () => performance.now(),
    connector: connectorOf(demo),
    theme,
    refusedCalls,
    secure: isServedByTls(config.web),
    watch: guessWatch(office, metrics.enumerations),
  })
  const sites: OpenSite[] = []
  for (const plan of [menu.plan, web]) sites.push(keep(await openSite(config, plan, demo, log)))
  return sites
}

/** A port that is taken is a fault of the set-up: one line, no stack. */
function asSetUpError(error: unknown): never {
  throw setUpError(error instanceof Error ? error.message : String(error))
}

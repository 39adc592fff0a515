import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/schema.ts'
import { setUpError } from '../config/set-up-error.ts'
import { isLoopback, type SiteConfig } from '../config/sites.ts'
import { listenHttp } from '../http/server.ts'
import { buildSite, type Site, type SiteHandlers } from '../http/site.ts'
import type { Log } from '../log.ts'

/** One of the two listeners for people and partners: its content and its policy. */
export type SitePlan = {
  readonly name: 'menu' | 'web'
  readonly policy: string
  readonly bodyLimit: number
  /** The responses where no route answers; null: plain problems. */
  readonly handlers: SiteHandlers | null
  /** Adds its routes. */
  readonly mount: (app: FastifyInstance) => Promise<void>
}

export type OpenSite = {
  readonly place: { readonly name: string; readonly host: string; readonly port: number }
  readonly renew: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** @throws a set-up error if the port is taken, a certificate cannot be used, or a demo would be reachable from other machines */
export async function openSite(config: Config, plan: SitePlan, demo: boolean, log: Log): Promise<OpenSite> {
  const settings = config[plan.name]
  if (demo) mustBeAlone(plan.name, settings)
  const site = await asSetUpError(
    plan.name,
    buildSite(settings, plan.policy, log, plan.bodyLimit, plan.handlers ?? undefined),
  )
  await plan.mount(site.app)
  const place = await asSetUpError(plan.name, listenHttp(site.app, settings))
  return {
    place: { name: plan.name, ...place },
    renew: () => renewOne(plan.name, site, log),
    stop: async () => site.app.close(),
  }
}

/**
 * The demo's passwords and keys are the same in every installation: no other machine may reach them
 * (docs/operations.md).
 */
function mustBeAlone(name: string, { host, publicUrl }: SiteConfig): void {
  if (isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname))) return
  throw setUpError(
    `the database is a demo, whose passwords everybody knows: ${name}.host and ${name}.publicUrl must be loopback addresses`,
  )
}

async function renewOne(name: string, site: Site, log: Log): Promise<void> {
  await site.renew().catch((error: unknown) => log.error('the certificate stays as it was', { site: name, error }))
}

const asSetUpError = <T>(name: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw setUpError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  })

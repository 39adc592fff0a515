import type { Config } from '../config/schema.ts'
import type { Registry } from '../core/registry.ts'
import type { Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import { startExpiry } from '../jobs/expiry.ts'
import { startPackSales } from '../jobs/pack-sale.ts'
import type { Log } from '../log.ts'
import type { Access } from '../db/access.ts'

export type CardJobParts = {
  readonly access: Access
  readonly config: Config
  readonly demo: boolean
  readonly registry: () => Registry
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly log: Log
}

/**
 * What is done about cards beside the terminals: pack sales that somebody left unfinished, and the nightly expiry. Demo
 * cards that are past their last day keep what cards.csv says: there the expiry runs only when it is asked for.
 */
export function startCardJobs(parts: CardJobParts): { readonly stop: () => Promise<void> } {
  const { access, config, demo, registry, submit, nextId, log } = parts
  const trouble = (what: string) => (error: unknown) => void log.error(what, { error })
  const engine = { access, submit, nextId, now: Date.now }
  const jobs = [startPackSales({ ...engine, trouble: trouble('a pack sale cannot go on') })]
  if (!demo) {
    const expiry = startExpiry({
      ...engine,
      time: config.expiryTime,
      timeZones: () => [...registry().stores.values()].map(({ timeZone }) => timeZone),
      currencyOf: (issueId) => registry().issues.get(issueId)?.currency ?? null,
      ran: (run, today) => log.info('cards past their last day', { ...run, today }),
      trouble: trouble('the nightly expiry failed and is tried again'),
    })
    jobs.push(expiry)
  }
  return {
    stop: async (): Promise<void> => {
      await Promise.all(jobs.map((job) => job.stop()))
    },
  }
}

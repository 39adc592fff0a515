/** Starts and stops a whole Akart on a given database. `main.ts` finds the home directory and the database for it. */

import { followDatabase } from './app/follow-database.ts'
import type { Listeners } from './app/listeners.ts'
import { createMetrics } from './app/metrics.ts'
import { showOldNames } from './app/renamed-metrics.ts'
import { openOperations, openSites, type Place } from './app/open-doors.ts'
import { openEngine } from './app/open-engine.ts'
import { openJobs, openSharedOffice } from './app/open-jobs.ts'
import { type Days, openSwitch } from './app/open-switch.ts'
import { type AppParts, beginStart } from './app/start.ts'
import { openTracing } from './app/tracing.ts'
import { authenticationWarnings } from './app/unauthenticated.ts'
import type { Office } from './office/office.ts'
import { businessDateIn } from './switch/business-date.ts'
import { createStoreDay } from './switch/store-day.ts'

export type App = {
  /** Shared by all doors except the switch. */
  readonly office: Office
  /** Where it serves, in the order of the `ready` line: the first listener, HTTP, the other listeners. */
  readonly places: readonly Place[]
  /** Warnings for the operator, a line each. */
  readonly warnings: readonly string[]
  /** Reads the certificates of listeners again, for lines to come. */
  readonly renew: () => Promise<void>
  /** Stops accepting requests, answers those in flight, and closes everything. */
  readonly stop: () => Promise<void>
}

/**
 * Builds all parts and starts them in the order of their dependencies. If a step fails, the earlier ones are stopped
 * again.
 */
export async function startApp(parts: AppParts): Promise<App> {
  const start = beginStart(parts)
  const { config, demo, log } = parts
  try {
    const followed = await followDatabase(start)
    const { current } = followed.registry
    const storeDay = createStoreDay()
    const days: Days = { storeDay, businessDate: (code, now) => businessDateIn(current(), code, storeDay, now) }
    let listeners: Listeners | null = null
    const metrics = createMetrics(
      () => opened.engine.depth(),
      () => listeners?.all.reduce((sum, listener) => sum + listener.lines(), 0) ?? 0,
    )
    const tracing = openTracing(start)
    const opened = openEngine(start, followed, metrics, days.businessDate, tracing)
    const office = openSharedOffice(start, followed, opened)
    openJobs(start, office, followed, metrics)
    const { lines, upstreams } = await openSwitch(start, followed, opened, metrics, days, tracing)
    listeners = lines
    const operations = await openOperations(start, followed, opened.engine, metrics)
    const sites = await openSites(start, office, metrics, upstreams)
    showOldNames(metrics.registry)

    const warnings = authenticationWarnings(config.listeners, current(), demo)
    for (const warning of warnings) log.warn(warning)
    const [first, ...others] = lines.all.map(({ name, host, port }) => ({ name, host, port }))
    return {
      office,
      places: [
        ...(first === undefined ? [] : [first]),
        operations.place,
        ...others,
        ...sites.map(({ place }) => place),
      ],
      warnings,
      async renew() {
        await Promise.all([lines.renew(), ...sites.map((site) => site.renew())])
      },
      stop() {
        operations.withdraw()
        return start.stop()
      },
    }
  } catch (error) {
    await start.stop()
    throw error
  }
}

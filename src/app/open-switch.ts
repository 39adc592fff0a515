/** Starts the ISO 8583 switch: upstream hosts first, then the terminals' listeners. */

import { createAddresses } from '../switch/addresses.ts'
import type { SwitchParts } from '../switch/handle.ts'
import { createMacVerifier } from '../switch/mac-verifier.ts'
import type { StoreDay } from '../switch/store-day.ts'
import { createCardReader } from './card-reader.ts'
import type { Followed } from './follow-database.ts'
import { openListeners, type Listeners } from './listeners.ts'
import { createLogSummary } from './log-summary.ts'
import type { Metrics } from './metrics.ts'
import type { OpenedEngine } from './open-engine.ts'
import { linesAllowed, openFilesAllowed } from './open-files.ts'
import { openRouting, type Routing } from './routing.ts'
import type { Start } from './start.ts'
import type { Tracing } from './tracing.ts'
import { lineWatch, switchWatch } from './switch-log.ts'

const DAY_MS = 86_400_000
// Akart must end within 20 s after a SIGTERM, and the database ends after it.
const LINE_TIMEOUT_MS = 6_000
// Lines of one address that have not yet carried a request of an active terminal. Demo data is used by load tests.
const NEW_LINES = { live: 500, demo: 20_000 }

export type Days = {
  readonly storeDay: StoreDay
  readonly businessDate: (terminal: string, now: number) => string
}

/** Connects to other hosts first, then opens the listeners for terminals: no request arrives before it can be served. */
export async function openSwitch(
  start: Start,
  followed: Followed,
  { engine, endOfDay }: OpenedEngine,
  metrics: Metrics,
  { storeDay, businessDate }: Days,
  tracing: Tracing | null,
): Promise<{ readonly lines: Listeners; readonly upstreams: Routing['states'] }> {
  const { access, config, profiles, log, troubles, trouble, keep } = start
  const { registry, clock, nextId, keyExchange } = followed
  const addresses = await limitsByAddress(start)
  const routing = keep(
    await openRouting({
      access,
      config,
      profiles,
      log,
      trouble,
      metrics: metrics.registry,
      registry: registry.current,
      submit: (request, isRepeat) => (isRepeat ? engine.submitRepeat(request) : engine.submit(request)),
      nextId,
      nextNumber: followed.nextTraceNumber,
      businessDate,
      clock,
    }),
  )
  const summary = createLogSummary(log)
  const parts: SwitchParts = {
    registry: registry.current,
    submit: routing.route,
    isOverloaded: engine.isOverloaded,
    mayBeBooked: engine.mayBeBooked,
    closeDay: endOfDay.close,
    nextId,
    reader: createCardReader(followed.cardKeys.current),
    macs: createMacVerifier(keyExchange.book),
    exchangeKey: keyExchange.exchange,
    tracks: followed.tracks,
    addresses,
    storeDay,
    now: clock.now,
    ...windows(start, clock),
    watch: switchWatch(log, summary, troubles, metrics, tracing),
  }
  const lines = await openListeners(config, profiles, parts, addresses, lineWatch(summary, metrics), log)
  keep({ stop: () => lines.stop(LINE_TIMEOUT_MS) })
  return { lines, upstreams: routing.states }
}

async function limitsByAddress({ config, demo, log }: Start) {
  const allLines = linesAllowed(config.maxLines, await openFilesAllowed())
  if (allLines < config.maxLines) log.info('fewer lines than configured: open files (ulimit -n)', { lines: allLines })
  const { lines, newLines, refusalsPerMinute } = config.perAddress
  return createAddresses(
    { allLines, lines, newLines: newLines ?? (demo ? NEW_LINES.demo : NEW_LINES.live), refusalsPerMinute },
    () => performance.now(),
    (address) => log.warn('unknown terminals of this address are not answered any more this minute', { address }),
  )
}

/** The longest time to wait for each. A step of the database's clock makes none of them shorter. */
function windows({ config }: Start, clock: Followed['clock']) {
  const inSteps = (ms: number): number => ms + clock.now() - clock.surely(ms)
  return {
    confirmTimeoutMs: config.confirmTimeoutSeconds * 1000,
    lateConfirmWindowMs: () => inSteps(config.lateConfirmWindowSeconds * 1000),
    cancelWindowMs: () => (config.cancelWindowSeconds === null ? null : inSteps(config.cancelWindowSeconds * 1000)),
    window: { usual: config.transmissionWindowDays * DAY_MS, settling: config.settlingWindowDays * DAY_MS },
  }
}

import type { FastifyInstance } from 'fastify'
import { keepCardKeys } from './app/card-keys.ts'
import { startCardJobs } from './app/card-jobs.ts'
import { createCardReader } from './app/card-reader.ts'
import type { CardKeys } from './cards/keys.ts'
import type { Config } from './config/schema.ts'
import { setUpError } from './config/set-up-error.ts'
import { buildHttp, listenHttp } from './http/server.ts'
import { isServedByTls, ownOrigin } from './http/site.ts'
import type { Profile } from './iso8583/profile.ts'
import { bulkJobs } from './jobs/bulk.ts'
import { startConfirmTimer } from './jobs/confirm-timer.ts'
import { generation } from './jobs/generation.ts'
import { endIdleTransactions } from './jobs/idle-transactions.ts'
import { startJobRunner } from './jobs/runner.ts'
import type { Log } from './log.ts'
import { type Listeners, openListeners } from './app/listeners.ts'
import { openKeyCache } from './custody/key-cache.ts'
import { createKeyExchange } from './custody/key-exchange.ts'
import type { MasterKeyring } from './custody/master-keyring.ts'
import { createLogSummary } from './app/log-summary.ts'
import { createMetrics } from './app/metrics.ts'
import { linesAllowed, openFilesAllowed } from './app/open-files.ts'
import { openRouting } from './app/routing.ts'
import type { AuditAnchor } from './office/audit-verification.ts'
import { openMenu } from './app/menu.ts'
import { openSite, type OpenSite } from './app/sites.ts'
import { startUpkeep } from './app/upkeep.ts'
import { guessWatch } from './app/guess-watch.ts'
import { readTheme } from './app/theme.ts'
import { connectorOf, openWebhooks } from './app/webhooks.ts'
import { authenticationWarnings } from './app/unauthenticated.ts'
import type { Access } from './db/access.ts'
import { followDatabaseClock } from './db/clock.ts'
import type { Head } from './db/audit-chain.ts'
import { openDatabase } from './db/database.ts'
import { createEndOfDay } from './engine/end-of-day.ts'
import { createEngine } from './engine/engine.ts'
import { createGuesses } from './engine/guesses.ts'
import { GENERATION } from './office/generation-order.ts'
import type { Office } from './office/office.ts'
import { shopEvents } from './office/shop-event-fold.ts'
import { openWebOffice } from './office/web-office.ts'
import { webPlan } from './web/web.ts'
import { idsOrThrow } from './office/open-office.ts'
import { createIds } from './db/ids.ts'
import type { NumberKeyRow } from './db/pan-keys.ts'
import { keepRegistry } from './db/registry.ts'
import { openUpstreamBooks } from './db/upstream-books.ts'
import type { SwitchParts } from './switch/handle.ts'
import { createAddresses } from './switch/addresses.ts'
import { businessDateIn } from './switch/business-date.ts'
import { createMacVerifier } from './switch/mac-verifier.ts'
import { createStoreDay } from './switch/store-day.ts'
import { createTrackDecryptor } from './custody/track-decryptor.ts'
import { lineWatch, switchWatch } from './app/switch-log.ts'
import { createTroubleLog } from './app/trouble-log.ts'

export type AppParts = {
  readonly access: Access
  readonly config: Config
  /** As they were at the start; `reloadKeys` finds them again when the database's list of keys of numbers has changed. */
  readonly keys: CardKeys
  readonly reloadKeys: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>
  /** The master keys of terminal keys. */
  readonly masters: MasterKeyring
  /** The database is marked as demo. */
  readonly demo: boolean
  /** By name, those that the listeners of the configuration use. */
  readonly profiles: ReadonlyMap<string, Profile>
  /** Keeps the head of the audit's chain outside the database. */
  readonly anchorAudit: (head: Head) => Promise<void>
  /** The head that was kept, and when; null: none yet. */
  readonly readAuditAnchor: () => Promise<AuditAnchor | null>
  /** Directories with the layouts of card makers. */
  readonly makers: readonly string[]
  readonly log: Log
}

export type App = {
  /** What every door beside the switch works with. */
  readonly office: Office
  /** Where it serves, in the order of the `ready` line: the first listener, HTTP, the other listeners. */
  readonly places: readonly { readonly name: string; readonly host: string; readonly port: number }[]
  /** What its operator has to know, a line each. */
  readonly warnings: readonly string[]
  /** Reads the certificates of listeners again, for lines to come. */
  readonly renew: () => Promise<void>
  /** Stops accepting, answers what is in flight, closes. */
  readonly stop: () => Promise<void>
}

// Akart has to be gone 20 s after a SIGTERM, the database after it.
const DAY_MS = 86_400_000
const LINE_TIMEOUT_MS = 6_000
// Lines of one address that have not yet carried a request of an active terminal. Demo data is used by load tests.
const NEW_LINES = { live: 500, demo: 20_000 }

/** Wires everything and opens it: registry, ids, engine, listeners, HTTP. What was opened is closed again where a later step fails. */
export async function startApp(parts: AppParts): Promise<App> {
  const { access, config, keys, reloadKeys, masters, demo, profiles, makers, anchorAudit, readAuditAnchor, log } = parts
  const opened: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of opened.reverse()) await close()
    opened.length = 0
  }
  const troubles = createTroubleLog(log)
  const trouble = (what: string) => (error: unknown) => troubles.note(what, error)

  try {
    const upstreams = config.upstreams.map(({ name }) => name)
    await openUpstreamBooks(access, upstreams)
    const registry = await keepRegistry(access, trouble('the registry could not be read'))
    opened.push(registry.stop)
    const clock = await followDatabaseClock(
      access,
      (ms) => log.warn('the clock of the database was set: deadlines go on by the monotonic clock', { ms }),
      trouble('the clock of the database could not be read'),
    )
    opened.push(clock.stop)
    /** A stretch of time by the clock as it is set now, so that a step makes it no shorter. */
    const inSteps = (ms: number): number => ms + clock.now() - clock.surely(ms)
    const ids = await createIds(access, trouble('no new block of ids could be taken'))
    opened.push(ids.stop)

    const cardKeys = keepCardKeys(access, keys, reloadKeys, trouble('the keys of numbers could not be read'))
    opened.push(cardKeys.stop)
    const terminalKeys = await openKeyCache(access, masters, trouble('the keys of terminals could not be read'))
    opened.push(terminalKeys.stop)
    const keyTrouble = trouble('a change of terminal keys failed')
    const keyExchange = createKeyExchange(access, terminalKeys, masters, keyTrouble)
    opened.push(keyExchange.stop)
    const tracks = createTrackDecryptor(
      access,
      terminalKeys,
      trouble('the keys that PIN pads used could not be looked up'),
    )
    opened.push(tracks.stop)
    const stans = await createIds(access, trouble('no new block of trace numbers could be taken'), 'stan')
    opened.push(stans.stop)

    const storeDay = createStoreDay()
    let listeners: Listeners | null = null
    const businessDate = (code: string, now: number): string => businessDateIn(registry.current(), code, storeDay, now)
    const metrics = createMetrics(
      () => engine.depth(),
      () => listeners?.all.reduce((sum, listener) => sum + listener.lines(), 0) ?? 0,
    )
    const guesses = createGuesses(
      config.unknownNumbersPerMinute,
      () => performance.now(),
      (source) => {
        metrics.guessing.inc()
        log.warn('too many unknown numbers: a minute of 75 for everything by number', { source })
      },
    )
    const engine = createEngine(
      access,
      () => registry.current().issues,
      { ...config.engine, timeoutMs: config.engine.timeout * 1000 },
      {
        batch: (size) => metrics.batchRequests.observe(size),
        trouble(what, error, requests) {
          metrics.troubles.inc()
          troubles.note(what, error, { requests: requests.map(({ labels }) => labels.trace) })
        },
      },
      guesses,
    )
    opened.push(engine.stop)
    const endOfDay = createEndOfDay(
      access,
      engine.submit,
      ids.next,
      registry.refresh,
      trouble('an end of day failed and is tried again'),
    )
    opened.push(endOfDay.stop)
    const timer = startConfirmTimer({
      access,
      submit: engine.submit,
      nextId: ids.next,
      businessDate,
      clock,
      confirmTimeout: config.confirmTimeout * 1000,
      reversed(count) {
        metrics.unconfirmed.inc(count)
        log.warn('reversed what no terminal confirmed', { count })
      },
      trouble: trouble('the confirm timer failed'),
    })
    opened.push(timer.stop)
    const idleTransactions = endIdleTransactions({
      access,
      ended: (connections) => log.warn('transactions of silent clients were ended', { connections }),
      trouble: trouble('transactions of silent clients could not be looked for'),
    })
    opened.push(idleTransactions.stop)
    const db = openDatabase(access)
    opened.push(db.stop)
    const office: Office = {
      db,
      keys: cardKeys.current,
      masters: () => Promise.resolve(masters),
      registry: registry.current,
      refreshRegistry: registry.refresh,
      submit: engine.submit,
      nextId: idsOrThrow(ids.next),
      clock: clock.now,
      timeZone: config.timeZone,
      demo,
      makers,
      log,
    }
    const jobs = startJobRunner({
      access,
      kinds: { [GENERATION]: generation(cardKeys.current), ...bulkJobs(office) },
      trouble: troubles.note,
    })
    opened.push(jobs.stop)
    const upkeep = startUpkeep({
      access,
      submit: engine.submit,
      nextId: ids.next,
      keys: cardKeys.current,
      anchorAudit,
      now: clock.now,
      folds: [shopEvents(openWebOffice(office))],
      metrics: metrics.registry,
      log,
      trouble,
    })
    opened.push(upkeep.stop)
    const webhooks = openWebhooks(access, office, metrics.registry, trouble)
    opened.push(webhooks.stop)
    const cardJobs = startCardJobs(office, config, trouble)
    opened.push(cardJobs.stop)

    const allLines = linesAllowed(config.maxLines, await openFilesAllowed())
    if (allLines < config.maxLines) log.info('fewer lines than configured: open files (ulimit -n)', { lines: allLines })
    const { lines: linesEach, newLines, refusalsPerMinute } = config.perAddress
    const addresses = createAddresses(
      { allLines, lines: linesEach, newLines: newLines ?? (demo ? NEW_LINES.demo : NEW_LINES.live), refusalsPerMinute },
      () => performance.now(),
      (address) => log.warn('strangers are not answered any more this minute', { address }),
    )
    const routing = await openRouting({
      access,
      config,
      profiles,
      log,
      trouble,
      metrics: metrics.registry,
      registry: registry.current,
      submit: (request, isRepeat) => (isRepeat ? engine.submitRepeat(request) : engine.submit(request)),
      nextId: ids.next,
      nextNumber: stans.next,
      businessDate,
      clock,
    })
    opened.push(routing.stop)

    const summary = createLogSummary(log)
    const parts: SwitchParts = {
      registry: registry.current,
      submit: routing.route,
      isOverloaded: engine.isOverloaded,
      mayBeBooked: engine.mayBeBooked,
      closeDay: endOfDay.close,
      nextId: ids.next,
      reader: createCardReader(cardKeys.current),
      macs: createMacVerifier(keyExchange.book),
      exchangeKey: keyExchange.exchange,
      tracks,
      addresses,
      storeDay,
      now: clock.now,
      confirmTimeout: config.confirmTimeout * 1000,
      lateConfirmWindow: () => inSteps(config.lateConfirmWindow * 1000),
      cancelWindow: () => (config.cancelWindow === null ? null : inSteps(config.cancelWindow * 1000)),
      window: { usual: config.transmissionWindow * DAY_MS, settling: config.settlingWindow * DAY_MS },
      watch: switchWatch(log, summary, troubles, metrics),
    }
    const lines = await openListeners(config, profiles, parts, addresses, lineWatch(summary, metrics), log)
    listeners = lines
    opened.push(() => lines.stop(LINE_TIMEOUT_MS))

    let serving = true
    const http = buildHttp({
      log,
      registry: metrics.registry,
      async readiness() {
        const why = [
          ...(serving ? [] : ['shutting down']),
          ...(registry.answers() && (await engine.answers()) ? [] : ['the database does not answer']),
          ...(cardKeys.complete() ? [] : ['a key of numbers is missing']),
        ]
        return { ready: why.length === 0, why }
      },
    })
    const place = await openHttp(http, config).catch(asSetUpError)
    opened.push(async () => http.close())
    opened.push(async () => {
      serving = false
    })
    const menu = openMenu(office, config, readAuditAnchor)
    opened.push(menu.stop)
    const sites: OpenSite[] = []
    const web = webPlan({
      office,
      ownOrigin: (request) => ownOrigin(config.web, request),
      monotonic: () => performance.now(),
      connector: connectorOf(demo),
      theme: await readTheme(config),
      secure: isServedByTls(config.web),
      watch: guessWatch(office, metrics.enumerations),
    })
    for (const plan of [menu.plan, web]) {
      const site = await openSite(config, plan, demo, log)
      sites.push(site)
      opened.push(site.stop)
    }
    const warnings = authenticationWarnings(config.listeners, registry.current(), demo)
    for (const warning of warnings) log.warn(warning)
    const [first, ...others] = lines.all.map(({ name, host, port }) => ({ name, host, port }))
    return {
      office,
      places: [...(first === undefined ? [] : [first]), place, ...others, ...sites.map((site) => site.place)],
      warnings,
      async renew() {
        await Promise.all([lines.renew(), ...sites.map((site) => site.renew())])
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A port that cannot be had is how Akart was set up: one line, no stack. */
function asSetUpError(error: unknown): never {
  throw setUpError(error instanceof Error ? error.message : String(error))
}

async function openHttp(http: FastifyInstance, config: Config): Promise<App['places'][number]> {
  const { host, port } = await listenHttp(http, config.http)
  return { name: 'http', host, port }
}

import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import type { Access } from '../../src/db/access.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { buildSite } from '../../src/http/site.ts'
import { startConfirmTimer } from '../../src/jobs/confirm-timer.ts'
import { startFolding } from '../../src/jobs/folding.ts'
import { openLog } from '../../src/log.ts'
import type { Office } from '../../src/office/office.ts'
import { openOffice } from '../../src/office/open-office.ts'
import { dateIn } from '../../src/office/clock.ts'
import { shopEvents } from '../../src/office/shop-event-fold.ts'
import { openWebOffice } from '../../src/office/web-office.ts'
import { PLAIN_THEME } from '../../src/web/theme.ts'
import { webPlan } from '../../src/web/web.ts'
import { resolveHost } from '../../src/web/webhook-connector.ts'
import { type Break, databaseProxy } from '../engine/database-proxy.ts'

/** One process of Akart for web shops: the site, its engine, the timer, and the folding of events. */
export type Site = {
  readonly port: number
  readonly office: Office
  /** At the next COMMIT of the engine, or of everybody else. */
  readonly breakNextCommit: (whose: 'engine' | 'others', where: Break) => void
  /**
   * As SIGKILL does: every line to callers and to the database is gone at this moment, and nothing is written any more.
   * What is left of it in this process ends by itself. Gives the threads of the database that have served it.
   */
  readonly kill: () => readonly number[]
  readonly stop: () => Promise<void>
}

export type Clock = { now: () => number }

const ZONE = 'Europe/Warsaw'
const SITE = { host: '127.0.0.1', port: 0, tls: { certificate: null, key: null }, publicUrl: null, trustProxy: [] }
const ENGINE = { workers: 2, batchMax: 64, queueMax: 4096, queueWaitMs: 60_000, timeoutMs: 60_000 }
/** `confirmTimeout` of config/default.yaml: what a terminal has. */
const CONFIRM_TIMEOUT_MS = 120_000

type Line = Awaited<ReturnType<typeof databaseProxy>>

/** On a database with shops and cards. */
export async function startSite(access: Access, clock: Clock): Promise<Site> {
  const ends: (() => Promise<void>)[] = []
  const line = (): Promise<Line> => databaseProxy({ teardown: (end) => ends.push(end) }, access)
  const lines = { engine: await line(), others: await line() }
  const log = openLog({ level: 'silent', file: null })
  const keys = deriveCardKeys(DEMO_MASTER)
  const opened = await openOffice(lines.others.access, {
    keys: () => keys,
    masters: () => Promise.reject(new Error('no master keys are needed')),
    timeZone: ZONE,
    demo: true,
    makers: [],
    log,
    clock: clock.now,
  })
  const issues = () => opened.office.registry().issues
  const engine = createEngine(lines.engine.access, issues, ENGINE, { batch: () => {}, trouble: () => {} })
  const office: Office = { ...opened.office, submit: engine.submit }
  const app = await openApp(office)
  const timer = startConfirmTimer({
    access: lines.others.access,
    submit: engine.submit,
    nextId: office.nextId,
    businessDate: (_terminal, now) => dateIn(ZONE, now),
    clock: { now: clock.now, surely: clock.now },
    confirmTimeoutMs: CONFIRM_TIMEOUT_MS,
    reversed: () => {},
    trouble: () => {},
  })
  const folds = [SEARCH_ROWS, shopEvents(openWebOffice(office))]
  const folding = startFolding({
    access: lines.others.access,
    folds,
    trouble: () => {},
  })

  const stop = async (): Promise<void> => {
    await Promise.all([app.close(), timer.stop(), folding.stop()])
    await engine.stop()
    await opened.close()
    await Promise.all(ends.map((end) => end()))
  }
  return {
    port: (app.server.address() as AddressInfo).port,
    office,
    breakNextCommit: (whose, where) => lines[whose].breakNextCommit(where),
    kill() {
      app.server.close()
      app.server.closeAllConnections()
      lines.engine.cut()
      lines.others.cut()
      void stop().catch(() => undefined) // its lines are gone
      return [...lines.engine.threads(), ...lines.others.threads()]
    },
    stop,
  }
}

async function openApp(office: Office): Promise<FastifyInstance> {
  const plan = webPlan({
    office,
    ownOrigin: (request) => `http://${request.host}`,
    monotonic: office.clock,
    theme: PLAIN_THEME,
    secure: false,
    connector: { loopback: true, resolve: resolveHost },
    watch: { enumeration: () => {}, overBudget: () => {} },
  })
  const { app } = await buildSite(SITE, plan.policy, office.log, plan.bodyLimit, plan.handlers)
  await plan.mount(app)
  await app.listen({ host: SITE.host, port: 0 })
  return app
}

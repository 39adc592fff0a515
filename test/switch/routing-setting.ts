/** A switch with upstream hosts for the tests of routing. */

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { createCardReader } from '../../src/app/card-reader.ts'
import { openRouting, type Routing } from '../../src/app/routing.ts'
import { createMetrics } from '../../src/app/metrics.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { readConfig } from '../../src/config/read-config.ts'
import type { Config } from '../../src/config/schema.ts'
import { accountName } from '../../src/core/registry.ts'
import type { Request } from '../../src/core/request.ts'
import type { Result } from '../../src/core/result.ts'
import type { Transaction } from '../../src/core/transaction.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import type { Log } from '../../src/log.ts'
import { readMessage } from '../../src/messages/read.ts'
import { toRequest } from '../../src/messages/to-request.ts'
import { type Access, openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import { createIds } from '../../src/db/ids.ts'
import { keepRegistry } from '../../src/db/registry.ts'
import { openUpstreamBooks } from '../../src/db/upstream-books.ts'
import { testDatabase } from '../database.ts'

export const STORE = '000000000000001'
export const PREFIX = '629917'

/** The terminal's answer: none, or a result and its row. */
export type Told = { readonly result: Result; readonly row: Transaction } | null

export type Switch = {
  readonly routing: Routing
  /** Waits for a connection that is signed on: a pause before the next try is as long as it happens to be. */
  readonly connected: () => Promise<void>
  /** Sends a message as that terminal; null where nothing may be answered. */
  readonly send: (message: Message) => Promise<Told>
  /** Ends it like a kill: its work in progress is never recorded. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type RoutingSetting = {
  readonly access: Access
  readonly connection: Connection
  readonly engine: Engine
  readonly logged: string[]
  /** A switch of its own on the shared database, with one upstream of this name. */
  readonly open: (upstream: string, port: number, more?: Partial<UpstreamOptions>) => Promise<Switch>
  /** Waits until these upstreams are owed nothing and nothing is pending. */
  readonly settled: (...upstreams: readonly string[]) => Promise<void>
  readonly rows: <Shape>(sql: string, values?: readonly unknown[]) => Promise<Shape[]>
  /** Moves the clock of everything that is opened from now on, ms. */
  readonly advance: (ms: number) => void
}

/** `patienceSeconds`: how long a terminal waits; `timeoutSeconds` is the time that the host has. */
export type UpstreamOptions = Config['upstreams'][number] & { readonly patienceSeconds: number }
type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

const keys = deriveCardKeys(DEMO_MASTER)
const reader = createCardReader(() => keys)
const file = 'config/iso8583/iso87-ascii.yaml'
const profile = parseProfile(await readFile(file, 'utf8'), file)
const defaults = await readConfig({ environment: {} })

/** Everything behind the line, on a database of its own: requests go in as messages, hosts are real sockets. */
export async function routingSetting(t: Teardown, upstreams: readonly string[]): Promise<RoutingSetting> {
  const access = await testDatabase(t)
  await seedDemo(access, Date.now())
  await openUpstreamBooks(access, upstreams)
  const logged: string[] = []
  const note = (message: string, about?: unknown): void => void logged.push(`${message} ${JSON.stringify(about)}`)
  const log = { info: note, warn: note, error: note } as unknown as Log
  const trouble = (error: unknown): void => note('trouble', String(error))
  const registry = await keepRegistry(access, trouble)
  const ids = await createIds(access, trouble)
  const stans = await createIds(access, trouble, 'stan')
  const connection = await openConnection(access, { multipleStatements: false })
  const engine = createEngine(
    access,
    () => registry.current().issues,
    { workers: 3, batchMax: 64, queueMax: 10_000, queueWaitMs: 60_000, timeoutMs: 60_000 },
    { batch: () => {}, trouble: (what, error) => note(what, String(error)) },
  )
  let skew = 0
  const now = (): number => Date.now() + skew
  const opened: (() => Promise<void>)[] = []
  t.teardown(async () => {
    for (const stop of opened) await stop()
    await engine.stop()
    await connection.end()
    await registry.stop()
    await ids.stop()
    await stans.stop()
  })
  const rows = async <Shape>(sql: string, values: readonly unknown[] = []): Promise<Shape[]> =>
    (await connection.query(sql, [...values]))[0] as Shape[]
  const today = (): string => new Date(now()).toISOString().slice(0, 10)

  return {
    access,
    connection,
    engine,
    logged,
    rows,
    advance: (ms) => void (skew += ms),
    async open(name, port, { patienceSeconds = 1, ...more } = {}) {
      let dead = false
      const never = new Promise<never>(() => {})
      const upstream = { ...UPSTREAM, name, port, ...more }
      const config: Config = {
        ...defaults,
        engine: { ...defaults.engine, timeoutSeconds: patienceSeconds },
        upstreams: [upstream],
        routes: [{ prefix: PREFIX, operations: [], entry: [], to: name }],
      }
      const metrics = createMetrics(
        () => 0,
        () => 0,
      ).registry
      const routing = await openRouting({
        access,
        config,
        profiles: new Map([['iso87-ascii', profile]]),
        log,
        trouble: () => () => undefined,
        metrics,
        registry: registry.current,
        submit: (request) => (dead ? never : engine.submit(request)),
        nextId: ids.next,
        nextNumber: stans.next,
        businessDate: today,
        clock: { now, surely: now },
      })
      opened.push(routing.stop)
      return {
        routing,
        async connected() {
          for (;;) {
            const gauge = await metrics.getSingleMetric('akart_upstream_connections')?.get()
            if (gauge?.values.some(({ value }) => value > 0) === true) return
            await sleep(25)
          }
        },
        async send(message) {
          const request = requestFrom(message)
          try {
            const { result, row } = await routing.route(request, false, message)
            return row === null ? null : { result, row }
          } catch {
            return null
          }
        },
        async kill() {
          dead = true
          await routing.stop()
        },
        stop: routing.stop,
      }
    },
    async settled(...names) {
      for (;;) {
        const [left] = await rows<{ n: number }>(
          `SELECT (SELECT COUNT(*) FROM owed WHERE waiting_for IN (?)) +
                  (SELECT COUNT(*) FROM routed WHERE upstream IN (?) AND answer_by IS NOT NULL) AS n`,
          [names, names],
        )
        if (left?.n === 0) return
        await sleep(25)
      }
    },
  }

  function requestFrom(message: Message): Request {
    const at = now()
    const read = readMessage(message, reader, at)
    if (read.format !== 'card' && read.format !== 'original') throw new Error(JSON.stringify(read))
    const [id, spareId] = [ids.next() ?? 0, ids.next() ?? 0]
    return toRequest(message, read, {
      id,
      spareId,
      at,
      today: today(),
      businessDate: today(),
      confirmation: message.fields[41]?.startsWith('O') === true ? 'none' : 'explicit',
      confirmTimeoutMs: 120_000,
      lateConfirmWindowMs: 86_400_000,
      cancelWindowMs: null,
      account: (kind, currency) => registry.current().accounts.get(accountName(kind, STORE, currency)) ?? null,
      line: 'test',
      trace: `test-${id}`,
    })
  }
}

/** A host that answers within a quarter of a second, or not at all; what it is owed is sent again after 20 ms. */
const UPSTREAM: Config['upstreams'][number] = {
  name: 'partner',
  kind: 'partner-gift',
  host: '127.0.0.1',
  port: 0,
  profile: 'iso87-ascii',
  length: 'be2',
  tpdu: 'none',
  maxFrameBytes: 4096,
  tls: 'off',
  tlsCa: null,
  tlsCert: null,
  tlsKey: null,
  tlsServerName: null,
  terminal: 'AKART',
  fields: [],
  timeoutSeconds: 0.25,
  connectTimeoutSeconds: 0.5,
  acquireTimeoutSeconds: 1,
  minConnections: 1,
  maxConnections: 2,
  perConnection: 16,
  idleTimeoutSeconds: 60,
  echoAfterSeconds: 60,
  breakerAfter: 1_000,
  breakerPauseSeconds: 1,
  retryFirstSeconds: 0.02,
  retryMostSeconds: 0.1,
  setAsideAfter: 20,
}

let stan = 0

/** A message of that terminal with a trace number of its own; `more` stands over what is usual. */
export function message(mti: string, terminal: string, more: Fields): Message {
  const iso = new Date().toISOString().replaceAll(/\D/gu, '')
  return {
    mti,
    fields: {
      7: iso.slice(4, 14),
      11: String((++stan % 999_999) + 1).padStart(6, '0'),
      12: iso.slice(8, 14),
      13: iso.slice(4, 8),
      41: terminal.padEnd(8),
      42: STORE,
      49: '985',
      ...more,
    },
  }
}

export const payment = (terminal: string, card: string, amount: number, more: Fields = {}): Message =>
  message('0200', terminal, {
    3: '006000',
    4: String(amount).padStart(12, '0'),
    22: '022',
    35: `${card}=4912722`,
    ...more,
  })

/** 0202, 0400 or 0420 about a message. */
export const about = (mti: string, original: Message, more: Fields = {}): Message =>
  message(mti, original.fields[41] ?? '', {
    3: original.fields[3],
    90: `${original.mti.slice(0, 3)}0${original.fields[11]}${original.fields[7]}${'0'.repeat(22)}`,
    ...more,
  })

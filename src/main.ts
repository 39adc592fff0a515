/** `akart up`: takes the home directory, opens the database and the configuration, and runs Akart until a signal. */

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startApp, type App } from './app.ts'
import { readConfig } from './config/read-config.ts'
import type { Config } from './config/schema.ts'
import { setUpError } from './config/set-up-error.ts'
import { DEMO_PASSWORD, demoPeople } from './demo/people.ts'
import { writeDemoFiles } from './demo/write-files.ts'
import { readAnchorWithTime, writeAnchor } from './home/audit-anchor.ts'
import { openDatabaseServer } from './home/database-server.ts'
import { openHome } from './home/home-directory.ts'
import { equipDemoHistory } from './demo/history.ts'
import { fitGarbageCollector } from './app/garbage-collector.ts'
import { prepareInstallation } from './app/installation-keys.ts'
import { closeLog, openLog, type Log } from './log.ts'
import { makersOf } from './app/home-office.ts'
import { listenForSignals } from './app/signals.ts'
import { readUsedProfiles } from './app/used-profiles.ts'
import { readDemoRounds } from './demo/rounds.ts'
import { setInstallationTimeZone } from './db/installation.ts'
import { migrate } from './db/migrations.ts'
import { startupChecks } from './db/startup-checks.ts'

export type UpOptions = {
  readonly home: string
  readonly config: string | undefined
  readonly isoPort: number | undefined
  readonly httpPort: number | undefined
  readonly menuPort: number | undefined
  readonly webPort: number | undefined
  /** Root may serve a production database. */
  readonly allowRoot: boolean
  /** Lines for the person in front of it. */
  readonly say: (line: string) => void
}

/**
 * `akart up`: home, database, migrations, checks, data, switch, in this order; each stopped in the opposite one. Returns
 * when it was told to stop, or throws when it could not start or its database ended.
 */
export async function up(options: UpOptions): Promise<void> {
  fitGarbageCollector()
  const renamed: string[] = []
  const config = await readConfig({
    file: options.config,
    environment: process.env,
    flags: [...flagsOf(options)],
    warn: (text) => void renamed.push(text),
  })
  const profiles = await readUsedProfiles(config)
  const home = await openHome(options.home)
  const log = openLogOf(config, home.logFile)
  for (const text of renamed) log.warn(text)
  const signals = listenForSignals()
  const closing: (() => Promise<void>)[] = [home.release, () => closeLog(log)]
  try {
    const database = await openDatabaseServer(home, log, process.env['AKART_DATABASE_URL'])
    closing.push(database.stop)
    const { applied } = await migrate(database.access)
    if (applied.length > 0) log.info('migrations applied', { applied })
    const faults = await startupChecks(database.access)
    if (faults.length > 0) throw setUpError(`the database cannot be served from:\n${faults.join('\n')}`)

    const { keys, masters, demo, reload } = await prepareInstallation(database.access, home, Date.now())
    if (demo) await equipDemoHistory(database.access, keys, config.demoHistoryDays, Date.now())
    if (!demo && !config.allowRoot) mustNotBeRoot()
    await setInstallationTimeZone(database.access, config.timeZone)
    const demoDirectory = demo
      ? await writeDemoFiles(home.directory, keys, await readDemoRounds(database.access))
      : null
    const app = await startApp({
      access: database.access,
      config,
      keys,
      reloadKeys: reload,
      masters,
      profiles,
      demo,
      anchorAudit: (head) => writeAnchor(home.directory, head),
      readAuditAnchor: () => readAnchorWithTime(home.directory),
      makers: makersOf(home.directory),
      log,
    })
    closing.push(app.stop)
    signals.onRenew(() => void app.renew())
    introduce(options, app, home.directory, demoDirectory)

    const ended = await Promise.race([signals.stop, database.exited.then(() => 'database' as const)])
    log.info('stopping', { because: ended })
    if (ended === 'database')
      throw setUpError(`the database server does not stay up; see ${join(home.directory, 'mariadb')}`)
  } finally {
    await closeAll(closing, log)
  }
}

/** An attacker who takes over a root process controls the machine. */
function mustNotBeRoot(): void {
  if (process.getuid?.() !== 0) return
  throw setUpError(
    'akart up does not serve a production database as root: start it as a user of its own (docs/installing.md), or with --allow-root',
  )
}

const MEGABYTE = 1024 * 1024

function openLogOf({ log: { level, file, maxSizeMegabytes, maxFiles } }: Config, homeFile: string): Log {
  try {
    return openLog({ level, file: { file: file ?? homeFile, maxSize: maxSizeMegabytes * MEGABYTE, maxFiles } })
  } catch (error) {
    throw setUpError(`the log can't be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Flags for listeners that the configuration does not have are without effect. */
const LISTENERS_AT_MOST = 64

/**
 * The iso port is that of the first listener; the others of a fixed port follow at N + 1 and so on. Who wants a free port
 * of HTTP wants free ones of AkartMenu and AkartWeb too, unless said.
 */
function* flagsOf({ isoPort, httpPort, menuPort, webPort, allowRoot }: UpOptions) {
  if (allowRoot) yield { origin: '--allow-root', path: ['allowRoot'], value: true }
  for (let i = 0; isoPort !== undefined && i < LISTENERS_AT_MOST; i++) {
    yield { origin: '--iso-port', path: ['listeners', i, 'port'], value: isoPort === 0 ? 0 : isoPort + i }
  }
  if (httpPort !== undefined) yield { origin: '--http-port', path: ['http', 'port'], value: httpPort }
  const free = httpPort === 0 ? 0 : undefined
  for (const [name, value] of [
    ['menu', menuPort ?? free],
    ['web', webPort ?? free],
  ] as const) {
    if (value !== undefined) yield { origin: `--${name}-port`, path: [name, 'port'], value }
  }
}

const SITES = [
  ['menu', 'AkartMenu           '],
  ['web', 'AkartWeb            '],
] as const

/** The next steps for a new user; the `ready` line, for programs, comes last and on one line. */
function introduce({ say }: UpOptions, app: App, home: string, demoDirectory: string | null): void {
  const iso = app.places.find(({ name }) => name === 'iso')
  if (demoDirectory !== null && iso !== undefined) {
    say(`Akart serves the demo data of ${home}`)
    for (const [name, what] of SITES) {
      const place = app.places.find((one) => one.name === name)
      if (place !== undefined) say(`  ${what} http://${place.host}:${place.port}`)
    }
    say(`  terminals connect to ${iso.host}:${iso.port} (ISO 8583, config/iso8583/iso87-ascii.yaml)`)
    say(`  sign in as           ${demoPeople.map(({ login }) => login).join(', ')}; password ${DEMO_PASSWORD}`)
    say(`  demo cards           ${join(demoDirectory, 'cards.csv')}, terminals beside it`)
    say(
      `  try                  npx akart-sim send payment --card sold --amount 12.50 --home ${home} --target ${iso.host}:${iso.port}`,
    )
    say(
      `  or a scenario        npx akart-sim run simulators/scenarios/first-sale.yaml --home ${home} --target ${iso.host}:${iso.port}`,
    )
    say(`  check the books      npx akart ledger verify --home ${home}`)
    say('  stop                 Ctrl-C')
  }
  for (const warning of app.warnings) say(`warning: ${warning}`)
  say(`ready ${app.places.map(({ name, host, port }) => `${name}=${host}:${port}`).join(' ')}`)
}

// A database that hangs must not keep everything else from ending.
const CLOSE_TIMEOUT_MS = 8_000
/**
 * The timer keeps the process alive: where nothing else does, it would end in the middle of closing, with exit code 13 and
 * without a word.
 */
const tooLong = async (signal: AbortSignal): Promise<never> => {
  await sleep(CLOSE_TIMEOUT_MS, undefined, { signal })
  throw new Error(`not closed within ${CLOSE_TIMEOUT_MS} ms`)
}

/** Closes in the opposite order of opening; a failure is logged and does not keep the rest open. */
async function closeAll(closing: (() => Promise<void>)[], log: Log): Promise<void> {
  for (const close of closing.reverse()) {
    const closed = new AbortController()
    await Promise.race([close(), tooLong(closed.signal)]).catch((error: unknown) =>
      log.error('closing failed', { error }),
    )
    closed.abort()
  }
}

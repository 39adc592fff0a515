/** Runs `akart up` for a test and waits for its line `ready`. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { toUrl } from '../src/db/access.ts'
import { testDatabase } from './database.ts'
import { AKART, SHORT_LIVED } from './programs.ts'

export type Place = { readonly host: string; readonly port: number }

export type RunningAkart = {
  readonly home: string
  readonly iso: Place
  readonly http: Place
  readonly bcd: Place
  readonly menu: Place
  readonly web: Place
  readonly pid: number
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>
  /** Its standard error so far. */
  readonly errors: () => string
  /** SIGTERM unless said; resolves with the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/** For `upForTest`: a database on the server of the test run; a private server would take 2 s longer. */
export const onTestServer = async (t: Teardown): Promise<NodeJS.ProcessEnv> => ({
  AKART_DATABASE_URL: toUrl(await testDatabase(t)),
})

const FREE_PORTS = ['--iso-port', '0', '--http-port', '0'] as const

/** `akart up` on a home of its own, or one that is there, and free ports; stopped and removed in the teardown of `t`. */
export async function upForTest(
  t: Teardown,
  environment: NodeJS.ProcessEnv = {},
  there: string | null = null,
  options: readonly string[] = [],
): Promise<RunningAkart> {
  const home = there ?? (await mkdtemp(join(tmpdir(), 'akart-up-')))
  const child = spawn(
    process.execPath,
    [...SHORT_LIVED, AKART, 'up', '--home', home, ...(options.includes('--iso-port') ? [] : FREE_PORTS), ...options],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // No generated history: it takes a fifth of a second and disturbs tests that count, so a test has to ask for it. Tests may
      // run as root, on machines that exist only for them.
      env: { ...process.env, AKART_DEMO_HISTORY_DAYS: '0', AKART_ALLOW_ROOT: 'true', ...environment },
    },
  )
  const exited = once(child, 'exit') as Promise<[number | null]>
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    const [code] = await exited
    return code
  }
  t.teardown(async () => {
    await stop()
    await rm(home, { recursive: true, force: true })
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('ready ')) continue
    child.stdout.resume()
    const place = (name: string): Place => {
      const [, host = '', port] = new RegExp(` ${name}=(\\S+):(\\d+)`, 'u').exec(line) ?? []
      return { host, port: Number(port) }
    }
    return {
      home,
      iso: place('iso'),
      http: place('http'),
      bcd: place('bcd'),
      menu: place('menu'),
      web: place('web'),
      pid: child.pid ?? 0,
      ended: exited.then(([code]) => code),
      errors: () => errors,
      stop,
    }
  }
  throw new Error(`akart up ended before it was ready: ${errors}`)
}

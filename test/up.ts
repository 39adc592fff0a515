import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../src/cli/akart.js', import.meta.url))

export type Place = { readonly host: string; readonly port: number }

export type RunningAkart = {
  readonly home: string
  readonly iso: Place
  readonly http: Place
  /** What it wrote to standard error so far. */
  readonly errors: () => string
  /** SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>
}

/** `akart up` on a home of its own, or one that is there, and free ports; stopped and removed in the teardown of `t`. */
export async function upForTest(
  t: { readonly teardown: (handler: () => Promise<void>) => void },
  environment: NodeJS.ProcessEnv = {},
  there: string | null = null,
): Promise<RunningAkart> {
  const home = there ?? (await mkdtemp(join(tmpdir(), 'akart-up-')))
  const child = spawn(process.execPath, [PROGRAM, 'up', '--home', home, '--iso-port', '0', '--http-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    const [code] = await exited
    return code
  }
  t.teardown(async () => {
    await stop()
    await rm(home, { recursive: true, force: true })
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const places = /^ready iso=(\S+):(\d+) http=(\S+):(\d+)/u.exec(line)
    if (places === null) continue
    child.stdout.resume()
    const [, isoHost = '', isoPort, httpHost = '', httpPort] = places
    return {
      home,
      iso: { host: isoHost, port: Number(isoPort) },
      http: { host: httpHost, port: Number(httpPort) },
      errors: () => errors,
      stop,
    }
  }
  throw new Error(`akart up ended before it was ready: ${errors}`)
}

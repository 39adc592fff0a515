import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { serversInside } from '../../src/home/leftovers.ts'
import { AKART } from '../programs.ts'

/** Starting and ending: the parts that start, how they end, and the messages if they cannot start. */

const PROGRAM = fileURLToPath(new URL('../../src/cli/akart.js', import.meta.url))
const home = await mkdtemp(join(tmpdir(), 'akart-door-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const END_WITHIN_MS = 100_000

type Started = {
  readonly pid: number
  /** The line `ready`; null: it ended before. */
  readonly ready: Promise<string | null>
  readonly ended: Promise<number | null>
  readonly errors: () => string
}

/** In a process group of its own, as a shell starts it. */
function start(
  words: Readonly<Record<string, string>> = {},
  environment: NodeJS.ProcessEnv = {},
  { flags = [], program = PROGRAM }: { readonly flags?: readonly string[]; readonly program?: string } = {},
): Started {
  const child = spawn(
    process.execPath,
    [
      ...flags,
      program,
      'up',
      ...Object.entries({ '--home': home, '--iso-port': '0', '--http-port': '0', ...words }).flat(),
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  )
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  t.teardown(() => child.kill('SIGKILL'))
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('ready ')) return line
    return null
  })()
  return { pid: child.pid ?? 0, ready, ended, errors: () => errors }
}

const isoOf = (ready: string | null): { port: number; host: string } => {
  const [, host = '', port] = / iso=(\S+):(\d+)/u.exec(ready ?? '') ?? []
  return { host, port: Number(port) }
}

const oneLine = (text: string): string => (/^[^\n]+\n$/u.test(text) ? text.trim() : `not one line: ${text}`)

const withinTime = async (started: Started): Promise<number | null | 'too late'> =>
  Promise.race([started.ended, sleep(END_WITHIN_MS, 'too late' as const, { ref: false })])

void t.test(
  'stopped by SIGINT to it alone, killed, stopped by SIGINT to its group',
  { timeout: 240_000 },
  async (t) => {
    const alone = await serving(t)
    const [server] = await serversInside(home)
    await noDumps(t, server ?? 0)
    const second = start()
    t.equal(await second.ended, 2)
    t.match(oneLine(second.errors()), /^akart: \S+ is in use by another akart, process \d+$/u)
    process.kill(alone.pid, 'SIGINT')
    t.equal(await withinTime(alone), 0)
    t.same(await serversInside(home), [], 'no server is left')

    const killed = await serving(t)
    process.kill(killed.pid, 'SIGKILL')
    t.equal(await killed.ended, null)
    // Its server ends with it.
    while ((await serversInside(home)).length > 0) await sleep(20)

    const group = await serving(t)
    process.kill(-group.pid, 'SIGINT')
    t.equal(await withinTime(group), 0)
    t.same(await serversInside(home), [])
    for (const akart of [alone, group]) t.equal(akart.errors(), '')
  },
)

/** Ready, with an idle line open. */
async function serving(t: Tap): Promise<Started> {
  const akart = start()
  const ready = await akart.ready
  t.match(ready, /^ready( (iso|http|bcd|menu|web)=127\.0\.0\.1:[1-9]\d*){5}$/u)
  const line = connect(isoOf(ready)).on('error', () => {})
  await once(line, 'connect')
  return akart
}

void t.test('a port or a log that cannot be had: one line, and no server is left', { timeout: 240_000 }, async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const poorConfig = await configOfPoorDialect(t)
  const rows: [words: Record<string, string>, environment: NodeJS.ProcessEnv, said: RegExp][] = [
    [{ '--iso-port': String(port) }, {}, /^akart: listener iso cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/u],
    [{ '--iso-port': '65535' }, {}, /^akart: --iso-port: listeners\[1\]\.port must be .* it is 65536$/u],
    [{}, { AKART_LOG_FILE: '/proc/akart.log' }, /^akart: the log can't be written: ENOENT/u],
    [{ '--web-port': String(port) }, {}, /^akart: web: HTTP cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/u],
    [
      {},
      { AKART_MENU_PUBLIC_URL: 'https://menu.example.com' },
      /^akart: the database is a demo, whose passwords everybody knows: menu\.host and menu\.publicUrl must be loopback/u,
    ],
    [{ '--config': poorConfig }, {}, /^akart: \S+poor\.yaml:\d+: an answer cannot be said: DE 54 is missing \(.*\)$/u],
    [{ '--home': '/proc/akart' }, {}, /^akart: \/proc\/akart can't be the home directory: ENOENT/u],
  ]
  for (const [words, environment, said] of rows) {
    // Joined, in the run of everything: how it is loaded is seen above, and it is loaded for each row.
    const akart = start(words, environment, { program: AKART })
    t.equal(await akart.ended, 2, [...Object.entries(words), ...Object.values(environment)].join(' '))
    t.match(oneLine(akart.errors()), said)
    t.same(await serversInside(home), [])
  }
  taken.close()
})

/** A listener in a dialect without DE 54. */
async function configOfPoorDialect(t: { readonly teardown: (run: () => unknown) => void }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'akart-poor-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const whole = await readFile('config/iso8583/iso87-ascii.yaml', 'utf8')
  await writeFile(join(directory, 'poor.yaml'), whole.replace(/^ {2}54: .*\n/m, ''))
  const config = join(directory, 'akart.yaml')
  await writeFile(config, `listeners: [{ name: iso, port: 0, profile: ${join(directory, 'poor.yaml')} }]\n`)
  return config
}

void t.test('node asked to write its memory to a file', { timeout: 400_000 }, async (t) => {
  const akart = start({}, {}, { flags: ['--heapsnapshot-signal=SIGUSR2'] })
  t.equal(await akart.ended, 2)
  t.match(oneLine(akart.errors()), /^akart: node was started with --heapsnapshot-signal, which writes keys to a file$/u)
})

type Tap = {
  readonly equal: (found: unknown, wanted: unknown) => boolean
  readonly match: (found: unknown, wanted: RegExp) => boolean
}

/** The restrictions of akart hold for its database server too. */
async function noDumps(t: Tap, pid: number): Promise<void> {
  t.match(await readFile(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /mu)
  t.equal(Number.parseInt(await readFile(`/proc/${pid}/coredump_filter`, 'utf8'), 16), 0)
}

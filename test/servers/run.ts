// `make test-servers`: the suite on other database servers than the one of `make test`, room by room, and a table at the end.
//
//   node build/test/servers/run.js                         all servers, all rooms but the browser's journeys
//   node build/test/servers/run.js mysql-9.7 db/ web/pay   one of them, the files that begin so
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openConnection, toUrl, type Access } from '../../src/db/access.ts'
import { makeTestDirectory, TEST_DATABASE_URL } from '../server.ts'
import { unpack } from './packages.ts'
import { SERVERS, type OtherServer } from './servers.ts'
import { type Rooms, sayRooms } from './table.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Run by name only: a browser asks for what the rooms `menu` and `office` ask for, and takes as long as all of them. */
const BY_NAME = 'menu/journeys'

let stopped = false
let running: ChildProcess | null = null

/** The files of the suite, or those that begin with one of these words, by room. */
async function roomsOf(words: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = (await readdir(join(ROOT, 'test'), { recursive: true }))
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
  const wanted = all.filter((file) =>
    words.length > 0 ? words.some((word) => file.startsWith(word)) : !file.startsWith(BY_NAME),
  )
  if (wanted.length === 0) throw new Error(`no test begins with ${words.join(' or ')}`)
  const rooms = new Map<string, string[]>()
  for (const file of wanted) rooms.set(dirname(file), [...(rooms.get(dirname(file)) ?? []), file])
  return rooms
}

/** Where it was unpacked, without touching the machine: by its own loader, with its own libraries. */
function commandOf({ program }: OtherServer, root: string): readonly [string, readonly string[]] {
  const libraries = [join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'usr/lib/mysql/private')].join(':')
  return [join(root, 'usr/lib64/ld-linux-x86-64.so.2'), ['--library-path', libraries, join(root, program)]]
}

/** @returns null where the server is not to be had */
async function onServer(server: OtherServer, rooms: ReadonlyMap<string, readonly string[]>): Promise<Rooms | null> {
  const root = join(ROOT, 'build', 'servers', server.name)
  try {
    await unpack(root, server.release, server.package)
  } catch (error) {
    console.log(`# ${server.name} is passed over: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
  const directory = await makeTestDirectory()
  const [command, loader] = commandOf(server, root)
  const options = [...loader, ...server.options(root, directory)]
  await mkdir(join(directory, 'data'))
  const { input, extra } = await server.bootstrap(root, (file) => readFile(file, 'utf8'))
  const made = spawnSync(command, [...options, ...extra], { input, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`${server.name}: ${made.stderr}`)
  const socketPath = join(directory, 'server.sock')
  const child = spawn(command, [...options, `--socket=${socketPath}`, ...RUNNING, ...server.running], {
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const access: Access = { ...NOBODY, socketPath }
  try {
    const version = await untilItAnswers(access, () => child.exitCode !== null)
    console.log(`# ${server.name}: ${version}`)
    const said: Rooms = new Map()
    for (const [room, files] of rooms) {
      console.log(`# ${server.name}: ${room}`)
      if (!stopped) said.set(room, await runRoom(toUrl({ ...access, database: 'akart' }), files))
    }
    return said
  } finally {
    child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
}

const NOBODY: Access = {
  socketPath: null,
  host: 'localhost',
  port: 3306,
  user: 'root',
  password: '',
  database: '',
  tls: null,
}

/** @returns the last line of the run */
async function runRoom(url: string, files: readonly string[]): Promise<string> {
  const compiled = files.map((file) => join('build', 'test', file.replace(/\.ts$/u, '.js')))
  const env = { ...process.env, [TEST_DATABASE_URL]: url }
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  running = spawn(process.execPath, ['build/test/run.js', ...compiled], { cwd: ROOT, env, stdio: [...stdio] })
  const ended = once(running, 'exit')
  let last = ''
  if (running.stdout !== null) {
    for await (const line of createInterface({ input: running.stdout })) {
      console.log(line)
      last = line
    }
  }
  await ended
  running = null
  return stopped ? `stopped: ${last}` : last
}

const RUNNING = [
  '--skip-networking',
  '--sync-binlog=1',
  '--transaction-isolation=READ-COMMITTED',
  '--innodb-rollback-on-timeout=ON',
  '--innodb-lock-wait-timeout=3',
  '--max-connections=200',
  '--max-allowed-packet=64M',
  '--innodb-buffer-pool-size=128M',
  '--default-time-zone=+00:00',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  '--performance-schema=OFF',
]

async function untilItAnswers(access: Access, isOver: () => boolean): Promise<string> {
  while (!isOver()) {
    const connection = await openConnection(access, { multipleStatements: false }).catch(() => null)
    if (connection !== null) {
      const [rows] = await connection.query('SELECT VERSION() AS version')
      await connection.end()
      return String((rows as { version: unknown }[])[0]?.version)
    }
    await sleep(100)
  }
  throw new Error('the server does not start')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopped = true
    running?.kill('SIGTERM')
  })
}

const given = process.argv.slice(2)
const named = SERVERS.filter(({ name }) => given.includes(name))
const rooms = await roomsOf(given.filter((word) => !SERVERS.some(({ name }) => name === word)))
const results = new Map<string, Rooms | null>()
for (const server of named.length > 0 ? named : SERVERS) {
  if (!stopped) results.set(server.name, await onServer(server, rooms))
}
process.exitCode = sayRooms(results, (line) => console.log(line)) ? 0 : 1

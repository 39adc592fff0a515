// `make test-servers`: parts of the suite on other database servers than the one of `make test`.
//
//   node build/test/servers/run.js                         all servers, the rooms that a database decides
//   node build/test/servers/run.js mysql-9.7 db/ web/pay   one of them, the files that begin so
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openConnection, toUrl, type Access } from '../../src/db/access.ts'
import { makeTestDirectory, TEST_DATABASE_URL } from '../server.ts'
import { unpack } from './packages.ts'
import { SERVERS, type OtherServer } from './servers.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Whatever speaks SQL. The rest of the suite asks the same statements. */
const ROOMS = ['db', 'engine', 'conformance', 'jobs', 'office']

const filesOf = async (): Promise<string[]> =>
  (
    await Promise.all(
      ROOMS.map(async (room) =>
        (await readdir(join(ROOT, 'test', room), { recursive: true })).map((file) => `${room}/${file}`),
      ),
    )
  )
    .flat()
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('build', 'test', file.replace(/\.ts$/u, '.js')))

/** Where it was unpacked, without touching the machine: by its own loader, with its own libraries. */
function commandOf({ program }: OtherServer, root: string): readonly [string, readonly string[]] {
  const libraries = [join(root, 'usr/lib/x86_64-linux-gnu'), join(root, 'usr/lib/mysql/private')].join(':')
  return [join(root, 'usr/lib64/ld-linux-x86-64.so.2'), ['--library-path', libraries, join(root, program)]]
}

async function onServer(server: OtherServer, files: readonly string[]): Promise<boolean> {
  const root = join(ROOT, 'build', 'servers', server.name)
  try {
    await unpack(root, server.release, server.package)
  } catch (error) {
    console.log(`# ${server.name} is passed over: ${error instanceof Error ? error.message : String(error)}`)
    return true
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
  try {
    const access: Access = {
      socketPath,
      host: 'localhost',
      port: 3306,
      user: 'root',
      password: '',
      database: '',
      tls: null,
    }
    const version = await untilItAnswers(access, () => child.exitCode !== null)
    console.log(`# ${server.name}: ${version}`)
    const env = { ...process.env, [TEST_DATABASE_URL]: toUrl({ ...access, database: 'akart' }) }
    const run = spawn(process.execPath, ['build/test/run.js', ...files], { cwd: ROOT, env, stdio: 'inherit' })
    const [code] = (await once(run, 'exit')) as [number | null]
    return code === 0
  } finally {
    child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
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

const given = process.argv.slice(2)
const named = SERVERS.filter(({ name }) => given.includes(name))
const files = given.filter((word) => !SERVERS.some(({ name }) => name === word))
const tested = files.length > 0 ? files : await filesOf()
let failed = 0
for (const server of named.length > 0 ? named : SERVERS) if (!(await onServer(server, tested))) failed += 1
process.exitCode = failed === 0 ? 0 : 1

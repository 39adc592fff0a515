import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Access, openConnection, toUrl } from '../../src/db/access.ts'
import { startAkart, type Akart, type Card } from '../conformance/akart.ts'
import type { Answer } from '../conformance/line.ts'
import { openTill, type Till } from '../conformance/till.ts'
import type { Message } from '../conformance/wire.ts'
import { startOwnServer } from '../own-server.ts'
import { makeTestDirectory } from '../server.ts'
import { textOf } from './markdown.ts'
import { AKART } from '../programs.ts'

/* docs/backup.md as an operator does it: every command of the page is executed, in its order, on real servers. */

const commands = [...textOf('docs/backup.md').matchAll(/^ {4}(.*)$/gmu)].map(([, line = '']) => line)
const root = await makeTestDirectory()
const place = (...path: string[]): string => join(root, ...path)
t.teardown(() => rm(root, { recursive: true, force: true }))

await mkdir(place('bin'))
await writeFile(place('bin', 'akart'), `#!/bin/sh\nexec '${process.execPath}' '${AKART}' "$@"\n`)
await chmod(place('bin', 'akart'), 0o755)
await mkdir(place('backup', 'binlog'), { recursive: true })

/** The names on the page and their places here. */
type Here = Readonly<Record<string, string>>
const executed = new Set<string>()

/** The command of the page that contains `word`, with the paths of here. */
function command(word: string, here: Here): string {
  const found = commands.filter((line) => line.includes(word))
  if (found.length !== 1) throw new Error(`${found.length} commands of the page have ${word}`)
  const [line = ''] = found
  executed.add(line)
  const paths = { '/backup': place('backup'), ...here }
  return Object.entries(paths).reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), line)
}

type Said = { readonly code: number | null; readonly said: string }

function start(line: string, environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, TZ: 'Asia/Tokyo', ...environment, PATH: `${place('bin')}:${process.env['PATH'] ?? ''}` }
  return spawn('bash', ['-c', `set -o pipefail; ${line}`], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

async function run(line: string, environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const child = start(line, environment)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

async function query(access: Access, sql: string): Promise<unknown[]> {
  const connection = await openConnection({ ...access, database: '' }, { multipleStatements: false })
  const [rows] = await connection.query(sql)
  await connection.end()
  return rows as unknown[]
}

type Booked = { readonly request: Message; readonly answer: Answer }

async function pay(till: Till, card: Card, booked: Booked[]): Promise<void> {
  const request = till.message('0200', { 3: '006000', 4: '000000000001', 22: '022', 35: card.track2, 49: '985' })
  const answer = await till.send(request)
  booked.push({ request, answer })
}

/** A repeat is answered as before, byte for byte, if the database still has it. */
async function repeated(akart: Akart, booked: readonly Booked[]): Promise<number> {
  const till = await openTill(akart, 'DEMO0001')
  let same = 0
  for (const { request, answer } of booked) {
    const again = await till.send({ ...request, mti: '0201' })
    if (again.bytes.equals(answer.bytes)) same += 1
  }
  till.line().end()
  return same
}

const TOOLS = ['mariadb-backup', 'mariadb-binlog', 'mariadb-dump', 'mariadb']
const { said: missing } = await run(
  `for tool in ${TOOLS.join(' ')}; do command -v $tool >/dev/null || echo $tool; done`,
)
const skip = missing === '' ? false : `not installed: ${missing.trim().replaceAll('\n', ', ')}`

const BINLOG = ['--log-bin=akart-bin', '--server-id=1', '--binlog-format=ROW', '--sync-binlog=1'] as const

t.test('a night, an accident, and back to the moment before it', { skip }, async (t) => {
  let server = await startOwnServer(place('server'), BINLOG)
  t.teardown(() => server.kill('SIGTERM'))
  const socket = server.access.socketPath ?? ''
  const environment = { AKART_DATABASE_URL: toUrl({ ...server.access, database: 'akart' }) }
  const akart = await startAkart(environment)
  t.teardown(akart.remove)
  const here = {
    '/run/mysqld/mysqld.sock': socket,
    '/var/lib/akart': akart.home,
    '/var/lib/mysql': place('server/data'),
    'mysql:mysql': '$(id -un):$(id -gn)',
    '/$(date +%F)': '/night',
    '/2026-11-29 ': '/night ',
  }

  const copying = start(command('--stop-never', here))
  const copyingEnded = once(copying, 'exit')
  const before: Booked[] = []
  const till = await openTill(akart, 'DEMO0001')
  const cards = Array.from({ length: 4 }, () => akart.card('sold'))
  const next = (): Card => cards[before.length % cards.length] ?? akart.card('sold')
  let night = true
  const traffic = (async () => {
    while (night || before.length < 100) await pay(till, next(), before)
  })()
  const backup = await run(command('--backup ', here))
  t.equal(backup.code, 0, backup.said.slice(-500))
  const atBackup = before.length
  night = false
  await traffic
  t.ok(atBackup > 0, `${atBackup} payments were answered while the copy was made`)
  t.equal((await run(command('--prepare', here))).code, 0)
  for (let i = 0; i < 20; i++) await pay(till, next(), before)

  const second = async (): Promise<number> =>
    Number(((await query(server.access, 'SELECT UNIX_TIMESTAMP() AS now')) as { now: number }[])[0]?.now)
  const last = await second()
  while ((await second()) === last) await sleep(20)
  const accident = await second()
  await query(
    server.access,
    'UPDATE akart.cards SET ledger = ledger + 100, available = available + 100 WHERE ledger > 0',
  )
  const after: Booked[] = []
  for (let i = 0; i < 5; i++) await pay(till, next(), after)
  const newest = async (): Promise<number> =>
    Number(((await query(server.access, 'SELECT MAX(id) AS id FROM akart.transactions')) as { id: number }[])[0]?.id)
  const lost = await newest()
  t.equal((await akart.command('card', 'block', 'OPEN:1', '--as', 'lost', '--reason', 'after the accident')).code, 0)
  const head = async (): Promise<number> =>
    (JSON.parse(await readFile(join(akart.home, 'audit-head.json'), 'utf8')) as { seq: number }).seq
  const kept = async (): Promise<boolean> => head().then((seq) => seq > 0, () => false) // prettier-ignore
  while (!(await kept())) await sleep(50)
  t.not((await akart.verify()).code, 0, 'the books do not agree')

  till.line().end()
  await akart.stop('SIGTERM')
  const logs = (await query(server.access, 'SHOW BINARY LOGS')) as { Log_name: string; File_size: number }[]
  const copied = async (): Promise<boolean> => {
    const sizes = await Promise.all(
      logs.map(({ Log_name }) => readFile(place('backup/binlog', Log_name)).then((bytes) => bytes.length, () => 0)), // prettier-ignore
    )
    return logs.every(({ File_size }, i) => (sizes[i] ?? 0) >= File_size)
  }
  while (!(await copied())) await sleep(50)
  await server.kill('SIGKILL')
  await copyingEnded
  await rename(place('server'), place('server.lost'))

  await mkdir(place('server'))
  t.equal((await run(command('mv /backup/binlog ', here))).code, 0)
  t.equal((await run(command('--copy-back', here))).code, 0)
  t.equal((await run(command('chown', here))).code, 0)
  server = await startOwnServer(place('server'), BINLOG)
  const [file = '', position = ''] = (await readFile(place('backup/night/xtrabackup_binlog_info'), 'utf8')).split(
    /\s+/u,
  )
  const files = logs.map(({ Log_name }) => Log_name).filter((name) => name >= file)
  const when = new Date(accident * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const played = await run(
    command('--start-position', { ...here, '2026-11-29 10:42:07': when, POSITION: position }).replace(
      `${place('backup/binlog.before')}/FILE`,
      files.map((name) => place('backup/binlog.before', name)).join(' '),
    ),
  )
  t.equal(played.code, 0, played.said)

  const told = await run(command('database restored', here), environment)
  t.equal(told.code, 0, told.said)
  t.match(told.said, /1 rows of it are lost\n.*audit-head\.1\.json/u)
  t.match(await run(command('ledger verify', here), environment), { code: 0 })
  await akart.start()
  t.equal(await repeated(akart, before), before.length, 'every payment from before the accident, as it was answered')
  const again = await openTill(akart, 'DEMO0001')
  t.ok((await newest()) < lost)
  await pay(again, next(), [])
  again.line().end()
  t.ok((await newest()) > lost, 'no id, and so no reference, is given twice')
  while (!(await kept())) await sleep(50)
  t.match(await run(command('audit verify', here), environment), { code: 0, said: /the audit is whole/u })
  t.match(await akart.verify(), { code: 0 })
})

t.test('from the private database to a server of one’s own', { skip }, async (t) => {
  const server = await startOwnServer(place('own'), BINLOG)
  t.teardown(() => server.kill('SIGTERM'))
  const akart = await startAkart()
  t.teardown(akart.remove)
  const here = { '/run/mysqld/mysqld.sock': server.access.socketPath ?? '', '/var/lib/akart': akart.home }
  const booked: Booked[] = []
  const till = await openTill(akart, 'DEMO0001')
  const card = akart.card('sold')
  for (let i = 0; i < 10; i++) await pay(till, card, booked)
  till.line().end()
  await akart.stop('SIGTERM')

  const serving = start(command('database serve', here))
  const [line] = (await once(createInterface({ input: serving.stdout }), 'line')) as [string]
  t.equal(line, `ready socket=${akart.home}/mariadb/socket/mariadb.sock database=akart`)
  t.equal((await run(command('mariadb-dump', here))).code, 0)
  process.kill(-(serving.pid ?? 0), 'SIGINT')
  t.equal((await once(serving, 'exit'))[0], 0)
  t.match(await run(command('< ', here)), { code: 0, said: '' })
  t.match(await run(command('mv /var/lib', here)), { code: 0 })

  const environment = { AKART_DATABASE_URL: toUrl({ ...server.access, database: 'akart' }) }
  const moved = await startAkart(environment, akart.home)
  t.teardown(() => moved.stop('SIGTERM').then(() => undefined))
  t.equal(await repeated(moved, booked), booked.length)
  t.match(await moved.verify(), { code: 0 })
  await t.rejects(access(join(akart.home, 'mariadb')))
})

t.test('no command of the page is left out', { skip }, async (t) => {
  t.same(
    commands.filter((line) => !executed.has(line)),
    [],
  )
})

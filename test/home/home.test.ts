import t from 'tap'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openDatabaseServer, type DatabaseServer } from '../../src/home/database-server.ts'
import { openHome } from '../../src/home/home-directory.ts'
import { serversInside } from '../../src/home/leftovers.ts'
import { findMariadb } from '../../src/home/mariadb-program.ts'
import { readSecrets } from '../../src/home/secrets.ts'
import { openLog } from '../../src/log.ts'
import { openConnection, toUrl, type Access } from '../../src/db/access.ts'
import { startupChecks } from '../../src/db/startup-checks.ts'
import { makeTestDirectory } from '../server.ts'

const AKART_LIKE = fileURLToPath(new URL('akart-like.js', import.meta.url))
const log = openLog({ level: 'silent', file: null })
const TRIES = 20
const root = await makeTestDirectory()
const directory = join(root, 'home')
t.teardown(() => rm(root, { recursive: true, force: true }))

t.test('the data are there again after a stop, a kill of akart, and a server left behind', async (t) => {
  await serving(directory, async ({ access }) => {
    await run(access, 'CREATE TABLE note (text VARCHAR(40)) ENGINE = InnoDB')
    await run(access, "INSERT INTO note VALUES ('before the stop')")
    t.same(await settingsProblems(access), [], 'the private server passes the checks at start')
  })
  t.same(await serversInside(directory), [], 'a stopped home has no server')

  const akart = await akartLike(directory)
  t.equal(akart.said, 'ready')
  const [left] = await serversInside(directory)
  const second = await akartLike(directory)
  t.match(second.said, new RegExp(`^\\S+ is in use by another akart, process ${akart.child.pid}$`))
  t.equal((await second.exited)[0], 1)
  t.same(await serversInside(directory), [left], 'the refused one did not touch the server of the first')
  akart.child.kill('SIGKILL')
  await akart.exited

  await serving(directory, async ({ access }) => {
    t.same(await notes(access), ['before the stop'])
    const servers = await serversInside(directory)
    t.equal(servers.length, 1)
    t.not(servers[0], left, 'the server of the killed akart is gone')

    await run(access, "INSERT INTO note VALUES ('committed before the kill')")
    const [pid = 0] = servers
    process.kill(pid, 'SIGKILL')
    // It is started again by itself (keep-running.test.ts): another process, with all that was committed.
    const isBack = async (): Promise<boolean> => {
      const [now = pid] = await serversInside(directory)
      return now !== pid && (await notes(access).then(() => true, () => false)) // prettier-ignore
    }
    while (!(await isBack())) await sleep(50)
    t.same(await notes(access), ['before the stop', 'committed before the kill'])
  })
  await serving(directory, async ({ access }) => {
    t.equal((await notes(access)).length, 2, 'it recovers by itself from its own SIGKILL')
  })
})

t.test('a home whose path is too long for a socket, moved there with its data', async (t) => {
  const far = join(root, 'a-directory-with-a-long-name-'.repeat(4), 'home')
  await mkdir(join(far, '..'))
  await rename(directory, far)
  let shortSocket = ''
  await serving(far, async ({ access }) => {
    shortSocket = join(access.socketPath ?? '', '..')
    t.ok(Buffer.byteLength(access.socketPath ?? '') <= 107)
    t.equal((await notes(access)).length, 2)
    const mode = (await stat(join(access.socketPath ?? '', '..'))).mode & 0o777
    t.equal(mode, 0o700, 'nobody else comes to the socket')

    const named = { ...access, database: 'named' }
    for (const round of ['made', 'found']) {
      const server = await openDatabaseServer(homeAt(far), log, toUrl(named))
      t.same(await run(server.access, 'SELECT DATABASE() AS name'), [{ name: 'named' }], `named database ${round}`)
      await server.stop()
    }
    t.equal((await serversInside(far)).length, 1, 'a server that is not ours is not stopped')
  })
  await t.rejects(access(shortSocket), 'its directory under the temporary one is gone with it')
  await rename(far, directory)
})

t.test('killed while the data directory is made: the next start begins again', { timeout: 400_000 }, async (t) => {
  const fresh = join(root, 'fresh')
  const data = join(fresh, 'mariadb', 'data')
  const isWhole = () =>
    access(data).then(
      () => true,
      () => false,
    )
  for (const moment of ['made', 'ibdata1', 'mysql']) {
    // Once more where it was whole before the kill: this process may stand still.
    for (let tries = 1; tries === 1 || (tries < TRIES && (await isWhole())); tries++) {
      await rm(data, { recursive: true, force: true, maxRetries: 50 })
      const akart = spawnAkart(fresh)
      const exited = once(akart, 'exit')
      await appears(moment === 'made' ? `${data}.half-made` : join(`${data}.half-made`, moment))
      akart.kill('SIGKILL')
      await exited
    }
    t.equal(await isWhole(), false, `killed after ${moment}: nothing that looks whole`)
  }
  await serving(fresh, async ({ access }) => {
    t.same(await settingsProblems(access), [])
    t.same(
      (await readdir(join(fresh, 'mariadb'))).filter((name) => name.includes('half')),
      [],
    )
  })
  await rm(fresh, { recursive: true })
})

t.test('a missing program or database is reported in one line', async (t) => {
  await t.rejects(findMariadb([{ mariadbd: '/nowhere/mariadbd', share: '/nowhere' }]), {
    name: 'SetUpError',
    message: /^[^\n]*Debian package mariadb-server-core[^\n]*$/,
  })
  const secret = 'hunter2hunter2'
  const error: unknown = await openDatabaseServer(homeAt(directory), log, `mysql://u:${secret}@127.0.0.1:1/db`).catch(
    (reason: unknown) => reason,
  )
  t.match(error, { name: 'SetUpError', message: /^database 127\.0\.0\.1:1\/db can't be reached: [^\n]+$/ })
  t.notMatch(String(error), secret)
})

t.test('secrets: made once, the same ever after, refused rather than repaired', async (t) => {
  const file = join(root, 'secrets.json')
  const made = await Promise.all(Array.from({ length: 8 }, () => readSecrets(file)))
  const again = await readSecrets(file)
  for (const secrets of made) t.same(secrets, again, 'makers in a race agree')
  t.equal((await stat(file)).mode & 0o777, 0o600)
  t.equal(again.cardMaster.length, 32)
  t.same((await readdir(root)).filter((name) => name.startsWith('secrets')).length, 1, 'no file left beside it')

  const key = again.cardMaster.toString('hex')
  const text = await readFile(file, 'utf8')
  await chmod(file, 0o644)
  await t.rejects(readSecrets(file), { message: `${file}: others can read it; run chmod 600 on it` })
  await chmod(file, 0o600)
  const damaged: [string, RegExp][] = [
    [text.slice(0, 60), /not a JSON object$/],
    ['null', /not a JSON object$/],
    [text.replace(key, key.slice(1)), /cardMaster must be 32 bytes in hexadecimal$/],
    [text.replace('cardMaster', 'master'), /cardMaster must be 32 bytes in hexadecimal$/],
  ]
  for (const [content, message] of damaged) {
    await writeFile(file, content)
    const error: unknown = await readSecrets(file).catch((reason: unknown) => reason)
    t.match(error, { name: 'SetUpError', message })
    t.notMatch(String(error), key.slice(1, 12))
  }
})

async function serving(path: string, use: (server: DatabaseServer) => Promise<void>): Promise<void> {
  const home = await openHome(path)
  const server = await openDatabaseServer(home, log, undefined)
  try {
    await use(server)
  } finally {
    await server.stop()
    await home.release()
  }
}

/** A home that is taken already, by `serving`. */
function homeAt(path: string): Awaited<ReturnType<typeof openHome>> {
  return { directory: path, logFile: '', secretsFile: '', mastersFile: '', release: async () => {} }
}

type Said = { child: ChildProcess; said: string; exited: Promise<unknown[]> }

async function akartLike(path: string): Promise<Said> {
  const child = spawnAkart(path)
  const exited = once(child, 'exit')
  if (child.stdout === null) throw new Error('no output')
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, said, exited }
}

function spawnAkart(path: string): ChildProcess {
  const child = spawn(process.execPath, [AKART_LIKE, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function appears(path: string): Promise<void> {
  for (let i = 0; i < 100_000; i++) {
    if ((await stat(path).catch(() => null)) !== null) return
    await sleep(2)
  }
  throw new Error(`${path} did not appear`)
}

async function settingsProblems(access: Access): Promise<string[]> {
  return (await startupChecks(access, await emptySqlDirectory())).filter((line) => !line.startsWith('migration '))
}

async function emptySqlDirectory(): Promise<string> {
  const empty = join(root, 'no-sql')
  await mkdir(empty, { recursive: true })
  return empty
}

async function notes(access: Access): Promise<unknown[]> {
  return (await run(access, 'SELECT text FROM note')).map((row) => (row as { text: unknown }).text)
}

async function run(access: Access, sql: string): Promise<unknown[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query(sql)
  await connection.end()
  return Array.isArray(rows) ? rows : []
}

import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openConnection, parseDatabaseUrl, placeOf, toUrl, type Access } from '../../src/db/access.ts'
import { grantStatements } from '../../src/office/database-grants.ts'
import { migrate, migrationState } from '../../src/db/migrations.ts'
import { startupChecks } from '../../src/db/startup-checks.ts'
import { startOwnServer } from '../own-server.ts'
import { makeTestDirectory } from '../server.ts'
import { authority } from '../switch/test-certificates.ts'
import { upForTest } from '../up.ts'

const directory = await makeTestDirectory()
const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(directory, name), text, { mode: 0o600 })
  return join(directory, name)
}

const ca = await authority('CN=Databases, O=Test')
const stranger = await authority('CN=Databases, O=Somebody else')
const server = await ca.issue('CN=database', undefined, 'localhost')
const client = await ca.issue('CN=akart')
const caFile = await write('ca.pem', ca.cert)
const strangerFile = await write('stranger.pem', stranger.cert)
const files = { cert: await write('akart.pem', client.cert), key: await write('akart.key', client.key) }

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** config/my.cnf as options, but for sizes, which are small here. */
const copied = (await readFile('config/my.cnf', 'utf8'))
  .split('\n')
  .flatMap((line) => /^(\w+) = (\S+)$/u.exec(line)?.slice(1, 3).join('=') ?? [])
  .filter((option) => !/^innodb_(?:buffer_pool|log_file)_size/u.test(option))
  .map((option) => `--${option}`)

const port = await freePort()
const mariadb = await startOwnServer(join(directory, 'server'), [
  ...copied,
  '--bind-address=127.0.0.1',
  `--port=${port}`,
  `--ssl-ca=${caFile}`,
  `--ssl-cert=${await write('server.pem', server.cert)}`,
  `--ssl-key=${await write('server.key', server.key)}`,
])
t.teardown(async () => {
  await mariadb.kill('SIGTERM')
  await rm(directory, { recursive: true, force: true })
})

const names = { database: 'akart_live', service: 'akart', migrations: 'akart_migrations', from: '127.0.0.1' }
const root = await openConnection(mariadb.access, { multipleStatements: false })
for (const statement of grantStatements(names)) await root.query(statement)
await root.query("CREATE USER 'x509'@'127.0.0.1' IDENTIFIED BY 'key' REQUIRE X509")
await root.end()

const password = encodeURIComponent('PASSWORD-OF-THE-SERVICE')
const urlOf = (who: string, parameters: string): string => `mysql://${who}@localhost:${port}/akart_live?${parameters}`

async function cipherOf(access: Access): Promise<string> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
  await connection.end()
  return (rows as { Value: string }[])[0]?.Value ?? ''
}

const outcomeOf = (work: Promise<string>): Promise<string> =>
  work.then(
    (cipher) => (cipher === '' ? 'in the clear' : 'over TLS'),
    (error: unknown) => (error as Error).message,
  )

t.ok(copied.length > 8, 'the settings that an operator copies are what this server runs with')

t.test('a database URL says how the server is reached', async (t) => {
  const rows: readonly (readonly [string, string, string | RegExp])[] = [
    ['its authority', urlOf(`akart:${password}`, `tlsCa=${caFile}`), 'over TLS'],
    ['the same, written again', toUrl(parseDatabaseUrl(urlOf(`akart:${password}`, `tlsCa=${caFile}`))), 'over TLS'],
    ['another authority', urlOf(`akart:${password}`, `tlsCa=${strangerFile}`), /unable to (verify|get)|self.signed|issuer/u],
    ['no authority of ours', urlOf(`akart:${password}`, 'tls=on'), /unable to (verify|get)|self.signed|issuer/u],
    ['no TLS, which this user must have', urlOf(`akart:${password}`, 'tls=off'), /Access denied/u],
    ['a certificate that is wanted', urlOf('x509:key', `tlsCa=${caFile}`), /Access denied/u],
    ['a file that is not there', urlOf(`akart:${password}`, 'tlsCa=/nowhere/ca.pem'), /^database URL: tlsCa \/nowhere\/ca.pem can't be read: no such file or directory \(ENOENT\)$/u],
  ] // prettier-ignore
  for (const [title, url, wanted] of rows) {
    const outcome = await outcomeOf(cipherOf(parseDatabaseUrl(url)))
    if (typeof wanted === 'string') t.equal(outcome, wanted, title)
    else t.match(outcome, wanted, title)
  }
  const shown = parseDatabaseUrl(urlOf('x509:key', `tlsCa=${caFile}&tlsCertificate=${files.cert}&tlsKey=${files.key}`))
  t.match(await outcomeOf(cipherOf({ ...shown, database: '' })), 'over TLS', 'our certificate')
})

t.test('what a URL may not say', async (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['mysql://u:p@10.0.0.7/d', /compared with its name.*instead of 10\.0\.0\.7, or tls=off/u],
    ['mysql://u:p@h/d?tls=maybe', /tls must be on or off/u],
    ['mysql://u:p@h/d?tls=off&tlsCa=/x', /leave one of them out/u],
    ['mysql://u:p@h/d?tlsCertificate=/x', /belong together/u],
    ['mysql://u:hunter2@h/d?passwordFile=/x', /a password and a passwordFile/u],
    [
      'mysql://u@h/d?passwordFile=/nowhere/p',
      /passwordFile \/nowhere\/p can't be read: no such file or directory \(ENOENT\)/u,
    ],
    [`mysql://u@h/d?passwordFile=${await write('empty', '\nhunter2')}`, /has an empty first line/u],
  ]
  for (const [url, message] of rows) {
    t.throws(() => parseDatabaseUrl(url), { name: 'SetUpError', message })
    t.throws(() => parseDatabaseUrl(url), { message: /^(?!.*hunter2)/u })
  }
})

t.test('where TLS is, unless something is said', async (t) => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['mysql://u@localhost/d', false],
    ['mysql://u@127.0.0.1/d', false],
    ['mysql://u@[::1]/d', false],
    ['mysql://u@localhost/d?socket=/run/m.sock', false],
    ['mysql://u@localhost/d?tls=on', true],
    ['mysql://u@db.example/d', true],
    ['mysql://u@db.example/d?tls=off', false],
    ['mysql://u@10.0.0.7/d?tls=off', false],
  ]
  for (const [url, wanted] of rows) t.equal(parseDatabaseUrl(url).tls !== null, wanted, url)
})

t.test('the service has no right to change tables, and starts where another user has changed them', async (t) => {
  const secret = await write('password', 'PASSWORD-OF-THE-SERVICE\n')
  await chmod(secret, 0o400)
  const service = parseDatabaseUrl(urlOf('akart', `passwordFile=${secret}&tlsCa=${caFile}`))
  const migrations = parseDatabaseUrl(urlOf('akart_migrations:PASSWORD-FOR-MIGRATIONS', `tlsCa=${caFile}`))

  await t.rejects(migrate(service), { message: /command denied/u }, 'tables are missing, and it may not make them')
  const { applied } = await migrate(migrations)
  t.ok(applied.length > 20)
  t.same(await migrate(service), { applied: [] })
  t.same((await migrationState(service)).pending, [])
  t.same(await startupChecks(service), [])
  const { home } = await upForTest(t, { AKART_DATABASE_URL: toUrl(service) })
  const kept = await readFile(join(home, 'database'), 'utf8')
  t.equal(kept, `${placeOf(service)}\n`, 'the home remembers where its database is')
})

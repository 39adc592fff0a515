import t from 'tap'
import { authenticationWarnings } from '../../src/app/unauthenticated.ts'
import type { ListenerConfig } from '../../src/config/schema.ts'
import type { Registry, Terminal } from '../../src/core/registry.ts'
import { migrate } from '../../src/db/migrations.ts'
import { readMigrationFiles, SQL_DIRECTORY } from '../../src/db/migration-files.ts'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConnection } from '../../src/db/access.ts'
import { keepRegistry } from '../../src/db/registry.ts'
import { emptyDatabase } from '../database.ts'

const terminal = (code: string, more: Partial<Terminal> = {}): Terminal => ({
  code, storeCode: 'S1', confirmation: 'explicit', mac: 'none', macRequired: true, active: true, openedBusinessDate: null,
  signOn: false, channel: 'terminal', textForm: { language: 'pl', characterSet: 'ascii' }, ...more,
}) // prettier-ignore

const registry = (terminals: readonly Terminal[]): Registry => ({
  version: 1,
  stores: new Map(),
  terminals: new Map(terminals.map((one) => [one.code, one])),
  issues: new Map(),
  accounts: new Map(),
  bindings: new Map([['terminal BOUND', new Set(['subject CN=till'])]]),
})

const listener = (name: string, host: string, more: Partial<ListenerConfig> = {}) =>
  ({ name, host, port: 8583, tls: 'off', requireMac: false, ...more }) as ListenerConfig

t.test(
  'the start warns of terminals without authentication and of the listeners on which anybody can use them',
  async (t) => {
    const proven = [terminal('KEY', { mac: 'retail' }), terminal('BOUND'), terminal('OFF', { active: false })]
    const lan = listener('lan', '0.0.0.0')
    t.same(authenticationWarnings([lan], registry(proven), false), [], 'nobody is')
    const open = registry([...proven, terminal('OPEN'), terminal('OPEN2')])
    const listeners = [
      listener('iso', '127.0.0.1'),
      listener('six', '::1'),
      lan,
      listener('tls', '10.0.0.1', { tls: 'server' }),
      listener('strict', '10.0.0.1', { requireMac: true }),
    ]
    const wanted =
      'listener lan on 0.0.0.0:8583: without TLS, and everybody who can connect can act as one of 2 terminals (requireMac, tls)'
    t.same(authenticationWarnings(listeners, open, true), [wanted])
    t.match(authenticationWarnings(listeners, open, false), [
      /^2 terminals are served without MAC key or certificate/,
      wanted,
    ])
  },
)

t.test('existing terminals keep working after the upgrade; new ones must authenticate', async (t) => {
  const access = await emptyDatabase(t)
  const directory = await mkdtemp(join(tmpdir(), 'akart-sql-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const files = await readMigrationFiles(SQL_DIRECTORY)
  for (const { name } of files.filter(({ name }) => name < '0012')) {
    await cp(join(SQL_DIRECTORY, `${name}.up.sql`), join(directory, `${name}.up.sql`))
  }
  await migrate(access, directory)
  const connection = await openConnection(access, { multipleStatements: true })
  t.teardown(() => connection.end())
  const insert = (code: string, mac: string, store = 'S1') =>
    connection.query('INSERT INTO terminals (code, store_code, confirmation, mac, state) VALUES (?)', [
      [code, store, 'explicit', mac, 'active'],
    ])
  await connection.query(
    "INSERT INTO stores (code, name, currency, time_zone, language, state) VALUES ('S1','One',985,'Europe/Warsaw','pl','open'),('S2','Two',985,'Europe/Warsaw','pl','open')",
  )
  await insert('OLD', 'none')
  await insert('OLDKEY', 'retail')
  await insert('OLDCERT', 'none', 'S2')
  await connection.query("INSERT INTO store_certificates VALUES ('S2', 'subject', 'CN=till')")
  await migrate(access)
  await insert('NEW', 'none')
  await insert('NEWKEY', 'aes-cmac')
  await insert('NEWCERT', 'none', 'S2')
  const [rows] = await connection.query('SELECT code FROM terminals WHERE unauthenticated ORDER BY code')
  t.match(rows, [{ code: 'OLD' }])
  const keeper = await keepRegistry(access, () => undefined)
  t.teardown(keeper.stop)
  const served = [...keeper.current().terminals.values()].filter(({ active }) => active).map(({ code }) => code)
  t.same(served.toSorted(), ['NEWCERT', 'NEWKEY', 'OLD', 'OLDCERT', 'OLDKEY'])
})

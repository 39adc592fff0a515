import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { certificateFindings } from '../../src/app/doctor/certificates.ts'
import { clockFinding, databaseFindings, rightsFinding } from '../../src/app/doctor/database.ts'
import type { Finding } from '../../src/app/doctor/finding.ts'
import { examine } from '../../src/app/doctor/examine.ts'
import { diskFinding, nodeFinding, permissionFindings, rootFinding } from '../../src/app/doctor/machine.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { openConnection, toUrl, type Access } from '../../src/db/access.ts'
import { emptyDatabase, testDatabase } from '../database.ts'
import { authority } from '../switch/test-certificates.ts'

const home = await mkdtemp(join(tmpdir(), 'akart-doctor-'))
t.teardown(() => rm(home, { recursive: true, force: true }))

const HOUR_MS = 3_600_000
const verdictsOf = (findings: readonly Finding[], topic: string): string[] =>
  findings.filter((finding) => finding.topic === topic).map(({ verdict }) => verdict)

async function query(access: Access, sql: string): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  await connection.query(sql)
  await connection.end()
}

t.test('the machine', async (t) => {
  t.equal(nodeFinding().verdict, 'ok')
  t.match(nodeFinding('20.2.0'), { verdict: 'fail', text: /20\.2\.0; Akart needs \^20\.19\.0 \|\| \^22/u })
  const taken = ['20.19.0', '20.20.2', '21.7.0', '22.9.0', '22.12.0', '23.1.0', '24.0.0', '26.1.0'].filter(
    (version) => nodeFinding(version).verdict === 'ok',
  )
  t.same(taken, ['20.19.0', '20.20.2', '22.12.0', '24.0.0', '26.1.0'])
  t.match(rootFinding(0), { verdict: 'warn', remedy: /as a user of its own/u })
  t.equal(rootFinding(1000).verdict, 'ok')
  t.match((await diskFinding(home)).text, /GB free/u)
  const withRoom = async (room: number) => diskFinding(home, () => Promise.resolve(room))
  t.match(await withRoom(2 ** 30), { verdict: 'warn', text: /^1\.0 GB free/u, remedy: /^make room soon/u })
  t.match(await withRoom(2 ** 27), { verdict: 'fail', remedy: /without it nothing is approved/u })
  t.equal((await withRoom(2 ** 33)).verdict, 'ok')
})

t.test('files that other users can read are named, with the command that corrects it', async (t) => {
  await writeFile(join(home, 'secrets.json'), '{}', { mode: 0o644 })
  const findings = await permissionFindings(home)
  t.same(verdictsOf(findings, 'permissions'), ['ok', 'fail'])
  t.match(findings[1], { text: /secrets\.json has mode 0644: others can read it/u, remedy: /^chmod 0600 / })
  await chmod(join(home, 'secrets.json'), 0o600)
  t.same(verdictsOf(await permissionFindings(home), 'permissions'), ['ok', 'ok'])
})

t.test('certificates: readable, for how long, and keys that others can read', async (t) => {
  const ca = await authority('CN=Test')
  const { cert, key } = await ca.issue('CN=menu')
  const [certificate, keyFile] = [join(home, 'menu.pem'), join(home, 'menu.key')]
  await writeFile(certificate, cert)
  await writeFile(keyFile, key, { mode: 0o644 })
  const file = join(home, 'akart.yaml')
  await writeFile(file, `menu: { tls: { certificate: ${certificate}, key: ${keyFile} } }\n`)
  const config = await readConfig({ file, environment: {} })
  t.match(await certificateFindings(config, Date.now()), [
    { verdict: 'warn', text: /^menu\.tls\.certificate: .* ends on \d{4}-\d\d-\d\d, in 0 days$/u, remedy: /SIGHUP/u },
    { verdict: 'fail', text: /^menu\.tls\.key: everybody can read /u, remedy: /^chmod 0640/u },
  ])
  await chmod(keyFile, 0o640)
  const later = await certificateFindings(config, Date.now() + 48 * HOUR_MS)
  t.match(later, [{ verdict: 'fail', text: /it has ended/u }, { verdict: 'ok' }])
  await writeFile(certificate, 'no certificate')
  t.match((await certificateFindings(config, Date.now()))[0], { verdict: 'fail', text: /holds no certificate/u })
  await rm(certificate)
  t.match((await certificateFindings(config, Date.now()))[0], { verdict: 'fail', text: /ENOENT/u })
})

t.test('the database', async (t) => {
  const access = await testDatabase(t)
  const findings = await databaseFindings(access)
  for (const topic of ['database', 'migrations', 'settings', 'clock', 'time zones']) {
    t.same(verdictsOf(findings, topic), ['ok'], topic)
  }
  await query(access, 'ALTER TABLE stores DROP CONSTRAINT stores_state')
  await query(access, "INSERT INTO stores VALUES ('1', 'A store', 985, 'Mars/Olympus', 'en', 'open')")
  const broken = await databaseFindings(access)
  t.match(
    broken.find(({ topic }) => topic === 'settings'),
    { verdict: 'fail', text: /constraint stores_state/u },
  )
  t.match(
    broken.find(({ topic }) => topic === 'time zones'),
    { verdict: 'fail', text: /^Mars\/Olympus is not known/u },
  )

  const empty = await emptyDatabase(t)
  t.match(
    (await databaseFindings(empty)).find(({ topic }) => topic === 'migrations'),
    { verdict: 'warn', text: /to be applied, the first 0001/u, remedy: 'akart database migrate' },
  )
})

t.test('the user of the database, and its clock', async (t) => {
  const access = await testDatabase(t)
  const root = await openConnection(access, { multipleStatements: false })
  t.teardown(() => root.end())
  const overNetwork = { user: 'root', socketPath: null }
  t.match(await rightsFinding(root, overNetwork), {
    verdict: 'warn',
    text: 'user root may change tables',
    remedy: /akart database grants/u,
  })
  t.equal((await rightsFinding(root, { ...overNetwork, socketPath: '/run/private.sock' })).verdict, 'ok')
  const user = `doctor_${process.pid}`
  await root.query(`CREATE USER ${user}@localhost IDENTIFIED BY 'a-Long_1'`)
  t.teardown(() => root.query(`DROP USER ${user}@localhost`))
  await root.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON \`${access.database}\`.* TO ${user}@localhost`)
  const rows = await openConnection({ ...access, user, password: 'a-Long_1' }, { multipleStatements: false })
  t.match(await rightsFinding(rows, { ...overNetwork, user }), {
    verdict: 'ok',
    text: `user ${user} changes rows, not tables`,
  })
  await rows.end()

  t.equal((await clockFinding(root)).verdict, 'ok')
  await root.query('SET timestamp = UNIX_TIMESTAMP() + 60')
  t.match(await clockFinding(root), { verdict: 'warn', text: /are (?:59|60|61)\d{3} ms apart$/u, remedy: /chrony/u })
})

t.test('all checks run, also after a fault', async (t) => {
  const access = await testDatabase(t)
  process.env['AKART_DATABASE_URL'] = toUrl(access)
  t.teardown(() => void delete process.env['AKART_DATABASE_URL'])
  const broken = join(home, 'broken.yaml')
  await writeFile(broken, 'confirmTimeoutMs: 0\nengine:\n  workers: 0\n')
  const findings = await examine(home, broken)
  t.same(verdictsOf(findings, 'configuration'), ['fail', 'fail'], 'each fault of the file')
  t.same(verdictsOf(findings, 'settings'), ['ok'], 'the database was looked at all the same')

  const nowhere = await examine(join(home, 'nowhere'), undefined)
  t.match(
    nowhere.find(({ topic }) => topic === 'home'),
    { verdict: 'fail', remedy: /akart init/u },
  )
})

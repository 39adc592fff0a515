import t from 'tap'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { openConnection, parseDatabaseUrl, placeOf, toUrl, type Access } from '../../src/db/access.ts'
import { checksum, readMigrationFiles, SQL_DIRECTORY } from '../../src/db/migration-files.ts'
import { makeProgressTable } from '../../src/db/migration-progress.ts'
import { migrate, migrationState, pendingMigrations } from '../../src/db/migrations.ts'
import { splitScript, statementOf } from '../../src/db/sql-script.ts'
import { emptyDatabase } from '../database.ts'

const root = await mkdtemp(join(tmpdir(), 'akart-sql-'))
t.teardown(() => rm(root, { recursive: true, force: true }))

const FIRST = `-- a comment; with a semicolon
CREATE TABLE a (id INT PRIMARY KEY, word VARCHAR(40)) ENGINE = InnoDB;
INSERT INTO a VALUES (1, 'one; two'), (2, 'it''s \\'?\\' -- no comment');
ALTER TABLE a ADD COLUMN more INT NOT NULL DEFAULT 7;
`
const SECOND = 'CREATE TABLE b (id INT PRIMARY KEY) ENGINE = InnoDB;\n'

async function onOwnConnection(access: Access, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  await work(connection)
  await connection.end()
}

t.test('database URLs', async (t) => {
  const access: Access = {
    socketPath: '/run/a b/m.sock',
    host: 'db.example',
    port: 3307,
    user: 'us:er',
    password: 'p@ss/w%rd?',
    database: 'akart_1',
    tls: null,
  }
  t.same(parseDatabaseUrl(toUrl(access)), access)
  const tcp = { ...access, socketPath: null, host: '::1' }
  t.same(parseDatabaseUrl(toUrl(tcp)), tcp)
  t.equal(placeOf(tcp), '::1:3307/akart_1')
  t.match(parseDatabaseUrl('mysql://root@localhost/akart'), { password: '', port: 3306, socketPath: null })
  t.match(parseDatabaseUrl('mysql://u@localhost/d?socket=/run/@x'), { socketPath: '/run/@x' })
  const refused: [string, RegExp][] = [
    ['db.example hunter2', /not a URL/],
    ['postgres://u:hunter2@h/d', /scheme postgres:\/\/ is not known/],
    ['mysql://u:hunter2@h/', /database name must be/],
    ['mysql://u:hunter2@h/a-b', /database name must be/],
    ['mysql://u:hunter2@h/d?sokcet=/x', /parameter sokcet is not known/],
    ['mysql://:hunter2@h/d', /no user/],
    ['mysql://u:hunter2%@h/d', /password is not percent-encoded/],
    ['mysql://u:p@ss/hunter2@h/d', /in user and password write @ as %40, \/ as %2F$/],
    ['mysql://u:hunter2#x@h/d', /write # as %23$/],
    ['mysql://u:hunter2 ?@h:1/d', /write \? as %3F, a space as %20$/],
    ['mysql:///d', /no host and no socket/],
  ]
  for (const [url, message] of refused) {
    t.throws(() => parseDatabaseUrl(url), { name: 'SetUpError', message })
    t.throws(() => parseDatabaseUrl(url), { message: /^(?!.*hunter2)/ })
  }
})

t.test('scripts are cut at the semicolons that end statements, and nowhere else', async (t) => {
  const script = `${FIRST}/* ; */ SELECT "a;\\";b", \`c;d\` # ; \n;\n-- the end;`
  const pieces = splitScript(script)
  t.equal(pieces.join(''), script)
  t.same(
    pieces.map((piece) => statementOf(piece).slice(0, 14)),
    ['CREATE TABLE a', 'INSERT INTO a ', 'ALTER TABLE a ', 'SELECT "a;\\";b', ''],
  )
})

t.test('migrations are applied once, in order, whoever calls', async (t) => {
  const access = await emptyDatabase(t)
  const sql = await directory({ '0001_first.up.sql': FIRST })
  t.same(await pendingMigrations(access, sql), ['0001_first'])
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(access, sql)))
  t.same(
    applied.flatMap((each) => each.applied),
    ['0001_first'],
    'one of four in a race did it',
  )
  t.same(await query(access, 'SELECT word FROM a ORDER BY id'), [
    { word: 'one; two' },
    { word: "it's '?' -- no comment" },
  ])

  await writeFile(join(sql, '0002_second.up.sql'), SECOND)
  await writeFile(join(sql, 'notes.sql'), 'not a migration')
  t.same(await pendingMigrations(access, sql), ['0002_second'])
  await query(access, 'UPDATE knex_migrations_lock SET is_locked = 1')
  t.same(await migrate(access, sql), { applied: ['0002_second'] }, 'a lock that a killed process left is nobody’s')
  t.same(await migrate(access, sql), { applied: [] })
})

t.test('what contradicts the files is refused by name, and changes nothing', async (t) => {
  const access = await emptyDatabase(t)
  const sql = await directory({ '0001_first.up.sql': FIRST, '0002_second.up.sql': SECOND })
  await migrate(access, sql)
  const changed = await directory({
    '0001_first.up.sql': `${FIRST}\n`,
    '0002_second.up.sql': SECOND,
    '0003_third.up.sql': 'CREATE TABLE c (id INT);',
  })
  await t.rejects(migrate(access, changed), {
    name: 'SetUpError',
    message: 'sql/0001_first.up.sql was changed after it was applied: put the change into a new migration',
  })
  const older = await directory({ '0001_first.up.sql': FIRST })
  await t.rejects(migrate(access, older), { message: /^migration 0002_second is in the database, but not in sql\/: / })
  t.same(await query(access, "SHOW TABLES LIKE 'c'"), [])
  const twice = await directory({ '0001_a.up.sql': SECOND, '0001_b.up.sql': SECOND })
  await t.rejects(migrate(access, twice), { message: /two migrations have the number 0001/ })
})

t.test('a release with additive migrations is taken back, one with others is not', async (t) => {
  const access = await emptyDatabase(t)
  const column = 'ALTER TABLE migration_progress ADD COLUMN additive TINYINT NOT NULL DEFAULT 0;\n'
  const old = { '0001_first.up.sql': FIRST, '0002_additive.up.sql': column }
  const added =
    '-- Additive: nobody reads it yet.\nCREATE TABLE d (id INT PRIMARY KEY);\nALTER TABLE d ADD COLUMN e INT NULL;\n'
  const newer = await directory({ ...old, '0003_added.up.sql': added })
  await migrate(access, newer)
  const older = await directory(old)
  t.same(await migrate(access, older), { applied: [] }, 'the version before starts')
  t.match(await migrationState(access, older), { pending: [], wrong: [] })
  t.same(await migrate(access, newer), { applied: [] }, 'and so does the newer one again')
  await migrate(access, await directory({ ...old, '0003_added.up.sql': added, '0004_more.up.sql': SECOND }))
  await t.rejects(migrate(access, older), { message: /^migration 0004_more is in the database, but not in sql\/: / })
  for (const statement of ['DROP TABLE d', 'ALTER TABLE d ADD COLUMN f INT NOT NULL', 'UPDATE d SET id = 1']) {
    const wrong = await directory({ '0001_wrong.up.sql': `-- Additive: not so.\n${statement};\n` })
    await t.rejects(migrate(access, wrong), {
      message: `sql/0001_wrong.up.sql says that it is additive, and has ${statement}`,
    })
  }
})

t.test('a migration that fails goes on with the statement that failed', async (t) => {
  const access = await emptyDatabase(t)
  const wrong = FIRST.replace('ALTER TABLE a ADD COLUMN more', 'ALTER TABLE a ADD COLUMN word')
  const sql = await directory({ '0001_first.up.sql': wrong })
  for (const round of ['first', 'second']) {
    // A duplicate column: it must not be taken for a statement that an earlier run has done.
    await t.rejects(
      migrate(access, sql),
      { message: /0001_first\.up\.sql, statement 3 of 4 \(ALTER TABLE a ADD.*\)/ },
      round,
    )
  }
  t.same(await pendingMigrations(access, sql), ['0001_first'])
  await writeFile(join(sql, '0001_first.up.sql'), FIRST.replace("'one; two'", "'other'"))
  await t.rejects(migrate(access, sql), { message: /stopped after 2 of 4 statements, and one of those was changed/ })
  await writeFile(join(sql, '0001_first.up.sql'), FIRST)
  t.same(await migrate(access, sql), { applied: ['0001_first'] })
  t.same(await query(access, 'SELECT COUNT(*) AS rows_there, SUM(more) AS sum FROM a'), [{ rows_there: 2, sum: '14' }])
})

t.test('killed after any statement, before or after its progress was kept', async (t) => {
  const sql = await directory({ '0001_first.up.sql': FIRST })
  // Each row: what the dead process had done, and how far it had noted it.
  const statements = splitScript(FIRST).map(statementOf)
  const moments = [
    { ran: 0, noted: 0 },
    { ran: 1, noted: 0 },
    { ran: 1, noted: 1 },
    { ran: 2, noted: 2 },
    { ran: 3, noted: 2 },
    { ran: 3, noted: 3 },
  ]
  for (const { ran, noted } of moments) {
    const access = await emptyDatabase(t)
    await onOwnConnection(access, makeProgressTable)
    for (const statement of statements.slice(0, ran)) await query(access, statement)
    const [file] = await readMigrationFiles(sql)
    if (file === undefined) throw new Error('no file')
    await query(
      access,
      `INSERT INTO migration_progress VALUES ('0001_first', ${noted}, 4, 1, '${checksum(file, noted)}')`,
    )
    t.same(await migrate(access, sql), { applied: ['0001_first'] }, `ran ${ran}, noted ${noted}`)
    t.same(await query(access, 'SELECT COUNT(*) AS n, SUM(more) AS sum FROM a'), [{ n: 2, sum: '14' }])
  }
})

t.test('the connections see UTC, READ COMMITTED, strict mode, big integers as text', async (t) => {
  const access = await emptyDatabase(t)
  const rows = await query(
    access,
    "SELECT CAST('2026-11-22 17:30:05' AS DATETIME) AS at, 9007199254740993 AS big, @@time_zone AS zone, @@innodb_lock_wait_timeout AS lock_wait",
  )
  t.same(rows, [{ at: '2026-11-22 17:30:05', big: '9007199254740993', zone: '+00:00', lock_wait: 3 }])
  await query(access, 'CREATE TABLE s (c CHAR(2)) ENGINE = InnoDB')
  await t.rejects(query(access, "INSERT INTO s VALUES ('abc')"), { message: /^Data too long for column 'c'/ })
  const multi = await openConnection(access, { multipleStatements: true })
  t.teardown(() => multi.end())
  const [results] = await multi.query<RowDataPacket[][]>('SELECT 1 AS x; SELECT 2 AS x')
  t.same(results, [[{ x: 1 }], [{ x: 2 }]])
  await t.rejects(
    query(access, 'SELECT 1; SELECT 2'),
    { message: /SQL syntax/ },
    'several statements only where asked for',
  )
})

t.test('the real migrations apply to an empty database', async (t) => {
  const access = await emptyDatabase(t)
  const copy = join(root, 'real')
  await cp(SQL_DIRECTORY, copy, { recursive: true })
  const names = (await readdir(copy)).filter((file) => file.endsWith('.up.sql')).map((file) => file.slice(0, -7))
  t.same((await migrate(access, copy)).applied, names.sort())
})

async function directory(files: Record<string, string>): Promise<string> {
  const path = await mkdtemp(join(root, 'sql-'))
  await mkdir(path, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  return path
}

async function query(access: Access, sql: string): Promise<unknown> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql)
    return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : null
  } finally {
    connection.destroy()
  }
}

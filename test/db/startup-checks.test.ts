import t from 'tap'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConnection } from '../../src/db/access.ts'
import { expectedConstraints } from '../../src/db/expected-constraints.ts'
import { migrate } from '../../src/db/migrations.ts'
import { splitScript } from '../../src/db/sql-script.ts'
import { startupChecks, violatedSettings } from '../../src/db/startup-checks.ts'
import { emptyDatabase, testDatabase } from '../database.ts'
import { startTestServer } from '../server.ts'

const GOOD = {
  transaction_isolation: 'READ-COMMITTED',
  innodb_flush_log_at_trx_commit: '1',
  log_bin: 'OFF',
  sync_binlog: '1',
  innodb_rollback_on_timeout: 'ON',
  innodb_lock_wait_timeout: '3',
  sql_mode: 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
  check_constraint_checks: 'ON',
  idle_transaction_timeout: '5',
  foreign_key_checks: 'ON',
  unique_checks: 'ON',
}

t.test('each setting by itself', async (t) => {
  const { transaction_isolation: isolation, ...rest } = GOOD
  const { check_constraint_checks: _mariadb, idle_transaction_timeout: _either, ...mysql } = GOOD
  const rows: [string, Record<string, string>, string[]][] = [
    ['as it must be', GOOD, []],
    ['the old name of the isolation level', { ...rest, tx_isolation: isolation }, []],
    ['MySQL', mysql, []],
    ['a binlog that is flushed', { ...GOOD, log_bin: 'ON' }, []],
    ['no binlog, so nothing to flush', { ...GOOD, sync_binlog: '0' }, []],
    ['1 s of waiting', { ...GOOD, innodb_lock_wait_timeout: '1' }, []],
    [
      'isolation',
      { ...GOOD, transaction_isolation: 'REPEATABLE-READ' },
      ['transaction_isolation must be READ-COMMITTED; it is REPEATABLE-READ'],
    ],
    ['isolation unknown', rest, ['transaction_isolation must be READ-COMMITTED; this server does not have it']],
    ['flush', { ...GOOD, innodb_flush_log_at_trx_commit: '2' }, ['innodb_flush_log_at_trx_commit must be 1; it is 2']],
    [
      'binlog',
      { ...GOOD, log_bin: 'ON', sync_binlog: '0' },
      ['sync_binlog must be 1, since there is a binlog; it is 0'],
    ],
    [
      'rollback',
      { ...GOOD, innodb_rollback_on_timeout: 'OFF' },
      ['innodb_rollback_on_timeout must be ON (settable only when the server starts); it is OFF'],
    ],
    [
      'long waits',
      { ...GOOD, innodb_lock_wait_timeout: '50' },
      ['innodb_lock_wait_timeout must be 1 to 3 s; it is 50'],
    ],
    [
      'transactions whose client is frozen',
      { ...GOOD, idle_transaction_timeout: '0' },
      ['idle_transaction_timeout must be 1 to 5 s; it is 0'],
    ],
    ['no waits', { ...GOOD, innodb_lock_wait_timeout: '0' }, ['innodb_lock_wait_timeout must be 1 to 3 s; it is 0']],
    [
      'not strict',
      { ...GOOD, sql_mode: '' },
      ['sql_mode must be one with STRICT_ALL_TABLES or STRICT_TRANS_TABLES; it is empty'],
    ],
    ['no CHECKs', { ...GOOD, check_constraint_checks: 'OFF' }, ['check_constraint_checks must be ON; it is OFF']],
    ['no foreign keys', { ...GOOD, foreign_key_checks: 'OFF' }, ['foreign_key_checks must be ON; it is OFF']],
    ['no unique keys', { ...GOOD, unique_checks: '0' }, ['unique_checks must be ON; it is 0']],
    [
      'two at once',
      { ...GOOD, innodb_flush_log_at_trx_commit: '0', innodb_lock_wait_timeout: '50' },
      ['innodb_flush_log_at_trx_commit must be 1; it is 0', 'innodb_lock_wait_timeout must be 1 to 3 s; it is 50'],
    ],
  ]
  for (const [name, variables, wanted] of rows) {
    t.same(violatedSettings(new Map(Object.entries(variables))), wanted, name)
  }
})

t.test('the constraints that the migrations name', async (t) => {
  const script = `
    CREATE TABLE IF NOT EXISTS Card (
      id BIGINT NOT NULL, n VARCHAR(19), b INT COMMENT 'CONSTRAINT no_such CHECK', -- CONSTRAINT nor_this UNIQUE
      PRIMARY KEY (id), UNIQUE KEY \`card_number\` (n), UNIQUE KEY (b), KEY plain (b),
      CONSTRAINT balance_not_negative CHECK (b >= 0), CONSTRAINT CHECK (b < 10),
      CONSTRAINT card_issue FOREIGN KEY (b) REFERENCES issue (id)
    );
    CREATE TABLE gone (id INT, CONSTRAINT gone_check CHECK (id > 0));
    ALTER TABLE card ADD CONSTRAINT late CHECK (b < 9), ADD UNIQUE INDEX late_unique (b, n);
    CREATE UNIQUE INDEX by_index ON card (n, b);
    ALTER TABLE card DROP CONSTRAINT card_issue, DROP INDEX by_index;
    DROP TABLE gone;`
  t.same(
    expectedConstraints([{ name: '0001_x', isAdditive: false, pieces: splitScript(script) }]),
    ['balance_not_negative', 'card_number', 'late', 'late_unique'].map((name) => ({ table: 'card', name })),
  )
})

t.test('a migrated database passes, and each thing taken from it is named', async (t) => {
  const access = await testDatabase(t)
  t.same(await startupChecks(access), [], 'the real migrations')

  const own = await emptyDatabase(t)
  const sql = await mkdtemp(join(tmpdir(), 'akart-checks-'))
  t.teardown(() => rm(sql, { recursive: true, force: true }))
  const first = `CREATE TABLE card (id INT PRIMARY KEY, n INT, b INT, CONSTRAINT not_negative CHECK (b >= 0),
    UNIQUE KEY number_once (n)) ENGINE = InnoDB;`
  await writeFile(join(sql, '0001_card.up.sql'), first)
  t.same(await startupChecks(own, sql), ['migration 0001_card is not applied'], 'a database that was never migrated')
  await migrate(own, sql)
  t.same(await startupChecks(own, sql), [])
  const connection = await openConnection(own, { multipleStatements: false })
  await connection.query('ALTER TABLE card DROP CONSTRAINT not_negative, DROP INDEX number_once')
  await connection.end()
  await writeFile(join(sql, '0001_card.up.sql'), `${first}\n`)
  await writeFile(join(sql, '0002_more.up.sql'), 'CREATE TABLE more (id INT, CONSTRAINT more_check CHECK (id > 0));')
  t.same(await startupChecks(own, sql), [
    'sql/0001_card.up.sql was changed after it was applied: put the change into a new migration',
    'migration 0002_more is not applied',
    'constraint not_negative of table card is missing or not enforced',
    'constraint number_once of table card is missing or not enforced',
  ])
})

t.test('a server with other settings', async (t) => {
  const server = await startTestServer()
  t.teardown(server.stop)
  const connection = await openConnection(server.access, { multipleStatements: false })
  await connection.query('CREATE DATABASE other')
  await connection.query(
    "SET GLOBAL innodb_flush_log_at_trx_commit = 2, tx_isolation = 'REPEATABLE-READ', sql_mode = '', innodb_lock_wait_timeout = 50, check_constraint_checks = OFF",
  )
  await connection.end()
  const access = { ...server.access, database: 'other' }
  await migrate(access)
  t.same(
    await startupChecks(access),
    ['innodb_flush_log_at_trx_commit must be 1; it is 2', 'check_constraint_checks must be ON; it is OFF'],
    'what each of our sessions sets for itself is right whatever the server has',
  )
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { deriveNumberKeys } from '../../src/cards/keys.ts'
import { openConnection } from '../../src/db/access.ts'
import { migrate } from '../../src/db/migrations.ts'
import { openNumberVault } from '../../src/db/pan-keys.ts'
import { deleteNumberKey, insertNumberKey, turnNumberKeys } from '../../src/db/sql/number-keys.ts'
import { rebuildTable } from '../../src/db/rebuild.ts'
import { createDatabase } from '../../src/home/database-server.ts'
import { MAY_BE_SILENT } from '../database.ts'
import { moveAllNumbers } from '../../src/office/move-numbers.ts'
import { productionIn } from '../production.ts'
import { startTestServer } from '../server.ts'

/**
 * After the card numbers have moved to a new key, the file of the table has neither seals nor hashes of the old one:
 * not in pages that InnoDB has freed, and not between the rows of others. This file has its own server, whose files are
 * read.
 */

const CARDS = 1_000
const directory = await mkdtemp(join(tmpdir(), 'akart-rebuild-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const server = await startTestServer()
t.teardown(server.stop)
const access = { ...server.access, database: 'rotated' }
// Servers of tests keep all tables in one file, for speed; here the file of one table is read.
const settings = await openConnection(server.access, { multipleStatements: false })
await settings.query('SET GLOBAL innodb_file_per_table = ON')
await settings.end()
await createDatabase(access)
await migrate(access)
const { keys: old } = await productionIn(access, join(directory, 'secrets.json'), CARDS)
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const rows = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]

async function fileOf(table: string): Promise<Buffer> {
  const [where] = await rows('SELECT @@datadir AS datadir')
  // Writes every page of the table to its file.
  await connection.query(`FLUSH TABLES ${table} FOR EXPORT`)
  const content = await readFile(join(String(where?.['datadir']), access.database, `${table}.ibd`))
  await connection.query('UNLOCK TABLES')
  return content
}

const found = (secrets: readonly Buffer[], file: Buffer): number =>
  secrets.filter((secret) => file.includes(secret)).length

void t.test('nothing of the old key is left in the file of cards', { timeout: 400_000 }, async (t) => {
  const before = await rows('SELECT number_sealed AS seal, number_hash AS hash FROM cards ORDER BY RAND(1) LIMIT 200')
  const seals = before.map(({ seal }) => seal as Buffer)
  const hashes = before.map(({ hash }) => hash as Buffer)
  // Pages that were full once and are free now: rows that had the same seals came and went.
  await connection.query(`INSERT INTO cards
    (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state)
    SELECT id + 100000000, issue_id, serial + 10000000, UNHEX(LEFT(SHA2(number_hash, 256), 32)), number_sealed, first_six, last_four,
      expiry, version, 'inactive' FROM cards`)
  t.equal(found(seals, await fileOf('cards')), seals.length, 'they are found where they are')
  await connection.query('DELETE FROM cards WHERE id >= 100000000')

  const vault = await openNumberVault(access)
  if (vault === null) throw new Error('nobody else has it')
  t.teardown(vault.close)
  await connection.query(insertNumberKey({ id: 2, checkValue: 'abcdef', state: 'incoming' }))
  await connection.query(turnNumberKeys)
  const next = deriveNumberKeys(Buffer.alloc(32, 2), 2)
  const remains: number[] = []
  const behind = await moveAllNumbers({
    vault,
    keys: { ...old, ...next, other: old },
    moved: () => {},
    drop: async () => (await connection.query(deleteNumberKey(1))) !== null,
    clear: async () => {
      const file = await fileOf('cards')
      remains.push(found(seals, file), found(hashes, file))
      return rebuildTable(access, 'cards')
    },
  })
  t.ok(
    remains.length === 2 && remains.every((count) => count > 0),
    `what moving alone leaves: ${remains.join(' seals, ')} hashes`,
  )
  const file = await fileOf('cards')
  t.same([found(seals, file), found(hashes, file)], [0, 0], 'and the rebuild does not')
  t.match(await rows('SELECT COUNT(*) AS cards FROM cards WHERE number_key = 2'), [{ cards: Number }])

  t.equal(behind.binaryLog, false)
  t.equal(behind.position?.name, 'Innodb_lsn_current')
  const [size] = await rows('SELECT @@innodb_log_file_size AS bytes')
  t.equal((behind.position?.until ?? 0) - (behind.position?.now ?? 0), size?.['bytes'])
})

void t.test('a transaction that keeps the table is waited for', async (t) => {
  const other = await openConnection(access, { multipleStatements: false })
  t.teardown(() => other.end())
  await other.query(MAY_BE_SILENT)
  await other.query('BEGIN')
  await other.query('SELECT id FROM cards ORDER BY id LIMIT 1 FOR UPDATE')
  const rebuilt = rebuildTable(access, 'cards')
  const waits = async () =>
    (await rows(`SELECT id FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'`))
      .length > 0
  while (!(await waits())) await rows('SELECT 1')
  await other.query('COMMIT')
  t.ok((await rebuilt).position)
})

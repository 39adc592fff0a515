import t from 'tap'
import { onDatabase } from '../../src/app/on-database.ts'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { testDatabase } from '../database.ts'

t.test('a command works only on tables of its own version, and says so in one line', async (t) => {
  const access = await testDatabase(t)
  process.env['AKART_DATABASE_URL'] = toUrl(access)
  t.teardown(() => void delete process.env['AKART_DATABASE_URL'])
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  const work = () => onDatabase(t.testdirName, async () => 'done')
  t.equal(await work(), 'done')

  const refused = async (change: string, message: RegExp): Promise<void> => {
    await connection.query('BEGIN')
    await connection.query(change)
    await connection.query('COMMIT')
    await t.rejects(work(), { name: 'SetUpError', message })
  }
  await refused(
    "INSERT INTO migration_progress (name, done, pieces, in_doubt, sha256) SELECT '9999_newer', done, pieces, in_doubt, sha256 FROM migration_progress LIMIT 1",
    /^the database is not this Akart's: migration 9999_newer .*a newer akart made it\. Use the version that made it/u,
  )
  await refused(
    "DELETE FROM migration_progress WHERE name IN ('9999_newer', '0013_demo_rounds')",
    /^the database lacks 1 migrations of this version: akart up makes them$/u,
  )
  await refused('DELETE FROM migration_progress', /^the database has not got its tables yet; akart up makes them$/u)
})

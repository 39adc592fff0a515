import t from 'tap'
import { IDLE_TRANSACTION_SECONDS, openConnection } from '../../src/db/access.ts'
import { endIdleTransactions } from '../../src/jobs/idle-transactions.ts'
import { MAY_BE_SILENT, testDatabase } from '../database.ts'

void t.test('a transaction whose client is silent is ended where the server does not do it', async (t) => {
  const access = await testDatabase(t)
  const open = async () => {
    const connection = await openConnection(access, { multipleStatements: false })
    connection.on('error', () => undefined) // it is to be ended
    t.teardown(async () => connection.destroy())
    await connection.query(MAY_BE_SILENT) // as on MySQL
    return connection
  }
  const [silent, idle, looking] = [await open(), await open(), await open()]
  await idle.query('SELECT 1') // silent too, but in no transaction
  await silent.query('BEGIN')
  await silent.query("UPDATE job_slices SET fence = 7 WHERE job = 'expiry'")
  const began = performance.now()

  const ended: number[] = []
  const watchdog = endIdleTransactions({
    access,
    always: true,
    ended: (connections) => void ended.push(...connections),
    trouble: (error) => t.fail(String(error)),
  })
  t.teardown(watchdog.stop)
  const isFree = async (): Promise<boolean> => {
    const [rows] = await looking.query("SELECT fence FROM job_slices WHERE job = 'expiry' FOR UPDATE SKIP LOCKED")
    return (rows as unknown[]).length === 1
  }
  t.equal(await isFree(), false)
  while (!(await isFree())) await new Promise((done) => setTimeout(done, 50))
  const waited = performance.now() - began
  t.ok(waited > (IDLE_TRANSACTION_SECONDS - 1) * 1_000, 'not at once')
  t.comment(`after ${Math.round(waited)} ms`) // for ever if nobody ended it
  t.equal(ended.length, 1)
  await t.rejects(silent.query('COMMIT'))
  t.same((await idle.query('SELECT 1 AS one'))[0], [{ one: 1 }], 'who holds nothing is left alone')
})

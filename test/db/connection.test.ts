import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { isConnectionLost, workerConnection } from '../../src/db/connection.ts'
import { testDatabase } from '../database.ts'

void t.test('the rest of a transaction never runs on another connection', async (t) => {
  const access = await testDatabase(t)
  const worker = workerConnection(access)
  const other = await openConnection(access, { multipleStatements: false })
  t.teardown(async () => {
    await worker.close()
    await other.end()
  })
  await other.query('CREATE TABLE booked (id INT PRIMARY KEY)')
  const booked = async (): Promise<number> => {
    const [rows] = await other.query('SELECT COUNT(*) AS n FROM booked')
    return (rows as { n: number }[])[0]?.n ?? -1
  }

  const [[row] = []] = await worker.send('BEGIN;SELECT CONNECTION_ID()')
  await other.query(`KILL ${Number(row?.[0])}`)
  await sleep(100) // the driver learns of it while no statement is under way
  const lost: unknown = await worker.send('INSERT INTO booked VALUES (1)').then(
    () => null,
    (error: unknown) => error,
  )
  t.ok(lost instanceof Error && isConnectionLost(lost), 'refused, as a connection that was lost')
  t.equal(await booked(), 0)
  await t.rejects(worker.send('INSERT INTO booked VALUES (2);COMMIT'), 'and so is what would commit')
  t.equal(await booked(), 0)

  await worker.rollback()
  await worker.send('BEGIN;SELECT 1')
  await worker.send('INSERT INTO booked VALUES (3);COMMIT')
  t.equal(await booked(), 1, 'after the rollback the whole unit of work goes through')
  await worker.send('INSERT INTO booked VALUES (4)')
  t.equal(await booked(), 2, 'outside a transaction a new connection is as good')
})

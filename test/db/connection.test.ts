import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { ORDINARY, workerConnection } from '../../src/db/connection.ts'
import { isConnectionLost } from '../../src/db/connection-lost.ts'
import { testDatabase } from '../database.ts'
import { databaseProxy } from '../engine/database-proxy.ts'

const ANSWER_WITHIN_MS = 1_500

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

void t.test('a connection that swallows everything is given up, and the next statement has another one', async (t) => {
  const direct = await testDatabase(t)
  const proxy = await databaseProxy(t, direct)
  // Long enough for a busy machine to connect and answer; each time that nothing comes takes as long.
  const worker = workerConnection(proxy.access, { ...ORDINARY, answerWithin: ANSWER_WITHIN_MS })
  t.teardown(worker.close)
  const lost = (statement: string): Promise<unknown> =>
    worker.send(statement).then(
      () => null,
      (error: unknown) => error,
    )

  await worker.send('SELECT 1')
  proxy.swallow()
  const began = performance.now()
  const error = await lost('SELECT 2')
  t.ok(error instanceof Error && isConnectionLost(error), 'as one that broke')
  t.match(error, { message: `the database has not answered for ${ANSWER_WITHIN_MS} ms` })
  t.ok(performance.now() - began >= ANSWER_WITHIN_MS - 1, 'not before its time')
  t.same(await worker.send('SELECT 3'), [[[3]]])

  await worker.send('BEGIN;SELECT 1')
  proxy.swallow()
  t.ok(isConnectionLost(await lost('SELECT 4')))
  t.ok(isConnectionLost(await lost('SELECT 5;COMMIT')), 'the rest of its transaction runs nowhere')
  await worker.rollback()
  t.same(await worker.send('SELECT 6'), [[[6]]])

  proxy.swallow()
  await worker.close()
  t.pass('and nothing waits for it when all is closed')
})

void t.test(
  'a server that takes longer than one packet may, but answers, is not given up by a stalled process',
  async (t) => {
    const worker = workerConnection(await testDatabase(t), { ...ORDINARY, answerWithin: ANSWER_WITHIN_MS })
    t.teardown(worker.close)
    await worker.send('SELECT 1')
    const answer = worker.send('SELECT SLEEP(0.05), 7')
    await new Promise(setImmediate) // it is sent
    // The process stands still: the answer lies in the kernel, and the timer is over its time.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * ANSWER_WITHIN_MS)
    t.same(await answer, [[[0, 7]]])
  },
)

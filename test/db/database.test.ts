import t from 'tap'
import { openDatabase } from '../../src/db/database.ts'
import { testDatabase } from '../database.ts'

void t.test('connections are lent, given back, and bounded', async (t) => {
  const db = openDatabase(await testDatabase(t), { most: 2, acquireTimeoutMs: 10_000 })
  t.teardown(db.stop)
  const ids = await Promise.all(
    Array.from({ length: 20 }, () =>
      db.use(async (connection) => {
        const [[row] = []] = await connection.send('SELECT CONNECTION_ID()')
        return row?.[0]
      }),
    ),
  )
  t.equal(new Set(ids).size, 2)
})

void t.test('what fails in a transaction leaves nothing, and the connection serves the next caller', async (t) => {
  const db = openDatabase(await testDatabase(t), { most: 1, acquireTimeoutMs: 10_000 })
  t.teardown(db.stop)
  await db.use((connection) => connection.send('CREATE TABLE booked (id INT PRIMARY KEY)'))
  await t.rejects(
    db.transaction(async (connection) => {
      await connection.send('INSERT INTO booked VALUES (1)')
      await connection.send('INSERT INTO booked VALUES (1)')
    }),
    /Duplicate entry/u,
  )
  await db.transaction(async (connection) => connection.send('INSERT INTO booked VALUES (2)'))
  const [rows] = await db.use((connection) => connection.send('SELECT id FROM booked'))
  t.same(rows, [[2]])
})

void t.test('a transaction that lost a race is begun again', async (t) => {
  const db = openDatabase(await testDatabase(t), { most: 2, acquireTimeoutMs: 10_000 })
  t.teardown(db.stop)
  let runs = 0
  const result = await db.transaction(async () => {
    runs += 1
    if (runs === 1) throw Object.assign(new Error('deadlock'), { errno: 1213 })
    return 'booked'
  })
  t.equal(result, 'booked')
  t.equal(runs, 2)
})

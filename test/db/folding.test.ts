import t from 'tap'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import type { Access } from '../../src/db/access.ts'
import { workerConnection, type WorkerConnection } from '../../src/db/connection.ts'
import { type Fold, foldOnce, lookAhead } from '../../src/db/folding.ts'
import {
  decodeIds,
  encodeIds,
  insertUnfolded,
  insertUnfoldedBeside,
  isWithoutTransaction,
  selectUnfoldedAge,
} from '../../src/db/sql/unfolded.ts'
import { testDatabase } from '../database.ts'

const MOST = { batches: 10, ids: 1_000 }

/** A consumer that counts what it is given, in its own table. */
const counting: Fold = {
  name: 'counting',
  async fold(connection, { settled, touched }) {
    for (const id of [...settled, ...touched]) {
      await connection.send(
        `INSERT INTO counted (id, times) VALUES (${id}, 1) ON DUPLICATE KEY UPDATE times = times + 1`,
      )
    }
  },
}

async function connectionsTo(
  t: { readonly teardown: (end: () => Promise<void>) => void },
  access: Access,
): Promise<[WorkerConnection, WorkerConnection]> {
  const both: [WorkerConnection, WorkerConnection] = [workerConnection(access), workerConnection(access)]
  t.teardown(async () => {
    for (const one of both) await one.close()
  })
  await both[0].send('CREATE TABLE counted (id BIGINT PRIMARY KEY, times INT NOT NULL)')
  return both
}

const countedIn = async (connection: WorkerConnection): Promise<unknown> =>
  (await connection.send('SELECT id, times FROM counted ORDER BY id'))[0]

t.test('ids are kept as differences', async (t) => {
  t.equal(encodeIds([1_000_007, 1_000_001, 1_000_003, 1_000_003]), '1000001,2,4')
  const ids = fc.uniqueArray(fc.nat({ max: Number.MAX_SAFE_INTEGER }))
  fc.assert(
    fc.property(ids, (all) =>
      isDeepStrictEqual(
        decodeIds(encodeIds(all)),
        [...all].sort((a, b) => a - b),
      ),
    ),
  )
})

t.test('a row of `unfolded` in the packet of its transactions is refused without them', async (t) => {
  const access = await testDatabase(t)
  const [one] = await connectionsTo(t, access)
  const aborted = `BEGIN;ROLLBACK;${insertUnfoldedBeside(2_000_001, { settled: [2_000_001], touched: [] })}`
  const error = await one.send(aborted).then(
    () => null,
    (e: unknown) => e,
  )
  t.ok(isWithoutTransaction(error), 'as after an abort by another node between the two statements')
  t.notOk(isWithoutTransaction(Object.assign(new Error(), { errno: 1048, sqlMessage: "Column 'at' cannot be null" })))
  t.same((await one.send('SELECT COUNT(*) FROM unfolded'))[0], [[0]])
})

t.test('what is folded is gone, in one transaction with what was made of it', async (t) => {
  const access = await testDatabase(t)
  const [one] = await connectionsTo(t, access)
  t.same((await one.send(selectUnfoldedAge))[0], [])
  for (const settled of [[1, 2], [3], [4, 5, 6]]) await one.send(insertUnfolded({ settled, touched: [9] }))
  const [[age] = []] = (await one.send(selectUnfoldedAge))[0] ?? []
  t.ok(Number(age) >= 0 && Number(age) < 60, 'its age is by the clock of the database')

  const failing: Fold = { name: 'failing', fold: async () => Promise.reject(new Error('no')) }
  await t.rejects(foldOnce(one, [counting, failing], MOST), /folding: failing failed/)
  await one.rollback()
  t.same(await countedIn(one), [], 'a consumer that fails takes back what the others did')

  t.same(
    await foldOnce(one, [counting], { batches: 10, ids: 4 }),
    { batches: 1, ids: 3, isMore: true },
    'bounded by ids',
  )
  t.same(
    await foldOnce(one, [counting], { batches: 1, ids: 4 }),
    { batches: 1, ids: 2, isMore: true },
    'and by batches',
  )
  t.same(await foldOnce(one, [counting], MOST), { batches: 1, ids: 4, isMore: false })
  t.same(await foldOnce(one, [counting], MOST), { batches: 0, ids: 0, isMore: false })
  t.same(await countedIn(one), [
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 1],
    [5, 1],
    [6, 1],
    [9, 3],
  ])
})

t.test('how many requests come at once is told by the newest batches, while they are new', async (t) => {
  const access = await testDatabase(t)
  const [one] = await connectionsTo(t, access)
  const sizeOf = async (connection: WorkerConnection): Promise<number> => (await lookAhead(connection)).sizeOfNewest
  t.equal(await sizeOf(one), 0)
  await one.send(insertUnfolded({ settled: Array.from({ length: 90 }, (_, i) => i + 1), touched: [] }))
  for (let i = 0; i < 4; i++) await one.send(insertUnfolded({ settled: [100 + i, 200 + i], touched: [1] }))
  t.equal(await sizeOf(one), (90 + 4 * 3) / 5)
  for (let i = 0; i < 8; i++) await one.send(insertUnfolded({ settled: [300 + i], touched: [] }))
  t.equal(await sizeOf(one), 1, 'older ones do not count')
  await one.send('UPDATE unfolded SET at = at - INTERVAL 2 SECOND')
  t.equal(await sizeOf(one), 0)
})

t.test('what is from before a migration is seen by a process that has found nothing of it', async (t) => {
  const access = await testDatabase(t)
  const [one] = await connectionsTo(t, access)
  const isLeft = async (): Promise<boolean> => (await lookAhead(one)).isBackfillLeft
  await one.send('UPDATE backfills SET next_id = until_id')
  t.equal(await isLeft(), false)
  await one.send("UPDATE backfills SET until_id = until_id + 1 WHERE name = 'reports'")
  t.equal(await isLeft(), true)
  await one.send("UPDATE backfills SET next_id = until_id WHERE name = 'reports'")
  t.equal(await isLeft(), false)
})

t.test('two processes: one folds at a time, and what the killed one had in hand is folded by the other', async (t) => {
  const access = await testDatabase(t)
  const [one, other] = await connectionsTo(t, access)
  await one.send(insertUnfolded({ settled: [1, 2], touched: [] }))
  let seen: unknown = 'not asked'
  const interrupted: Fold = {
    name: 'interrupted',
    async fold(connection) {
      await connection.send('INSERT INTO counted (id, times) VALUES (1, 1)')
      seen = await foldOnce(other, [counting], MOST)
      throw new Error('killed')
    },
  }
  await t.rejects(foldOnce(one, [interrupted], MOST), /interrupted/)
  t.equal(seen, null, 'the other finds it taken')
  await one.close() // as its death would: the server rolls back
  let folded = await foldOnce(other, [counting], MOST)
  while (folded === null) folded = await foldOnce(other, [counting], MOST)
  t.same(folded, { batches: 1, ids: 2, isMore: false })
  t.same(await countedIn(other), [
    [1, 1],
    [2, 1],
  ])
})

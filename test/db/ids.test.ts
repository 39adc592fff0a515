import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { openConnection } from '../../src/db/access.ts'
import { createIds, takeIds } from '../../src/db/ids.ts'
import { testDatabase } from '../database.ts'

const access = await testDatabase(t)
const never = (error: unknown): void => {
  throw error
}

t.test('unique over all processes, rising in each', async (t) => {
  const processes = await Promise.all([createIds(access, never), createIds(access, never), createIds(access, never)])
  const given = new Set<number>()
  const last = processes.map(() => 1_000_000) // the first million are accounts
  for (let i = 0; i < 1_000; i++) {
    for (const [p, ids] of processes.entries()) {
      const id = ids.next() ?? 0
      if (id <= (last[p] ?? 0) || given.has(id)) throw new Error(`${id} after ${last[p]}`)
      last[p] = id
      given.add(id)
    }
  }
  t.equal(given.size, 3_000)
  await Promise.all(processes.map((ids) => ids.stop()))
})

t.test('a block is followed by the next one; without a database there is none, and then there is again', async (t) => {
  const troubles: unknown[] = []
  const ids = await createIds(access, (error) => troubles.push(error))
  const connection = await openConnection(access, { multipleStatements: false })
  const takeAll = (): number => {
    let taken = 0
    while (ids.next() !== null) taken += 1
    return taken
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(1)
  }

  t.equal(takeAll(), 50_000, 'one block, while the next is on its way')
  let next: number | null = null
  await until(() => (next ??= ids.next()) !== null)
  t.ok(next !== null, 'the next one has come')

  await connection.query('RENAME TABLE id_blocks TO id_blocks_away')
  takeAll()
  await until(() => troubles.length > 0)
  t.match(troubles[0], { errno: 1146 })
  takeAll()
  t.equal(ids.next(), null, 'nothing is given out that could be somebody else’s')
  await connection.query('RENAME TABLE id_blocks_away TO id_blocks')
  next = null
  await until(() => (next ??= ids.next()) !== null)
  t.ok(next !== null, 'the database is back')
  await ids.stop()
  await connection.end()
})

t.test('accounts have a series of their own', async (t) => {
  const first = await takeIds(access, 'account', 3)
  t.equal(await takeIds(access, 'account', 1), first + 3)
  t.ok(first < 1_000_000)
})

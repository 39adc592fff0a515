import t from 'tap'
import type { Access } from '../../src/db/access.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { chainOnce, type Head, walkChain } from '../../src/db/audit-chain.ts'
import { workerConnection, type WorkerConnection } from '../../src/db/connection.ts'
import { selectUnchainedAge } from '../../src/db/sql/audit-chain.ts'
import type { AuditRow } from '../../src/db/sql/audit.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import { startAuditChain } from '../../src/jobs/audit-chain.ts'
import { testDatabase } from '../database.ts'

const KEY = Buffer.alloc(32, 7)
const MOST = 500

const audited = (id: number): AuditRow => ({
  id,
  at: Date.now(),
  who: 'ola',
  channel: 'menu',
  action: 'cards.adjust',
  object: { kind: 'card', id: String(id) },
  store: id % 2 === 0 ? null : '000000000000001',
  outcome: 'done',
  details: { amount: id, reason: 'zażółć' },
})

const write = (access: Access, ...ids: readonly number[]): Promise<void> =>
  unitOfWork(access, (connection) => writeAudit(connection, ...ids.map(audited)))

type Teardown = { readonly teardown: (end: () => Promise<void>) => void }

function connect(t: Teardown, access: Access): WorkerConnection {
  const connection = workerConnection(access)
  t.teardown(connection.close)
  return connection
}

const chained = async (connection: WorkerConnection): Promise<unknown> =>
  (await connection.send('SELECT seq, audit_id FROM audit_chain ORDER BY seq'))[0]

t.test('rows are appended once, whatever the order of their ids, and the chain verifies', async (t) => {
  const access = await testDatabase(t)
  const connection = connect(t, access)
  await write(access, 2_000_005)
  t.match(await chainOnce(connection, KEY, MOST), { appended: 1, head: { seq: 1 } })
  await write(access, 2_000_001, 2_000_009)
  await write(access, 2_000_002)
  t.ok(Number((await connection.send(selectUnchainedAge))[0]?.[0]?.[0]) >= 0)
  const last = await chainOnce(connection, KEY, MOST)
  t.match(last, { appended: 3, head: { seq: 4 } })
  t.same((await connection.send(selectUnchainedAge))[0], [])
  t.match(await chainOnce(connection, KEY, MOST), { appended: 0, head: last?.head ?? null })
  t.same(await chained(connection), [
    [1, 2_000_005],
    [2, 2_000_001],
    [3, 2_000_002],
    [4, 2_000_009],
  ])
  t.same(await walkChain(connection, KEY, last?.head ?? null), { head: last?.head, faults: [] })
  const { faults } = await walkChain(connection, Buffer.alloc(32, 8), null)
  t.equal(faults.length, 4, 'nobody makes the hashes without the key')
})

t.test('changes by somebody with access to the database are detected', async (t) => {
  const access = await testDatabase(t)
  const connection = connect(t, access)
  await write(access, 1, 2, 3, 4, 5)
  const head = (await chainOnce(connection, KEY, MOST))?.head ?? null
  const attacks: [string, string, string[]][] = [
    [
      'a row is changed',
      "UPDATE audit SET who = 'jan' WHERE id = 3",
      ['audit row 3 or the chain before 3 is not what was written'],
    ],
    [
      'its time alone',
      "UPDATE audit SET at = '2026-01-01' WHERE id = 2",
      ['audit row 2 or the chain before 2 is not what was written'],
    ],
    ['a row is removed', 'DELETE FROM audit WHERE id = 4', ['audit row 4 is gone; the chain has it at 4']],
    [
      'with its link',
      'DELETE FROM audit WHERE id = 4; DELETE FROM audit_chain WHERE audit_id = 4',
      ['chain: 4 to 4 are missing', 'audit row 5 or the chain before 5 is not what was written'],
    ],
    [
      'two rows change places',
      'UPDATE audit_chain SET audit_id = 9 WHERE seq = 2; UPDATE audit_chain SET audit_id = 2 WHERE seq = 3; UPDATE audit_chain SET audit_id = 3 WHERE seq = 2',
      [
        'audit row 3 or the chain before 2 is not what was written',
        'audit row 2 or the chain before 3 is not what was written',
      ],
    ],
    [
      'the tail is cut',
      'DELETE FROM audit WHERE id = 5; DELETE FROM audit_chain WHERE audit_id = 5',
      ['the chain ends at 4; this home has seen it at 5'],
    ],
    [
      'the whole chain is gone',
      'DELETE FROM audit; DELETE FROM audit_chain',
      ['the chain ends at 0; this home has seen it at 5'],
    ],
  ]
  for (const [title, attack, expected] of attacks) {
    await connection.send('BEGIN')
    for (const statement of attack.split(';')) await connection.send(statement)
    t.same((await walkChain(connection, KEY, head)).faults, expected, title)
    await connection.rollback()
  }
  const other: Head = { seq: 3, hash: 'a'.repeat(64) }
  t.same((await walkChain(connection, KEY, other)).faults, ['the chain at 3 is not the one that this home has seen'])
})

t.test('killed at each step: nothing is done, nothing is lost, and the other goes on', async (t) => {
  const access = await testDatabase(t)
  const other = connect(t, access)
  for (let step = 1; step <= 4; step++) {
    await write(access, step * 10, step * 10 + 1)
    const dying = workerConnection(access)
    let sent = 0
    const killed: WorkerConnection = {
      ...dying,
      async send(sql) {
        if (++sent === step) {
          await dying.close() // as the death of its process would: the server rolls back
          throw new Error('killed')
        }
        return dying.send(sql)
      },
    }
    await t.rejects(chainOnce(killed, KEY, MOST), /killed/, `at step ${step}`)
    // The server frees what the dead one held when it has noticed its death.
    let done = await chainOnce(other, KEY, MOST)
    while (done === null) done = await chainOnce(other, KEY, MOST)
    t.match(done, { appended: 2 }, `the other takes over after step ${step}`)
  }
  t.match(await walkChain(other, KEY, null), { head: { seq: 8 }, faults: [] })
})

t.test('two processes chain beside each other', async (t) => {
  const access = await testDatabase(t)
  const connection = connect(t, access)
  const heads: Head[] = []
  const trouble = (error: unknown): void => void t.fail(String(error))
  const processes = [1, 2].map(() =>
    startAuditChain({
      access,
      key: () => KEY,
      seen: () => Promise.resolve(heads.at(-1) ?? null),
      grown: (head) => void heads.push(head),
      cut: ({ seq }) => Promise.reject(new Error(`cut at ${seq}`)),
      trouble,
    }),
  )
  for (let i = 1; i <= 40; i++) await write(access, i * 3, i * 3 + 1)
  const waits = async (): Promise<boolean> =>
    ((await connection.send('SELECT 1 FROM audit_unchained LIMIT 1'))[0] ?? []).length > 0
  while (await waits()) await new Promise((resolve) => setTimeout(resolve, 20))
  for (const one of processes) await one.stop()
  t.match(await walkChain(connection, KEY, heads.at(-1) ?? null), { head: { seq: 80 }, faults: [] })
})

t.test('a cut tail stays seen when the chain grows again: the kept head is not overwritten', async (t) => {
  const access = await testDatabase(t)
  const connection = connect(t, access)
  await write(access, 1, 2, 3)
  let kept = (await chainOnce(connection, KEY, MOST))?.head ?? null
  const seen = kept
  await connection.send('DELETE FROM audit_chain WHERE seq = 3')
  await connection.send('DELETE FROM audit WHERE id = 3')
  await write(access, 4, 5)
  const cut = await new Promise<Head>((resolve, reject) => {
    const job = startAuditChain({
      access,
      key: () => KEY,
      seen: () => Promise.resolve(kept),
      grown: (head) => void (kept = head),
      cut: (head) => Promise.resolve(resolve(head)),
      trouble: reject,
    })
    t.teardown(job.stop)
  })
  t.same(cut, seen)
  t.same(kept, seen, 'the head that was seen is kept')
  t.match(await walkChain(connection, KEY, kept), {
    head: { seq: 4 },
    faults: ['the chain at 3 is not the one that this home has seen'],
  })
})

import t from 'tap'
import { writeAudit } from '../../src/db/audit.ts'
import { onConnection, unitOfWork } from '../../src/db/unit-of-work.ts'
import type { AuditRow } from '../../src/db/sql/audit.ts'
import { testDatabase } from '../database.ts'

const ROW: AuditRow = {
  id: 2_000_001,
  at: Date.UTC(2026, 10, 29, 12, 0, 0, 7),
  who: 'jan',
  channel: 'menu',
  action: 'cards.block',
  object: { kind: 'card', id: '1000001' },
  store: null,
  outcome: 'done',
  details: { kind: 'lost', reason: "the customer's wish: „zgubiona”" },
}

t.test('an audit row stands and falls with the transaction that it tells of', async (t) => {
  const access = await testDatabase(t)
  await unitOfWork(access, (connection) =>
    writeAudit(connection, ROW, { ...ROW, id: 2_000_002, store: '000000000000001' }),
  )
  const undone = unitOfWork(access, async (connection) => {
    await writeAudit(connection, { ...ROW, id: 2_000_003 })
    throw new Error('the change itself failed')
  })
  await t.rejects(undone, /the change itself failed/)
  await onConnection(access, async (connection) => {
    const [rows = []] = await connection.send('SELECT id, at, who, store_code, details FROM audit ORDER BY id')
    t.same(rows, [
      [2_000_001, '2026-11-29 12:00:00.007', 'jan', null, JSON.stringify(ROW.details)],
      [2_000_002, '2026-11-29 12:00:00.007', 'jan', '000000000000001', JSON.stringify(ROW.details)],
    ])
    const [unchained = []] = await connection.send('SELECT audit_id FROM audit_unchained ORDER BY audit_id')
    t.same(unchained, [[2_000_001], [2_000_002]], 'both wait for the chain')
  })
})

t.test('details that do not fit are refused before the database cuts or refuses them', async (t) => {
  const access = await testDatabase(t)
  const long = unitOfWork(access, (connection) =>
    writeAudit(connection, { ...ROW, details: { list: 'x'.repeat(4_001) } }),
  )
  await t.rejects(long, /details of an audit row \(cards.block\)/)
})

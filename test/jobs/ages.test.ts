import t from 'tap'
import { watchAges } from '../../src/jobs/ages.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { WAITING } from '../../src/db/sql/ages.ts'
import { insertUnfolded } from '../../src/db/sql/unfolded.ts'
import { onConnection, unitOfWork } from '../../src/db/unit-of-work.ts'
import { testDatabase } from '../database.ts'

/** Writes something that has waited for so many seconds. */
const OLD: Readonly<Record<string, (seconds: number) => string[]>> = {
  projection: (seconds) => [
    insertUnfolded({ settled: [1], touched: [] }),
    `UPDATE unfolded SET at = CURRENT_TIMESTAMP(3) - INTERVAL ${seconds} SECOND`,
  ],
  audit_chain: (seconds) => [`UPDATE audit SET at = CURRENT_TIMESTAMP(3) - INTERVAL ${seconds} SECOND`],
  upstream_saf: (seconds) => [
    "INSERT INTO routed (id, upstream, confirms, card, stan, transmitted) VALUES (1, 'partner', 0, '', 1, 1)",
    `INSERT INTO owed (transaction_id, kind, upstream, waiting_for, owed_since, due_at)
     VALUES (1, 420, 'partner', 'partner', CURRENT_TIMESTAMP(3) - INTERVAL ${seconds} SECOND, CURRENT_TIMESTAMP(3))`,
  ],
  webhook_send: (seconds) => [
    "SET SESSION foreign_key_checks = 0; INSERT INTO webhook_endpoints (id, shop_code, url, events, state, salt, created_at) VALUES (1, 'WEB', '', '', 'active', REPEAT('s', 16), NOW())",
    `SET SESSION foreign_key_checks = 0; INSERT INTO webhook_deliveries (endpoint_id, event_id, state, due_at, made_at)
     VALUES (1, 1, 'waiting', CURRENT_TIMESTAMP(3) - INTERVAL ${seconds} SECOND, CURRENT_TIMESTAMP(3))`,
  ],
  webhook_delivery: (seconds) => [
    `SET SESSION foreign_key_checks = 0; INSERT INTO webhook_deliveries (endpoint_id, event_id, state, made_at)
     VALUES (1, 2, 'waiting', CURRENT_TIMESTAMP(3) - INTERVAL ${seconds} SECOND)`,
  ],
}

t.test('waiting rows have an age, and above the alert value it is reported once', async (t) => {
  const access = await testDatabase(t)
  const ages = new Map<string, number>()
  const alerts: string[] = []
  const look = async (): Promise<void> => {
    ages.clear()
    const looking = watchAges({
      access,
      seen: ({ name }, seconds) => ages.set(name, seconds),
      alert: ({ name }) => alerts.push(name),
      trouble: (error) => t.fail(String(error)),
    })
    while (ages.size < WAITING.length) await new Promise((resolve) => setTimeout(resolve, 10))
    await looking.stop()
  }
  await look()
  t.same(
    [...ages],
    WAITING.map(({ name }) => [name, 0]),
    'nothing waits',
  )
  await unitOfWork(access, (connection) =>
    writeAudit(connection, {
      id: 1,
      at: Date.now(),
      who: 'ola',
      channel: 'menu',
      action: 'a.b',
      object: { kind: 'a', id: '1' },
      store: null,
      outcome: 'done',
      details: {},
    }),
  )
  for (const { name, alertSeconds } of WAITING) {
    for (const statement of OLD[name]?.(alertSeconds + 30) ?? [])
      await onConnection(access, (one) => one.send(statement))
  }
  await look()
  for (const { name, alertSeconds } of WAITING) {
    const age = ages.get(name) ?? 0
    t.ok(age >= alertSeconds + 30 && age < alertSeconds + 60, `${name} is ${age} s old`)
  }
  t.same(
    alerts,
    WAITING.map(({ name }) => name),
  )
})

import t from 'tap'
import { auditCommand } from '../../src/cli/audit.ts'
import { chainOnce, NO_HEAD } from '../../src/db/audit-chain.ts'
import { onConnection, unitOfWork } from '../../src/db/unit-of-work.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { readAnchor, writeAnchor } from '../../src/home/audit-anchor.ts'
import { verifyAudit } from '../../src/office/audit-verification.ts'
import { openOffice } from '../../src/office/open-office.ts'
import { openLog } from '../../src/log.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { engineSetting } from '../engine/engine-setting.ts'

const setting = await engineSetting(t)
const { access, connection } = setting
const keys = deriveCardKeys(DEMO_MASTER)
const { office, close } = await openOffice(access, {
  keys: () => keys,
  masters: () => Promise.reject(new Error('not asked for')),
  timeZone: 'Europe/Warsaw',
  demo: true,
  makers: [],
  log: openLog({ level: 'silent', file: null }),
  clock: Date.now,
})
t.teardown(close)
const ola = { login: 'ola', name: 'ola', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' } as const

const faults = async (): Promise<readonly string[]> => {
  const report = await verifyAudit(office, ola, null)
  if (isRefused(report)) throw new Error('refused')
  return report.faults
}

t.test('a row that is not chained in time, or does not wait, and a change without its row are faults', async (t) => {
  t.equal(auditCommand.command, 'audit <action>')
  const row = {
    id: setting.nextId(), at: Date.now(), who: 'ola', channel: 'cli', action: 'stores.changed',
    object: { kind: 'store', id: '000000000000001' }, store: '000000000000001', outcome: 'done', details: {},
  } as const // prettier-ignore
  await unitOfWork(access, (one) => writeAudit(one, row, { ...row, id: row.id + 1 }))
  t.same(await faults(), [], 'they have just been written')
  await connection.query('UPDATE audit SET at = at - INTERVAL 61 SECOND WHERE id = ?', [row.id])
  await connection.query('DELETE FROM audit_unchained WHERE audit_id = ?', [row.id + 1])
  const [late, strayed, ...none] = await faults()
  t.match(late, new RegExp(`audit row ${row.id} has waited for the chain for 6\\d s`))
  t.equal(strayed, `audit row ${row.id + 1} is not in the chain and does not wait for it`)
  t.same(none, [])

  await connection.query('INSERT INTO audit_unchained VALUES (?)', [row.id + 1])
  await onConnection(access, (one) => chainOnce(one, keys.audit, 10))
  t.same(await faults(), [])
  await connection.query(
    "INSERT INTO registry_changes (id, at, who, action, store_code, detail) VALUES (1, UTC_TIMESTAMP(3), 'jan', 'changed', '000000000000001', 'state open → closed')",
  )
  t.same(await faults(), ['registry_changes 1 of jan has no audit row'])
  const [card] = await setting.newCards(1)
  if (card === undefined) return
  const engine = setting.engine()
  const block = setting.request(
    { ...setting.operation('block', card, 0), amount: null, contra: null, block: 'lost' },
    { kind: 9003, terminal: 'OFFICE', stan: 1, confirmation: 'none' },
  )
  const { row: blocked } = await engine.submit({ ...block, requester: { channel: 'cli', who: 'jan' } })
  await engine.stop()
  t.same(await faults(), [
    'registry_changes 1 of jan has no audit row',
    `transactions ${blocked?.id} of jan has no audit row`,
  ])
})

t.test('who may not see the audit may not prove it', async (t) => {
  t.match(await verifyAudit(office, { ...ola, rights: new Map() }, null), { refused: 'right_missing' })
})

t.test('the head is kept beside the database', async (t) => {
  const home = t.testdir()
  t.equal(await readAnchor(home), null)
  await writeAnchor(home, { ...NO_HEAD, seq: 7 })
  t.same(await readAnchor(home), { ...NO_HEAD, seq: 7 })
  const broken = t.testdir({ 'audit-head.json': '{"seq":"7"}' })
  await t.rejects(readAnchor(broken), /is not the head of a chain/)
})

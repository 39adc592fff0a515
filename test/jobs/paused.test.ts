import { spawn } from 'node:child_process'
import { once as onceEvent } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { KIND, stageKey } from '../../src/core/key.ts'
import { toUrl } from '../../src/db/access.ts'
import { REPORT_SUMS } from '../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { openAccount } from '../../src/db/accounts.ts'
import { insertBatch } from '../../src/db/sql/staged.ts'
import { bookStaged } from '../../src/db/staged-batches.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import { expireOverdue, expiryClock } from '../../src/office/expiry.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { addSchedule } from '../../src/office/reports/schedules.ts'
import { engineSetting } from '../engine/engine-setting.ts'
import { mailServer } from '../mail-server.ts'
import { ok, person } from '../office/test-office.ts'
import { tinyHost, wellBehaved } from '../upstreams/tiny-host.ts'
import { once, PLN } from '../web/api-setting.ts'
import { receiver, webhookSetting } from '../web/webhook-setting.ts'
import { holdingProxy } from './holding-proxy.ts'
import { routedPayments } from './routed-payments.ts'
import { HOST, MAIL_DOMAIN, startSendingJobs } from './sending-jobs.ts'

/*
 * A process is paused (SIGSTOP) when each of its jobs is about to send or to book, for longer than their leases. Another
 * process does the work in the meantime. When the first one continues (SIGCONT), nothing is sent or booked a second time.
 */

const PROCESS = fileURLToPath(new URL('paused-process.js', import.meta.url))
const web = await webhookSetting(t)
const { office } = web
const { access } = office.db
const setting = await engineSetting(t, access)
const { connection, operation, request } = setting
const engine = setting.engine()
t.teardown(engine.stop)
const routed = await routedPayments(setting, engine, [HOST])
const [host, mail, hook] = [await tinyHost(t, wellBehaved), await mailServer(t), await receiver(t)]

const rows = async (sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> =>
  (await connection.query<RowDataPacket[]>(sql, [...values]))[0]
let stan = 0
const till = (ask: Parameters<typeof request>[0]) =>
  request(ask, { kind: KIND.financial, terminal: 'TILL', stan: ++stan, confirmation: 'none' })

async function soldCards(count: number): Promise<readonly number[]> {
  const cards = await setting.newCards(count)
  for (const card of cards) await engine.submit(till(operation('sale', card, 10_000)))
  return cards.map(({ id }) => id)
}

/** A batch of loads, staged; the function books it. */
async function stagedBatch(cards: readonly number[]): Promise<() => Promise<unknown>> {
  const id = setting.nextId()
  const account = await openAccount(access, 'counterparty_receivable', 'ACME', 985)
  await connection.query(insertBatch({ id, operation: 'welfare_load', account, loads: cards.length }))
  const found = await rows('SELECT id, HEX(number_hash) AS hash FROM cards WHERE id IN (?)', [cards])
  for (const [i, row] of found.entries()) {
    const card = { id: Number(row['id']), numberHash: String(row['hash']).toLowerCase() }
    const load = operation('welfare_load', card, 5_000)
    const ask = till({ act: 'stage', batchId: id, line: i + 1, load, dry: false })
    const { result } = await engine.submit({ ...ask, key: stageKey(id, i + 1), requester: { channel: 'job', who: 'welfare' } }) // prettier-ignore
    if (result !== 'approved') throw new Error(result)
  }
  const booking = { at: Date.now(), businessDate: '2026-11-22', channel: 'menu', who: 'ola' } as const
  return () => unitOfWork(access, (one) => bookStaged(one, id, booking))
}

/** Due once, now. */
async function dueSchedule(): Promise<void> {
  const onDay = (new Date().getUTCDate() + 13) % 28 || 28
  const wish = {
    name: 'For the books', report: 'activity', stores: null, issues: null, rhythm: 'monthly', onDay, at: '06:00', zoneOf: null,
    format: 'csv', preset: 'pl', language: 'pl', place: 'mail', target: `books@${MAIL_DOMAIN}`,
  } as const // prettier-ignore
  const { id } = await ok(addSchedule(office, person('ola'), wish, { directories: [], mailDomains: [MAIL_DOMAIN] }))
  await connection.query('UPDATE report_schedules SET next_at = UTC_TIMESTAMP(3) WHERE id = ?', [id])
}

/** The points at which the jobs are paused: the statements whose answers the process does not receive until it continues. */
const PLACES = {
  'a report that is to be mailed': ['UPDATE report_runs SET file', 'COMMIT'],
  'cards that are to be expired': ['ORDER BY c.valid_until', 'UPDATE job_slices SET fence'],
  'a reversal that is to be sent to a host': ['UPDATE owed SET tries'],
  'webhooks that are to be sent': ['AND d.event_id NOT IN ('],
  'loads that are to be applied': ["WHERE job = 'staged_loads'"],
} as const
const NAMES = Object.keys(PLACES) as (keyof typeof PLACES)[]
/** The first log message of each job when it finds that it has lost its lease. */
const GIVES_UP = [
  'ROLLBACK',
  "SET owner = NULL, leased_until = '2000-01-01' WHERE job = 'expiry'",
  'UPDATE upstream_queues SET fence',
  'UPDATE webhook_endpoints SET owner = NULL',
  "SET owner = NULL, leased_until = '2000-01-01' WHERE job = 'staged_loads'",
] as const

const OPEN = `SELECT (SELECT COUNT(*) FROM owed WHERE waiting_for IS NOT NULL)
  + (SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting') + (SELECT COUNT(*) FROM staged_loads)
  + (SELECT COUNT(*) FROM report_runs WHERE state = 'waiting') + (SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')) AS n`

t.test('a process that was paused past its leases sends and books nothing', { timeout: 400_000 }, async (t) => {
  const shop = await web.shop('PAUSED')
  await shop.call('POST', '/webhook-endpoints', { url: hook.url })
  const paying = [web.card(), web.card()]
  for (const card of [...paying, ...paying]) await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, once())
  const [loaded, overdue] = [await soldCards(3), await soldCards(3)]
  const book = await stagedBatch(loaded)
  await connection.query("UPDATE cards SET valid_until = '2026-01-31' WHERE id IN (?)", [overdue])
  const expiring = (await rows("SELECT id FROM cards WHERE state = 'sold' AND valid_until < UTC_DATE()")).length
  await dueSchedule()

  const proxy = await holdingProxy(access, PLACES)
  t.teardown(proxy.stop)
  const url = toUrl(proxy.access)
  const child = spawn(process.execPath, [PROCESS, url, String(host.port), String(mail.port)], { stdio: ['ignore', 'inherit', 'inherit'] }) // prettier-ignore
  const exited = onceEvent(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  // Those that wait longest for an answer first, so that all of them wait at the same time.
  await proxy.reached('a report that is to be mailed')
  await proxy.reached('cards that are to be expired')
  const [owed = 0] = await routed.silent(HOST, 1)
  await book()
  await web.fold(SEARCH_ROWS, REPORT_SUMS)
  while (!proxy.areHeld(NAMES)) for (const name of NAMES) await proxy.reached(name)
  child.kill('SIGSTOP')
  t.ok(proxy.areHeld(NAMES), 'it is paused with all of them')
  t.same([host.heard.filter(({ mti }) => mti.startsWith('04')).length, hook.all.length, mail.received.length], [0, 0, 0], 'and has sent nothing') // prettier-ignore

  startSendingJobs(t, office, { hostPort: host.port, send: mail.send, trouble: (error) => t.fail(String(error)) })
  const today = expiryClock(office, Date.now()).slice(0, 10)
  while ((await expireOverdue(office, today)) === null) await sleep(50)
  while (Number((await rows(OPEN))[0]?.['n']) > 0) await sleep(50)

  // The answers are waiting when the process continues, so no time-out of its own interferes.
  proxy.release()
  child.kill('SIGCONT')
  for (const text of GIVES_UP) await proxy.said(text)

  const told = host.heard.filter(({ mti }) => mti.startsWith('04')).map(({ mti }) => mti)
  t.same(told, ['0421'], 'the host heard of the reversal once, as of one that it may have heard of')
  t.match(await rows('SELECT state, tries FROM owed WHERE transaction_id = ?', [owed]), [{ state: 'acknowledged', tries: 2 }]) // prettier-ignore
  const made = await rows('SELECT COUNT(*) AS n FROM shop_events')
  t.equal(hook.all.length, Number(made[0]?.['n']), 'each webhook was sent')
  t.equal(new Set(hook.all.map(({ id }) => id)).size, hook.all.length, 'and once')
  t.equal(mail.received.length, 1, 'the report was mailed once')
  t.match(await rows('SELECT state, tries FROM report_runs'), [{ state: 'done', tries: 1 }])
  const loads = await rows("SELECT COUNT(*) AS n FROM transactions WHERE operation = 'welfare_load' AND result = 'approved'") // prettier-ignore
  t.equal(Number(loads[0]?.['n']), loaded.length, 'each load was booked once')
  const expired = await rows(
    "SELECT COUNT(*) AS n FROM transactions WHERE operation = 'expiry' AND result = 'approved'",
  )
  t.equal(Number(expired[0]?.['n']), expiring, 'each card expired once')
  t.same((await verifyLedger(access)).faults, [], 'the books agree')
  t.equal(child.exitCode, null, 'and the process goes on')
})

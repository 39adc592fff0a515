import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Delivery, startStoreAndForward } from '../../src/jobs/store-and-forward.ts'
import { settleUnanswered } from '../../src/jobs/unanswered.ts'
import { openSafQueue, type QueuedMessage } from '../../src/db/saf-queue.ts'
import { readUpstreams } from '../../src/office/upstreams.ts'
import { openUpstreamBooks } from '../../src/db/upstream-books.ts'
import { engineSetting } from '../engine/engine-setting.ts'
import { routedPayments } from './routed-payments.ts'

const setting = await engineSetting(t)
const UPSTREAMS = ['fifo', 'gaps', 'poison', 'disputed', 'lease', 'crash', 'report']
await openUpstreamBooks(setting.access, UPSTREAMS)
const engine = setting.engine()
t.teardown(engine.stop)
const { sent, answered, silent, nextStan } = await routedPayments(setting, engine, UPSTREAMS) // a second process

const rows = async <Shape>(sql: string, values: readonly unknown[] = []): Promise<Shape[]> =>
  (await setting.connection.query(sql, [...values]))[0] as Shape[]

type Seen = { readonly id: number; readonly kind: number; readonly stan: number; readonly repeat: boolean }

function start(upstream: string, deliver: (message: QueuedMessage) => Delivery | Promise<Delivery>, setAsideAfter = 3) {
  const seen: Seen[] = []
  const job = startStoreAndForward({
    queue: openSafQueue(setting.access, upstream, 10),
    deliver: async (message, number) => {
      seen.push({ id: message.transactionId, kind: message.kind, stan: number, repeat: message.tries > 0 })
      return deliver(message)
    },
    nextId: setting.nextId,
    nextStan,
    now: Date.now,
    pause: () => 20,
    longestPause: 60_000,
    setAsideAfter,
    watch: { delivered: () => {}, failed: () => {}, setAside: () => {}, trouble: (error) => t.fail(String(error)) },
  })
  return { seen, stop: job.stop }
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(25)
}
const waiting = async (upstream: string): Promise<number> =>
  (await rows<{ n: number }>('SELECT COUNT(*) AS n FROM owed WHERE waiting_for = ?', [upstream]))[0]?.n ?? -1

t.test('first in, first out; an acknowledged message closes its case', async (t) => {
  const ids = await silent('fifo', 4)
  const open = () => rows<{ n: number }>('SELECT COUNT(*) AS n FROM cases WHERE open_for IN (?)', [ids])
  t.equal((await open())[0]?.n, 4)
  const { seen, stop } = start('fifo', () => ({ delivery: 'acknowledged' }))
  await until(async () => (await waiting('fifo')) === 0)
  await stop()
  t.same(seen.map(({ id }) => id), ids) // prettier-ignore
  t.ok(seen.every(({ kind, repeat }) => kind === 420 && !repeat))
  t.equal((await open())[0]?.n, 0)
  const closed = await rows<{ resolution: string }>('SELECT resolution FROM cases WHERE transaction_id = ?', [ids[0]])
  t.same(closed, [{ resolution: 'reversed_by_host' }])
})

t.test('a host that does not answer: repeats under the same number, in order, and nothing is set aside', async (t) => {
  const [first = 0, second = 0] = await silent('gaps', 2)
  let left = 8
  const { seen, stop } = start('gaps', () =>
    left-- > 0 ? { delivery: 'failed', why: 'away' } : { delivery: 'acknowledged' },
  )
  await until(async () => (await waiting('gaps')) === 0)
  await stop()
  t.same(seen.map(({ id }) => id), [...Array.from({ length: 9 }, () => first), second]) // prettier-ignore
  t.equal(new Set(seen.slice(0, 9).map(({ stan }) => stan)).size, 1)
  t.same(seen.slice(0, 2).map(({ repeat }) => repeat), [false, true]) // prettier-ignore
})

t.test('a message that a host refuses repeatedly is set aside with a case, and the queue continues', async (t) => {
  const [poison = 0, next = 0] = await silent('poison', 2)
  const { seen, stop } = start('poison', ({ transactionId }) =>
    transactionId === poison
      ? { delivery: 'refused', why: `DE39 12 błąd ${'x'.repeat(60)}` }
      : { delivery: 'acknowledged' },
  )
  await until(async () => (await waiting('poison')) === 0)
  await stop()
  t.same(seen.map(({ id }) => id), [poison, poison, poison, next]) // prettier-ignore
  const about = await rows<{ reason: string; claim: string; open_for: number }>(
    'SELECT reason, claim, open_for FROM cases WHERE transaction_id = ?', [poison],
  ) // prettier-ignore
  t.same(about, [{ reason: 'upstream_silent', claim: 'upstream_refuses', open_for: poison }])
  const [kept] = await rows<{ state: string; refusals: number; last_failure: string }>(
    'SELECT state, refusals, last_failure FROM owed WHERE transaction_id = ?', [poison],
  ) // prettier-ignore
  t.same(kept, { state: 'set_aside', refusals: 3, last_failure: `DE39 12 b??d ${'x'.repeat(47)}` })
})

t.test('a message about which the host disagrees is not repeated and becomes a case at once', async (t) => {
  const [row] = await silent('disputed', 1)
  const { stop, seen } = start('disputed', async () => ({ delivery: 'disputed', why: 'DE39 00 CASE' }))
  await until(async () => (await waiting('disputed')) === 0)
  await stop()
  t.equal(seen.length, 1)
  const about = await rows<{ claim: string }>('SELECT claim FROM cases WHERE open_for = ?', [row])
  t.same(about, [{ claim: 'upstream_refuses' }])
})

t.test('one owner at a time; a process that lost its lease writes nothing', async (t) => {
  await silent('lease', 2)
  const [a, b] = [openSafQueue(setting.access, 'lease', 10), openSafQueue(setting.access, 'lease', 10)]
  t.same([await a.lease(), await b.lease()], [true, false])
  const mine = await a.head()
  if (mine === null) throw new Error('nothing is owed')
  t.ok(await a.tried(mine, 7, 20261125101300))
  // The owner is stopped for longer than its lease, and comes back.
  await rows("UPDATE upstream_queues SET leased_until = '2000-01-01' WHERE upstream = 'lease'")
  t.ok(await b.lease())
  const taken = await b.head()
  t.match(
    taken,
    { transactionId: mine.transactionId, stan: 7, transmitted: 20261125101300, tries: 1 },
    'goes on where it was',
  )
  t.notOk(await a.acknowledged(mine, Date.now()))
  t.notOk(await a.putOff(mine, Date.now(), 'late', true))
  t.notOk(await a.setAside(mine, Date.now(), 'late', setting.nextId()))
  t.equal(await waiting('lease'), 2)
  if (taken !== null) t.ok(await b.acknowledged(taken, Date.now()))
  t.equal(await waiting('lease'), 1)
  await a.close()
  await b.close()
  const c = openSafQueue(setting.access, 'lease', 10)
  t.ok(await c.lease(), 'one that ended gave it back')
  await c.close()
})

t.test('an abandoned request is settled as unknown, once', async (t) => {
  const lost = await sent('crash', Date.now() - 1)
  const waits = await sent('crash')
  let settled = 0
  const jobs = [0, 1].map(() =>
    settleUnanswered({
      access: setting.access,
      submit: engine.submit,
      nextId: setting.nextId,
      clock: { now: Date.now, surely: () => Date.now() },
      longestWait: 3_600_000,
      settled: (count) => void (settled += count),
      trouble: (error) => t.fail(String(error)),
    }),
  )
  await until(() => settled > 0)
  for (const job of jobs) await job.stop()
  t.equal(settled, 1)
  t.equal(
    await answered(lost, {
      outcome: 'approved',
      code: '00',
      amount: 100,
      approvalCode: null,
      reference: null,
      balances: null,
    }),
    'upstream_silent',
  )
  const [about] = await rows<{ late_code: string }>('SELECT late_code FROM routed WHERE id = ?', [lost.id])
  t.same(about, { late_code: '00' }, 'what came too late is recorded')
  t.same(await rows('SELECT state FROM transactions WHERE id IN (?) ORDER BY id', [[lost.id, waits.id]]), [
    { state: 'declined' }, { state: 'pending' },
  ]) // prettier-ignore
  t.equal(await waiting('crash'), 1)
})

t.test('the queue in AkartMenu and on the command line', async (t) => {
  const paid = await sent('report')
  t.equal(
    await answered(paid, {
      outcome: 'approved',
      code: '00',
      amount: 100,
      approvalCode: 'AB12CD',
      reference: null,
      balances: null,
    }),
    'approved',
  )
  await silent('report', 2)
  await sent('report')
  const report = (await readUpstreams(setting.access)).find(({ upstream }) => upstream === 'report')
  t.match(report, {
    owed: 2,
    pending: 1,
    setAside: 0,
    acknowledged: 0,
    tries: 0,
    lastFailure: null,
    owes: [{ currency: 985, amount: 100 }],
  })
})

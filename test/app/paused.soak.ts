import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { takeIds } from '../../src/db/ids.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import { verifyAudit } from '../../src/office/audit-verification.ts'
import { orderGeneration } from '../../src/office/generation-order.ts'
import { createIssue } from '../../src/office/issues.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { verifySums } from '../../src/office/reports/verification.ts'
import type { Akart } from '../conformance/akart.ts'
import { openTill, type Till } from '../conformance/till.ts'
import { testDatabase } from '../database.ts'
import type { Place } from '../engine/crashing-proxy.ts'
import { issueOf } from '../jobs/issues.ts'
import { ok, person, testOffice } from '../office/test-office.ts'
import { type RunningAkart, upForTest } from '../up.ts'
import { pausingProxy } from './pausing-proxy.ts'

/*
 * Two processes on one database. One is paused (SIGSTOP) in the middle of a payment and of each job, for longer than any
 * lease, and then continues with the packet that it was sending. By then the other one has done its work: nothing is done
 * twice.
 */

const CONFIRM_SECONDS = 2
/** Longer than the leases of slices (5 s) and jobs (10 s), and than an idle transaction may be (5 s). */
const PAUSE_MS = 12_000
const OTHER_DONE_WITHIN_MS = 60_000
/** For the place itself: a payment of the timer's is due after seconds, and the other process may be first again and again. */
const REACHED_WITHIN_MS = 60_000
const CARDS_OF_ISSUE = 4_000

type Work = 'payment' | 'audit' | 'generation'
type Turn = { readonly what: string; readonly work: Work; readonly place: Place }

const turn = (what: string, work: Work, at: Place['at'], ...statements: readonly string[]): Turn => ({
  what,
  work,
  place: { statements, at },
})

const TURNS: readonly Turn[] = [
  turn('a payment with its card locked', 'payment', 'answered', 'FORCE INDEX (PRIMARY) WHERE id IN'),
  turn('a payment that is written', 'payment', 'answered', 'INSERT INTO transactions'),
  turn('a payment whose COMMIT is not sent yet', 'payment', 'held', 'INSERT INTO transactions', 'COMMIT'),
  turn('a payment whose COMMIT is on its way', 'payment', 'sent', 'INSERT INTO transactions', 'COMMIT'),
  turn('the timer before it takes its slices', 'payment', 'held', 'UPDATE job_slices SET fence'),
  turn('the timer with its slices', 'payment', 'answered', 'UPDATE job_slices SET fence'),
  turn('folding with its slice', 'payment', 'answered', "WHERE job = 'folding'"),
  turn('folding with search rows written', 'payment', 'answered', 'INSERT INTO search_transactions'),
  turn('folding with sums written', 'payment', 'answered', 'INSERT INTO report_activity'),
  turn('folding before its COMMIT', 'payment', 'held', 'INSERT INTO search_transactions', 'DELETE FROM unfolded'),
  turn('chaining with links written', 'audit', 'answered', 'INSERT INTO audit_chain'),
  turn('chaining before its COMMIT', 'audit', 'held', 'DELETE FROM audit_unchained', 'COMMIT'),
  turn('generation before it takes the job', 'generation', 'held', "UPDATE jobs SET state = 'running'"),
  turn('generation with the job', 'generation', 'answered', "UPDATE jobs SET state = 'running'", 'COMMIT'),
  turn('generation with cards written', 'generation', 'answered', 'INSERT INTO cards'),
  turn('generation before a COMMIT', 'generation', 'held', 'INSERT INTO cards', 'COMMIT'),
]

void t.test('a process is paused past its leases in the middle of its work', { timeout: 850_000 }, async (t) => {
  const access = await testDatabase(t)
  const proxy = await pausingProxy(access)
  t.teardown(proxy.stop)
  const settings: NodeJS.ProcessEnv = { AKART_CONFIRM_TIMEOUT_SECONDS: String(CONFIRM_SECONDS) }
  const one = await upForTest(t, { ...settings, AKART_DATABASE_URL: toUrl(proxy.access) })
  const home = await mkdtemp(join(tmpdir(), 'akart-up-'))
  await cp(join(one.home, 'demo'), join(home, 'demo'), { recursive: true })
  const two = await upForTest(t, { ...settings, AKART_DATABASE_URL: toUrl(access) }, home)
  // Stopped, it could not end when the test does.
  t.teardown(() => void process.kill(one.pid, 'SIGCONT'))
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  const office = await testOffice(t, access)
  const ola = person('ola')
  const ask = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]

  const lines = (await readFile(join(one.home, 'demo', 'cards.csv'), 'utf8')).trim().split(/\r?\n/u)
  const cards = lines.map((line) => line.split(',')).filter((row) => row[5] === 'OPEN' && row[6] === 'sold')
  let stan = 0
  const tillAt = (akart: RunningAkart): Promise<Till> => {
    const place: Pick<Akart, 'address' | 'terminal'> = {
      address: () => `127.0.0.1:${akart.iso.port}`,
      terminal: (terminal) => ({ terminal, store: '000000000000001', mac: 'none', key: '' }),
    }
    return openTill(place, 'DEMO0001')
  }
  const pay = async (till: Till): Promise<string | undefined> => {
    stan += 1
    const fields = { 3: '006000', 4: '000000000100', 11: String(stan).padStart(6, '0'), 22: '022', 49: '985' }
    const request = till.message('0200', { ...fields, 35: cards[stan % cards.length]?.[2] })
    return (await till.send(request)).fields[39]
  }
  const left = async (): Promise<number> => {
    const [row] = await ask(`SELECT (SELECT COUNT(*) FROM transactions WHERE state = 'unconfirmed')
      + (SELECT COUNT(*) FROM unfolded) + (SELECT COUNT(*) FROM audit_unchained)
      + (SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')) AS n`)
    return Number(row?.['n'])
  }
  const untilDone = async (): Promise<number> => {
    const began = performance.now()
    while ((await left()) > 0 && performance.now() - began < OTHER_DONE_WITHIN_MS) await sleep(100)
    return performance.now() - began
  }
  let issues = 0
  const WORK: Readonly<Record<Work, (till: Till) => Promise<unknown>>> = {
    // It may be paused before it answers.
    async payment(till) {
      await Promise.race([pay(till).catch(() => undefined), sleep(500)])
      await sleep(20)
    },
    async audit() {
      const id = await takeIds(access, 'row', 1)
      const object = { kind: 'card', id: '1' }
      await unitOfWork(access, (on) =>
        writeAudit(on, { id, at: Date.now(), who: 'ola', channel: 'menu', action: 'cards.block', object, store: null, outcome: 'done', details: {} }),
      ) // prettier-ignore
      await sleep(300)
    },
    async generation() {
      issues += 1
      const code = `PAUSE${issues}`
      const prefix = String(6_300_000 + issues)
      await ok(createIssue(office, ola, issueOf({ code, prefix, count: String(CARDS_OF_ISSUE) })))
      await ok(orderGeneration(office, ola, { issue: code }))
      while ((await ask("SELECT 1 FROM jobs WHERE state = 'waiting' LIMIT 1")).length > 0) await sleep(50)
    },
  }

  for (const { what, work, place } of TURNS) {
    const here = await tillAt(one)
    let isPaused = false
    const reached = proxy
      .pauseAt(place, () => one.pid)
      .then(() => {
        isPaused = true
      })
    const armed = performance.now()
    while (!isPaused && performance.now() - armed < REACHED_WITHIN_MS) await WORK[work](here)
    t.ok(isPaused, `paused: ${what}`)
    if (!isPaused) return
    await reached
    const began = performance.now()
    const there = await tillAt(two)
    t.equal(await pay(there), '00', 'the other one serves')
    const took = await untilDone()
    t.equal(await left(), 0, `and has done all that was left after ${Math.round(took)} ms`)
    await sleep(Math.max(0, PAUSE_MS - (performance.now() - began)))
    proxy.resume(one.pid)
    for (const till of [here, there]) till.line().end()
    const again = await tillAt(one)
    t.equal(await pay(again), '00', 'the paused one serves again')
    again.line().end()
    await untilDone()
    t.same((await verifyLedger(access)).faults, [], 'the books agree')
  }
  const twice = await ask(
    'SELECT original_id FROM transactions WHERE original_id IS NOT NULL AND amount > 0 GROUP BY original_id HAVING COUNT(*) > 1',
  )
  t.same(twice, [], 'nothing is taken back twice')
  const moved = await ask(
    `SELECT c.id FROM cards c JOIN issues i ON i.id = c.issue_id AND i.code = 'OPEN'
     WHERE c.state = 'sold' AND c.block IS NULL AND c.ledger <> 15000`,
  )
  t.same(moved, [], 'every card has what it had')
  const made = await ask(
    `SELECT i.code, COUNT(*) AS cards, (SELECT COUNT(*) FROM issue_events e WHERE e.issue_id = i.id AND e.event = 'generated') AS ends
     FROM issues i JOIN cards c ON c.issue_id = i.id WHERE i.code LIKE 'PAUSE%' GROUP BY i.id, i.code`,
  )
  t.equal(made.length, issues)
  for (const row of made) t.match(row, { cards: CARDS_OF_ISSUE, ends: 1 }, `${String(row['code'])} was made once`)
  t.same((await ok(verifySums(office, ola))).faults, [], 'the sums agree')
  t.same((await ok(verifyAudit(office, ola, null))).faults, [], 'the audit is whole')
})

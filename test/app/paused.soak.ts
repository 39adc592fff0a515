import { mkdtemp, readFile, cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { openConnection, parseDatabaseUrl } from '../../src/db/access.ts'
import type { Akart } from '../conformance/akart.ts'
import { openTill, type Till } from '../conformance/till.ts'
import { verifyLedger } from '../simulators/akart-up.ts'
import { onTestServer, upForTest, type RunningAkart } from '../up.ts'

/*
 * Two processes on one database, of which one is paused (SIGSTOP) for longer than any lease, and goes on. What it held is the
 * other one's by then, and it writes nothing of it: each payment that nobody confirms is taken back once.
 */

const CONFIRM_SECONDS = 2
/** Longer than the leases of slices (5 s) and jobs (10 s), and than an idle transaction may be (5 s). */
const PAUSE_MS = 15_000
const ROUNDS = 4
const PAYMENTS = 12

void t.test('a process is paused past its leases, and goes on', { timeout: 300_000 }, async (t) => {
  const environment: NodeJS.ProcessEnv = {
    ...(await onTestServer(t)),
    AKART_CONFIRM_TIMEOUT_SECONDS: String(CONFIRM_SECONDS),
  }
  const one = await upForTest(t, environment)
  const home = await mkdtemp(join(tmpdir(), 'akart-up-'))
  await cp(join(one.home, 'demo'), join(home, 'demo'), { recursive: true })
  const two = await upForTest(t, environment, home)
  const connection = await openConnection(parseDatabaseUrl(environment['AKART_DATABASE_URL'] ?? ''), {
    multipleStatements: false,
  })
  t.teardown(() => connection.end())
  const ask = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]

  const lines = (await readFile(join(one.home, 'demo', 'cards.csv'), 'utf8')).trim().split(/\r?\n/u)
  const cards = lines.map((line) => line.split(',')).filter((row) => row[5] === 'OPEN' && row[6] === 'sold')
  const tillAt = (akart: RunningAkart, name: string): Promise<Till> => {
    const place: Pick<Akart, 'address' | 'terminal'> = {
      address: () => `127.0.0.1:${akart.iso.port}`,
      terminal: (terminal) => ({ terminal, store: '000000000000001', mac: 'none', key: '' }),
    }
    return openTill(place, name)
  }
  const pay = async (till: Till, i: number): Promise<string | undefined> => {
    const request = till.message('0200', { 3: '006000', 4: '000000000100', 22: '022', 35: cards[i]?.[2], 49: '985' })
    return (await till.send(request)).fields[39]
  }
  const unconfirmed = async (): Promise<number> =>
    Number((await ask("SELECT COUNT(*) AS n FROM transactions WHERE state = 'unconfirmed'"))[0]?.['n'])

  for (let round = 0; round < ROUNDS; round++) {
    const [paused, other] = round % 2 === 0 ? [one, two] : [two, one]
    const [here, there] = await Promise.all([tillAt(paused, 'DEMO0001'), tillAt(other, 'DEMO0001')])
    for (let i = 0; i < PAYMENTS; i++) t.equal(await pay(i % 2 === 0 ? here : there, i), '00')
    here.line().end()
    process.kill(paused.pid, 'SIGSTOP')
    const began = performance.now()
    while ((await unconfirmed()) > 0) await sleep(50)
    const took = performance.now() - began
    t.ok(took < 30_000, `the other one takes them back after ${Math.round(took)} ms`)
    t.equal(await pay(there, PAYMENTS), '00', 'and serves')
    await sleep(Math.max(0, PAUSE_MS - took))
    process.kill(paused.pid, 'SIGCONT')
    const again = await tillAt(paused, 'DEMO0001')
    t.equal(await pay(again, PAYMENTS + 1), '00', 'the paused one serves again')
    for (const till of [there, again]) till.line().end()
    while ((await unconfirmed()) > 0) await sleep(50)
  }
  const twice = await ask(
    'SELECT original_id FROM transactions WHERE original_id IS NOT NULL AND amount > 0 GROUP BY original_id HAVING COUNT(*) > 1',
  )
  t.same(twice, [], 'nothing is taken back twice')
  const [moved] = await ask(
    `SELECT COUNT(*) AS n FROM cards c JOIN issues i ON i.id = c.issue_id AND i.code = 'OPEN'
     WHERE c.state = 'sold' AND c.block IS NULL AND c.ledger <> 15000`,
  )
  t.equal(Number(moved?.['n']), 0, 'every card has what it had')
  t.match(await verifyLedger({ home: one.home, environment }), { code: 0 })
})

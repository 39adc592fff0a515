import t from 'tap'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RowDataPacket } from 'mysql2/promise'
import { KIND } from '../../src/core/key.ts'
import { toUrl } from '../../src/db/access.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import type { Place } from '../engine/crashing-proxy.ts'
import { engineSetting } from '../engine/engine-setting.ts'
import { FOLDED_SUMS } from '../engine/folded-sums.ts'
import { mustBeMade } from '../engine/foundations-checks.ts'
import type { UpkeepJob } from './upkeep-process.ts'

/*
 * Two processes on one database fold, chain and fill; one of them dies by SIGKILL at each step of its transaction. The
 * other one does all remaining work, and nothing twice.
 */

const PROCESS = fileURLToPath(new URL('upkeep-process.js', import.meta.url))
// Many times what a lease lasts: a busy machine is not a fault.
const TAKES_OVER_WITHIN_MS = 60_000

const FOLDED = ['INSERT INTO folded_sums', 'INSERT INTO search_transactions', ';COMMIT']
const CHAINED = ['INSERT INTO audit_chain', 'DELETE FROM audit_unchained', 'COMMIT']
const FILLED = ['UPDATE transactions t', 'INSERT INTO search_transactions', 'UPDATE backfills', 'COMMIT']

/** Before the first statement, after each one, and where the last one is on its way. */
const placesIn = (statements: readonly string[]): readonly Place[] => [
  { statements: statements.slice(0, 1), at: 'held' },
  ...statements.map((_, i) => ({ statements: statements.slice(0, i + 1), at: 'answered' as const })),
  { statements, at: 'sent' },
]

const setting = await engineSetting(t)
const { access, connection } = setting
const engine = setting.engine()
t.teardown(() => engine.stop())
await connection.query(FOLDED_SUMS)
const cards = await setting.newCards(10)
let stan = 0

const about = () => ({ kind: KIND.financial, terminal: 'TILL', stan: ++stan, confirmation: 'none' }) as const
await Promise.all(cards.map((card) => engine.submit(setting.request(setting.operation('sale', card, 90_000), about()))))

/** Ten payments. */
const pay = async (): Promise<void> => {
  await Promise.all(cards.map((card) => engine.submit(setting.request(setting.operation('payment', card, 1), about()))))
}

const audit = (): Promise<void> =>
  unitOfWork(access, (one) =>
    writeAudit(one, {
      id: setting.nextId(),
      at: Date.now(),
      who: 'ola',
      channel: 'menu',
      action: 'cards.block',
      object: { kind: 'card', id: '1' },
      store: null,
      outcome: 'done',
      details: {},
    }),
  )

/** All rows as they were before roles and search rows were kept, where the last filling is done. */
async function forget(): Promise<void> {
  if (await isLeft()) return
  await connection.query(`START TRANSACTION; SELECT slice FROM job_slices WHERE job = 'folding' FOR UPDATE;
    UPDATE transactions SET role = NULL, channel = NULL, for_store = NULL; DELETE FROM search_transactions;
    UPDATE backfills SET next_id = 0, until_id = (SELECT next_id FROM id_blocks WHERE name = 'row'); COMMIT`)
}

const LEFT = `SELECT 1 FROM unfolded UNION ALL SELECT 1 FROM audit_unchained
  UNION ALL SELECT 1 FROM backfills WHERE next_id < until_id LIMIT 1`
const isLeft = async (): Promise<boolean> => (await connection.query<RowDataPacket[]>(LEFT))[0].length > 0

async function start(job: UpkeepJob, place: Place | null): Promise<ChildProcess> {
  const options = [toUrl(access), job, ...(place === null ? [] : [JSON.stringify(place)])]
  const child = fork(PROCESS, options, { execArgv: [] })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  await Promise.race([once(child, 'message'), exited])
  return child
}

/** Makes work repeatedly until the first process has reached its place and is dead; the other one does part of the work. */
async function workUntilDeath(child: ChildProcess, work: () => Promise<void>): Promise<NodeJS.Signals | null> {
  while (child.exitCode === null && child.signalCode === null) {
    await work()
    await sleep(50)
  }
  return child.signalCode
}

const JOBS: readonly [what: string, job: UpkeepJob, statements: readonly string[], work: () => Promise<void>][] = [
  ['what is unfolded is folded into sums and search rows', 'folding', FOLDED, pay],
  ['audit rows are chained', 'chaining', CHAINED, audit],
  ['what is from before gets its roles and search rows', 'folding', FILLED, forget],
]

for (const [what, job, statements, work] of JOBS) {
  void t.test(what, { timeout: 240_000 }, async (t) => {
    const steady = [await start('folding', null), await start('chaining', null)]
    for (const place of placesIn(statements)) {
      const where = `${place.at} at ${String(place.statements.at(-1))}`
      await work()
      const signal = await workUntilDeath(await start(job, place), work)
      t.equal(signal, 'SIGKILL', `one dies: ${where}`)
      const died = performance.now()
      while ((await isLeft()) && performance.now() - died < TAKES_OVER_WITHIN_MS) await sleep(20)
      const took = performance.now() - died
      t.ok(took < TAKES_OVER_WITHIN_MS, `the other has done the rest after ${took.toFixed(0)} ms`)
      await mustBeMade(setting)
    }
    for (const child of steady) child.disconnect()
    await Promise.all(steady.map((child) => once(child, 'exit')))
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { KIND } from '../../src/core/key.ts'
import { toUrl } from '../../src/db/access.ts'
import { endIdleTransactions } from '../../src/jobs/idle-transactions.ts'
import { engineSetting } from './engine-setting.ts'

const PROGRAM = fileURLToPath(new URL('frozen-process.js', import.meta.url))

void t.test('another process hangs in a transaction: its locks are released after a few seconds', async (t) => {
  const setting = await engineSetting(t)
  const engine = setting.engine()
  t.teardown(engine.stop)
  // Beside each engine; it does nothing where the server ends silent transactions by itself.
  const ending = endIdleTransactions({
    access: setting.access,
    ended: () => {},
    trouble: (error) => t.fail(String(error)),
  })
  t.teardown(ending.stop)
  const [card] = await setting.newCards(1)
  if (card === undefined) return
  const isLocked = async (): Promise<boolean> => {
    const [rows] = await setting.connection.query('SELECT id FROM cards WHERE id = ? FOR UPDATE SKIP LOCKED', [card.id])
    return (rows as unknown[]).length === 0
  }

  const frozen = spawn(process.execPath, [PROGRAM, toUrl(setting.access), String(card.id)], { stdio: 'ignore' })
  const ended = once(frozen, 'exit')
  t.teardown(async () => {
    frozen.kill('SIGKILL')
    await ended
  })
  while (!(await isLocked())) await sleep(10)
  const began = performance.now()
  const sale = setting.request(setting.operation('sale', card, 10_000), {
    kind: KIND.financial,
    terminal: 'TILL',
    stan: 1,
    confirmation: 'none',
  })
  t.equal((await engine.submit(sale)).result, 'approved')
  const waited = performance.now() - began
  t.ok(waited > 1_000, 'it was locked')
  t.comment(`after ${Math.round(waited)} ms`) // for ever if nobody released them
  t.equal(frozen.exitCode, null, 'and the process is still there')
})

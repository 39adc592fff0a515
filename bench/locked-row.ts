import { readConfig } from '../src/config/read-config.ts'
import type { Request } from '../src/core/request.ts'
import { openConnection } from '../src/db/access.ts'
import { createEngine } from '../src/engine/engine.ts'
import { openBooks, type Books } from './books.ts'
import { closedLoop, median, middle, type Round, type Submit } from './closed-loop.ts'
import { machineLines } from './machine.ts'
import { row } from './table.ts'
import { createTraffic, MIXES, type Mix } from './traffic.ts'

/**
 * Payments with other cards while another process has the row of one card locked and requests for that card keep coming,
 * against the same without the lock. The two take turns, so that other load of the machine affects both; the figure is the
 * middle of the ratios of neighbours. AKART_BENCH_ROUNDS (9) and AKART_BENCH_MS (1,500).
 */

const ROUNDS = Number(process.env['AKART_BENCH_ROUNDS'] ?? 9)
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 1_500)
const CALLERS = [16, 64] as const
/** Tills that want the locked card, each waiting for its answer. */
const STUCK = 4
/** Terminals of their own. */
const STUCK_FROM = 5_000

export async function benchLockedRow(): Promise<void> {
  const books = await openBooks()
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const { engine: settings } = await readConfig({ environment: process.env })
    const engine = createEngine(
      books.access,
      () => books.registry().issues,
      { ...settings, timeoutMs: 60_000, queueWaitMs: 60_000 },
      {
        batch: () => {},
        trouble: (what: string, error: unknown, requests: readonly Request[]) =>
          console.error(`bench: ${requests.length} requests, ${what}:`, error),
      },
    )
    let answered = 0
    const [mix] = MIXES
    if (mix === undefined) throw new RangeError('no mix')
    console.log(`\n${row(['callers', 'one row', 'requests/s', 'p50 ms', 'p99 ms', 'node µs', 'MariaDB µs', 'ratio'])}`)
    for (const callers of CALLERS) answered += await compare(engine.submit, books, mix, callers)
    await engine.stop()
    await books.prove(answered)
  } finally {
    await books.close()
  }
}

async function compare(submit: Submit, books: Books, mix: Mix, callers: number): Promise<number> {
  const [hot, ...others] = books.cards
  if (hot === undefined) throw new RangeError('no card')
  const traffic = createTraffic({ ...books, cards: others })
  const forHot = createTraffic({ ...books, cards: [hot] })
  const locker = await openConnection(books.access, { multipleStatements: false })
  const play = (): Promise<Round> => closedLoop(submit, traffic, mix, callers, ROUND_MS, books.serverCpu)
  let answered = (await play()).answered // to warm up
  const free: Round[] = []
  const locked: Round[] = []

  const playLocked = async (): Promise<void> => {
    await locker.query('BEGIN')
    const [rows] = await locker.query('SELECT id FROM cards WHERE number_hash = UNHEX(?) FOR UPDATE', [hot.numberHash])
    if ((rows as unknown[]).length !== 1) throw new Error('the row to lock is not there')
    let freed = 0
    const stuck = Array.from({ length: STUCK }, (_, n) =>
      submit(forHot.request(mix, STUCK_FROM + n)).finally(() => freed++),
    )
    locked.push(await play())
    if (freed > 0) throw new Error('a request for the locked card was answered: its row was not locked')
    await locker.query('ROLLBACK')
    answered += (await Promise.all(stuck)).length
  }
  for (let i = 0; i < ROUNDS; i++) {
    // The sides alternate in going first.
    if (i % 2 === 0) free.push(await play())
    await playLocked()
    if (i % 2 === 1) free.push(await play())
  }
  await locker.end()
  const ratio = middle(free.map((one, i) => (locked[i]?.perSecond ?? NaN) / one.perSecond))
  console.log(line(`${callers}`, 'free', median(free), ''))
  console.log(line('', 'locked', median(locked), `${ratio.toFixed(2)}x`))
  return answered + [...free, ...locked].reduce((sum, round) => sum + round.answered, 0)
}

const line = (callers: string, which: string, r: Round, ratio: string): string =>
  row([
    callers,
    which,
    r.perSecond.toFixed(0),
    r.p50.toFixed(2),
    r.p99.toFixed(2),
    r.nodeCpu.toFixed(1),
    r.serverCpu.toFixed(1),
    ratio,
  ])

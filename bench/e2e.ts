import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../src/config/read-config.ts'
import { createEngine } from '../src/engine/engine.ts'
import { startAkart, type RunningAkart } from './akart.ts'
import { openBooks, PLACE, type Books } from './books.ts'
import { closedLoop, median, middle, type Round, type Submit } from './closed-loop.ts'
import { runLoad, type LoadRound } from './load.ts'
import { machineLines } from './machine.ts'
import { row } from './table.ts'
import { createTraffic, MIXES, type Mix } from './traffic.ts'

/**
 * End to end over TCP: `akart up` on the demo data, `akart-sim load` against it, a process each, compared with the engine
 * called directly, on the same machine. The two take turns. Both work on 80 cards, as many as the demo set leaves to
 * load, so that waiting for a card in use costs both the same.
 */

const OUTSTANDING = [1, 16, 64, 256] as const
const ROUNDS = 3
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
const CARDS = 80

/** The same work as the mix of the engine's bench, in the words of `akart-sim load`. */
const WORK = [
  { mix: MIXES[0], words: ['--mix', 'payment', '--use', 'DEMO0004'] },
  { mix: MIXES[1], words: ['--mix', 'payment=80,confirm,topup=10,balance=10', '--use', 'DEMO0001'] },
] as const

export async function benchEndToEnd(): Promise<void> {
  const books = await openBooks()
  await mkdir(PLACE, { recursive: true })
  const home = await mkdtemp(join(PLACE, 'home-'))
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const akart = await startAkart(home)
    try {
      const answered = await withEngine(books, (submit) => compareAll(akart, books, submit))
      await books.prove(answered)
      await akart.prove()
    } finally {
      await akart.stop()
    }
  } finally {
    await books.close()
    await rm(home, { recursive: true, force: true })
  }
}

async function withEngine(books: Books, use: (submit: Submit) => Promise<number>): Promise<number> {
  const { engine: settings } = await readConfig({ environment: process.env })
  const engine = createEngine(
    books.access,
    () => books.registry().issues,
    { ...settings, timeoutMs: 60_000, queueWaitMs: 60_000 },
    { batch: () => {}, trouble: (what, error) => console.error(`bench: ${what}:`, error) },
  )
  try {
    return await use(engine.submit)
  } finally {
    await engine.stop()
  }
}

const HEAD = [
  'outstanding', 'requests/s', 'p50 ms', 'p99 ms', 'switch µs', 'MariaDB µs', 'load µs', 'engine/s', 'p50 ms', 'ratio',
] // prettier-ignore

/** Returns how many requests the engine has answered. */
async function compareAll(akart: RunningAkart, books: Books, submit: Submit): Promise<number> {
  const traffic = createTraffic({ ...books, cards: books.cards.slice(0, CARDS) })
  let answered = 0
  const alone = async (mix: Mix, callers: number): Promise<Round> => {
    const round = await closedLoop(submit, traffic, mix, callers, ROUND_MS / 2, books.serverCpu)
    answered += round.answered
    return round
  }
  for (const { mix, words } of WORK) {
    if (mix === undefined) continue
    console.log(`\n${mix.name}\n${row(HEAD)}`)
    await runLoad(akart, words, 64, ROUND_MS) // to warm up
    await alone(mix, 64)
    for (const outstanding of OUTSTANDING) {
      const rounds: { whole: LoadRound[]; engine: Round[] } = { whole: [], engine: [] }
      for (let i = 0; i < ROUNDS; i++) {
        rounds.whole.push(await runLoad(akart, words, outstanding, ROUND_MS))
        rounds.engine.push(await alone(mix, outstanding))
      }
      console.log(line(outstanding, rounds.whole, median(rounds.engine)))
    }
  }
  return answered
}

function line(outstanding: number, rounds: readonly LoadRound[], engine: Round): string {
  const of = (figure: (round: LoadRound) => number): number => middle(rounds.map(figure))
  const perSecond = of((r) => r.perSecond)
  return row([
    String(outstanding),
    perSecond.toFixed(0),
    of((r) => r.p50).toFixed(2),
    of((r) => r.p99).toFixed(2),
    of((r) => r.switchCpu).toFixed(0),
    of((r) => r.serverCpu).toFixed(0),
    of((r) => r.loadCpu).toFixed(0),
    engine.perSecond.toFixed(0),
    engine.p50.toFixed(2),
    `${(perSecond / engine.perSecond).toFixed(2)}x`,
  ])
}

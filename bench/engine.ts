import type { Request } from '../src/core/request.ts'
import { readConfig } from '../src/config/read-config.ts'
import { createEngine } from '../src/engine/engine.ts'
import { openBooks, type Books } from './books.ts'
import { closedLoop, median, type Round, type Submit } from './closed-loop.ts'
import { machineLines } from './machine.ts'
import { createPlain } from './plain.ts'
import { row } from './table.ts'
import { createTraffic, MIXES, type Mix, type Traffic } from './traffic.ts'

/**
 * The engine against the plain design: same database, schema, requests and core, in one process. The two take turns
 * within each line of the table, so that other load of the machine affects both; a line is the median of its rounds.
 * AKART_ENGINE_WORKERS and AKART_ENGINE_BATCHMAX try other settings, AKART_BENCH_MS longer rounds (1,000).
 */

const CALLERS = [1, 16, 64, 256] as const
const ROUNDS = 5
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 1_000)

type Batches = { count: number; requests: number }
type Contestants = { readonly engine: Submit; readonly plain: Submit }

export async function benchEngine(): Promise<void> {
  const books = await openBooks()
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const { engine: settings } = await readConfig({ environment: process.env })
    console.log(
      `${settings.workers} workers, batches of up to ${settings.batchMax}; the disk flushes ${books.flushes.toFixed(0)} times a second`,
    )
    const batches: Batches = { count: 0, requests: 0 }
    const engine = createEngine(
      books.access,
      () => books.registry().issues,
      { ...settings, timeoutMs: 60_000, queueWaitMs: 60_000 },
      {
        batch: (size) => {
          batches.count++
          batches.requests += size
        },
        trouble: (what: string, error: unknown, requests: readonly Request[]) =>
          console.error(`bench: ${requests.length} requests, ${what}:`, error),
      },
    )
    const plain = await createPlain(books.access, () => books.registry().issues)
    const traffic = createTraffic(books)
    let answered = 0
    for (const mix of MIXES) {
      answered += await compare({ engine: engine.submit, plain: plain.submit }, books, traffic, mix, batches)
    }
    await engine.stop()
    await plain.stop()
    await books.prove(answered)
  } finally {
    await books.close()
  }
}

const HEAD = ['callers', 'design', 'requests/s', 'p50 ms', 'p99 ms', 'a batch', 'node µs', 'MariaDB µs']

async function compare(
  { engine, plain }: Contestants,
  { serverCpu }: Books,
  traffic: Traffic,
  mix: Mix,
  batches: Batches,
): Promise<number> {
  let answered = 0
  const run = async (submit: Submit, callers: number): Promise<Round> => {
    const round = await closedLoop(submit, traffic, mix, callers, ROUND_MS, serverCpu)
    answered += round.answered
    return round
  }
  console.log(`\n${mix.name}\n${row(HEAD)}`)
  for (const submit of [engine, plain]) await run(submit, 64) // to warm up
  for (const callers of CALLERS) {
    Object.assign(batches, { count: 0, requests: 0 })
    const rounds: { engine: Round[]; plain: Round[] } = { engine: [], plain: [] }
    for (let i = 0; i < ROUNDS; i++) {
      rounds.engine.push(await run(engine, callers))
      rounds.plain.push(await run(plain, callers))
    }
    const ours = median(rounds.engine)
    const theirs = median(rounds.plain)
    console.log(line(`${callers}`, 'engine', ours, (batches.requests / batches.count).toFixed(1)))
    console.log(line('', 'plain', theirs, ''))
    console.log(ratios(ours, theirs))
  }
  return answered
}

const line = (callers: string, design: string, { perSecond, p50, p99, nodeCpu, serverCpu }: Round, batch: string) =>
  row([
    callers,
    design,
    perSecond.toFixed(0),
    p50.toFixed(2),
    p99.toFixed(2),
    batch,
    nodeCpu.toFixed(0),
    serverCpu.toFixed(0),
  ])

const ratios = (ours: Round, theirs: Round): string =>
  row([
    '',
    'ratio',
    `${(ours.perSecond / theirs.perSecond).toFixed(2)}x`,
    `${(ours.p50 / theirs.p50).toFixed(2)}x`,
    `${(ours.p99 / theirs.p99).toFixed(2)}x`,
    '',
    `${(ours.nodeCpu / theirs.nodeCpu).toFixed(2)}x`,
    `${(ours.serverCpu / theirs.serverCpu).toFixed(2)}x`,
  ])

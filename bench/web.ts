import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fitGarbageCollector } from '../src/app/garbage-collector.ts'
import { readConfig } from '../src/config/read-config.ts'
import { createEngine } from '../src/engine/engine.ts'
import { startAkart, type RunningAkart } from './akart.ts'
import { openBooks, PLACE } from './books.ts'
import { closedLoop, median, middle, type Round } from './closed-loop.ts'
import { machineLines } from './machine.ts'
import { row } from './table.ts'
import { createTraffic, MIXES } from './traffic.ts'
import type { WebRound } from './web-load.ts'

/**
 * Payments over HTTP: `akart up` on the demo data and a load generator, a process each, compared with the engine called
 * directly, on the same machine and as many cards. The two take turns. Then one long round, for the memory
 * (AKART_BENCH_LONG_MS).
 *
 * The ratio by rate depends on how many processors there are for the load generator, which the engine alone does not
 * need. The ratio by processor time does not: µs of node and MariaDB of the engine alone to those of `akart` and MariaDB.
 * The callers of the engine alone are in its node µs; the load generator is in neither. `akart` folds what it has booked
 * during its rounds, the engine alone does not.
 */

const CALLERS = (process.env['AKART_BENCH_CALLERS'] ?? '1,16,64,256').split(',').map(Number)
const ROUNDS = Number(process.env['AKART_BENCH_ROUNDS'] ?? 3)
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
const LONG_MS = Number(process.env['AKART_BENCH_LONG_MS'] ?? 60_000)
const CARDS = 80
const LOAD = fileURLToPath(new URL('web-load.js', import.meta.url))
const MEBI = 2 ** 20

type WebCosts = WebRound & { readonly akartCpu: number; readonly serverCpu: number }
type Shop = { readonly akart: RunningAkart; readonly key: string; readonly tokens: readonly string[] }

export async function benchWeb(): Promise<void> {
  // As `akart up` does, for the engine alone.
  fitGarbageCollector()
  const books = await openBooks()
  await mkdir(PLACE, { recursive: true })
  const home = await mkdtemp(join(PLACE, 'home-'))
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const akart = await startAkart(home)
    const { engine: settings } = await readConfig({ environment: process.env })
    const engine = createEngine(
      books.access,
      () => books.registry().issues,
      { ...settings, timeoutMs: 60_000, queueWaitMs: 60_000 },
      { batch: () => {}, trouble: (what, error) => console.error(`bench: ${what}:`, error) },
    )
    try {
      const traffic = createTraffic({ ...books, cards: books.cards.slice(0, CARDS) })
      const [payments] = MIXES
      if (payments === undefined) throw new Error('no payments to measure')
      let answered = 0
      const alone = async (callers: number): Promise<Round> => {
        const round = await closedLoop(engine.submit, traffic, payments, callers, ROUND_MS / 2, books.serverCpu)
        answered += round.answered
        return round
      }
      const shop = await openShop(akart)
      await overHttp(shop, 64, ROUND_MS)
      await alone(64)
      console.log(`\npayments over HTTP, by token, final at once\n${row(HEAD)}`)
      for (const callers of CALLERS) {
        const rounds: { web: WebCosts[]; engine: Round[] } = { web: [], engine: [] }
        for (let i = 0; i < ROUNDS; i++) {
          rounds.web.push(await overHttp(shop, callers, ROUND_MS))
          rounds.engine.push(await alone(callers))
        }
        console.log(line(callers, rounds.web, median(rounds.engine)))
      }
      if (LONG_MS > 0) await watchMemory(shop)
      await engine.stop()
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

const HEAD = [
  'callers', 'requests/s', 'p50 ms', 'p99 ms', 'akart µs', 'MariaDB µs', 'load µs', 'load %',
  'engine/s', 'node µs', 'MariaDB µs', 'by rate', 'by µs',
] // prettier-ignore

function line(callers: number, rounds: readonly WebCosts[], engine: Round): string {
  const of = (figure: (round: WebCosts) => number): number => middle(rounds.map(figure))
  const perSecond = of((r) => r.perSecond)
  const [akart, server, load] = [of((r) => r.akartCpu), of((r) => r.serverCpu), of((r) => r.loadCpu)]
  return row([
    String(callers),
    perSecond.toFixed(0),
    of((r) => r.p50).toFixed(2),
    of((r) => r.p99).toFixed(2),
    akart.toFixed(0),
    server.toFixed(0),
    load.toFixed(0),
    ((100 * load) / (akart + server + load)).toFixed(0),
    engine.perSecond.toFixed(0),
    engine.nodeCpu.toFixed(0),
    engine.serverCpu.toFixed(0),
    `${(perSecond / engine.perSecond).toFixed(2)}x`,
    `${((engine.nodeCpu + engine.serverCpu) / (akart + server)).toFixed(2)}x`,
  ])
}

/** The demo's shop, with a token for each card: good for a quarter of an hour. */
async function openShop(akart: RunningAkart): Promise<Shop> {
  const rowsOf = async (name: string) =>
    (await readFile(join(akart.home, 'demo', name), 'utf8'))
      .trim()
      .split(/\r?\n/u)
      .map((one) => one.split(','))
  const key = (await rowsOf('api-keys.csv')).find(([shop]) => shop === 'webshop')?.[1] ?? ''
  const [names = [], ...cards] = await rowsOf('cards.csv')
  const at = (card: readonly string[], name: string): string => card[names.indexOf(name)] ?? ''
  const sold = cards.filter((card) => at(card, 'issue') === 'OPEN' && at(card, 'state') === 'sold').slice(0, CARDS)
  const tokens: string[] = []
  for (const card of sold) {
    const answer = await fetch(`http://${akart.web}/api/v1/card-tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ card: { number: at(card, 'number'), ecode: at(card, 'ecode') } }),
    })
    const { token } = (await answer.json()) as { token?: string }
    if (token !== undefined) tokens.push(token)
  }
  if (tokens.length < CARDS / 2) throw new Error(`${tokens.length} of ${sold.length} cards gave a token`)
  return { akart, key, tokens }
}

async function overHttp({ akart, key, tokens }: Shop, callers: number, ms: number): Promise<WebCosts> {
  const before = { akart: akart.switchCpu(), server: akart.serverCpu() }
  const child = spawn(process.execPath, [LOAD, akart.web, key, String(callers), String(ms)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(tokens.join('\n'))
  let text = ''
  for await (const part of child.stdout) text += String(part)
  const round = JSON.parse(text) as WebRound
  return {
    ...round,
    akartCpu: (akart.switchCpu() - before.akart) / round.answered,
    serverCpu: (akart.serverCpu() - before.server) / round.answered,
  }
}

async function watchMemory(shop: Shop): Promise<void> {
  const { akart } = shop
  const seen: number[] = []
  const look = setInterval(() => seen.push(akart.memory() / MEBI), 500)
  const { answered } = await overHttp(shop, 64, LONG_MS)
  clearInterval(look)
  const half = seen.slice(seen.length >> 1)
  const [first = 0] = half
  console.log(
    `\nmemory over ${answered} payments: ${seen[0]?.toFixed(0)} MiB at the start, ${first.toFixed(0)} half-way, ${Math.max(...half).toFixed(0)} at most after it`,
  )
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { middle } from './closed-loop.ts'
import type { LoadResult } from './load.ts'
import { childrenTime, loadAverage } from './machine.ts'
import { row } from './table.ts'

/**
 * The largest rate that `akart-sim load` can send from one process to a sink that answers at once: requests a second,
 * and processor time per request, including the start and the report. 1,000,000 divided by that is the limit of one
 * core.
 */

const ROUNDS = 5
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 4_000)
const WANTED = 20_000
const CARDS = 100
const TERMINALS = [
  ['NOMAC001', 'none', ''],
  ['RETAIL01', 'retail', '0123456789ABCDEFFEDCBA9876543210'],
] as const

const SHAPES = {
  '8 lines, 256 outstanding': ['--connections', '8', '--outstanding', '256'],
  '8 lines, 20,000 a second': ['--connections', '8', '--rate', '20000'],
  '1,000 lines, 1,000 tills': ['--connections', '1000', '--terminals', '1000', '--outstanding', '1000'],
  '10,000 lines, tills that think 0.1 to 0.9 s': [
    '--connections', '10000', '--terminals', '10000', '--outstanding', '10000', '--think', '100ms..900ms',
  ], // prettier-ignore
  'a MAC on each request (retail), 256 outstanding': ['--outstanding', '256', '--use', 'RETAIL01'],
} as const satisfies Record<string, readonly string[]>

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'akart-load-'))
  mkdirSync(join(home, 'demo'))
  const numbers = Array.from({ length: CARDS }, (_, i) => `62991000000${String(i).padStart(5, '0')}`)
  const cards = numbers.map((number) => `${number},${number}=49127220001234567`)
  writeFileSync(join(home, 'demo', 'cards.csv'), ['number,track2', ...cards, ''].join('\n'))
  const terminals = TERMINALS.map(([name, mac, key]) => `${name},000000000000001,none,${mac},${key}`)
  writeFileSync(
    join(home, 'demo', 'terminals.csv'),
    ['terminal,store,confirmation,mac,key', ...terminals, ''].join('\n'),
  )
  return home
}

const fileBeside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function startSink() {
  const child = spawn(process.execPath, [fileBeside('load-sink.js')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const ended = once(child, 'exit')
  return { port: Number(String(line)), stop: async () => (child.stdin.end(), ended) }
}

async function round(home: string, port: number, words: readonly string[]) {
  const before = childrenTime()
  const args = ['load', '--home', home, '--target', `127.0.0.1:${port}`, '--mix', 'payment', '--json']
  const all = [fileBeside('../simulators/akart-sim.js'), ...args, '--seconds', String(ROUND_MS / 1_000), ...words]
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await exited) as [number]
  if (code !== 0) throw new Error(`akart-sim load ended with ${code}:\n${complaints}${out}`)
  const { seconds, operations, latency } = JSON.parse(out) as LoadResult
  const answered = operations['payment']?.answered ?? 0
  return { perSecond: answered / seconds, cpu: (childrenTime() - before) / answered, p99: latency.p99 }
}

/** @throws when a request went unanswered, or a core sends less than is wanted */
export async function benchLoadGenerator(): Promise<void> {
  const home = makeHome()
  const sink = await startSink()
  console.log(`load ${loadAverage()} before the run; medians of ${ROUNDS} rounds of ${ROUND_MS / 1_000} s`)
  console.log(row(['requests/s', 'µs each', 'a core/s', 'p99 ms']))
  try {
    for (const [name, words] of Object.entries(SHAPES)) {
      const rounds: Awaited<ReturnType<typeof round>>[] = []
      for (let i = 0; i < ROUNDS; i++) rounds.push(await round(home, sink.port, words))
      const of = (value: (one: (typeof rounds)[number]) => number) => middle(rounds.map(value))
      const core = 1e6 / of(({ cpu }) => cpu)
      const cells = [of(({ perSecond }) => perSecond).toFixed(0), of(({ cpu }) => cpu).toFixed(1), core.toFixed(0)]
      console.log(`${row([...cells, of(({ p99 }) => p99).toFixed(1)])}  ${name}`)
      if (name.startsWith('8 lines, 256') && core < WANTED)
        throw new Error(`a core sends ${core.toFixed(0)}, wanted ${WANTED}`)
    }
  } finally {
    await sink.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

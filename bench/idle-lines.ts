import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RunningAkart } from './akart.ts'
import { middle } from './closed-loop.ts'
import { type LoadRound, runLoad } from './load.ts'
import { onDemo } from './on-demo.ts'
import { row } from './table.ts'

/**
 * The cost of 10,000 idle lines: memory of the switch, and throughput and latency of a busy line beside them. Switch,
 * idle lines and busy line are separate processes (a process here has at most 20,000 file descriptors). Runs with and
 * without idle lines alternate, so that other work of the machine affects both.
 */

const LINES = 10_000
const ROUNDS = 5
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
/** One line, sixteen requests at once: what a busy concentrator does. */
const BUSY = ['--mix', 'payment', '--use', 'DEMO0004', '--connections', '1']
const OUTSTANDING = 16
// The time in which the garbage collector gives memory back.
const SETTLE_MS = 1_500

const QUIET = { AKART_LOG_LEVEL: 'error' }

const HOLDER = fileURLToPath(new URL('hold-lines.js', import.meta.url))

export async function benchIdleLines(): Promise<void> {
  const costs: number[] = []
  for (let i = 0; i < 3; i++) await onDemo(QUIET, async (akart) => void costs.push(await costOfLines(akart)))
  const shown = costs.map((mib) => mib.toFixed(1)).join(', ')
  console.log(`${LINES} lines cost ${shown} MiB of resident memory, in a fresh process each time (wanted < 64)`)
  await onDemo(QUIET, besideBusyLine)
}

/** MiB, in a process that has done nothing: the garbage of a load would be more than this. */
async function costOfLines(akart: RunningAkart): Promise<number> {
  await sleep(SETTLE_MS)
  const before = akart.memory()
  const held = await holdLines(akart)
  await sleep(SETTLE_MS)
  const after = akart.memory()
  await held.end()
  return (after - before) / 2 ** 20
}

async function besideBusyLine(akart: RunningAkart): Promise<void> {
  await runLoad(akart, BUSY, OUTSTANDING, ROUND_MS) // to warm up
  const alone: LoadRound[] = []
  const beside: LoadRound[] = []
  for (let i = 0; i < ROUNDS; i++) {
    alone.push(await runLoad(akart, BUSY, OUTSTANDING, ROUND_MS))
    const held = await holdLines(akart)
    await sleep(SETTLE_MS)
    beside.push(await runLoad(akart, BUSY, OUTSTANDING, ROUND_MS))
    await held.end()
  }
  const of = (rounds: readonly LoadRound[], figure: (round: LoadRound) => number): number => middle(rounds.map(figure))
  console.log(row(['idle lines', 'requests/s', 'p50 ms', 'p99 ms', 'switch µs']))
  for (const [name, rounds] of [
    ['0', alone],
    [String(LINES), beside],
  ] as const) {
    // prettier-ignore
    const figures = [of(rounds, (r) => r.perSecond).toFixed(0), of(rounds, (r) => r.p50).toFixed(2)]
    console.log(row([name, ...figures, of(rounds, (r) => r.p99).toFixed(2), of(rounds, (r) => r.switchCpu).toFixed(0)]))
  }
  const ratio = (figure: (round: LoadRound) => number): string => (of(beside, figure) / of(alone, figure)).toFixed(2)
  console.log(
    `requests/s ${ratio((r) => r.perSecond)}x (wanted ≥ 0.9), p50 ${ratio((r) => r.p50)}x, p99 ${ratio((r) => r.p99)}x`,
  )
}

/** Opens them from a process of its own; resolves when all are open. */
async function holdLines({ target }: RunningAkart): Promise<{ readonly end: () => Promise<void> }> {
  const child = fork(HOLDER, [target, String(LINES)])
  const exited = once(child, 'exit')
  const opened = once(child, 'message')
  const first = await Promise.race([opened.then(() => 'open'), exited.then(([code]) => `ended with ${String(code)}`)])
  if (first !== 'open') throw new Error(`the holder of idle lines ${first}`)
  return {
    async end() {
      child.kill('SIGTERM')
      await exited
      await sleep(SETTLE_MS) // until the switch has closed them too
    },
  }
}

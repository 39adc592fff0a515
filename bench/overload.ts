import type { RunningAkart } from './akart.ts'
import { middle } from './closed-loop.ts'
import { load, type LoadResult } from './load.ts'
import { onDemo } from './on-demo.ts'
import { row } from './table.ts'

/**
 * Overload: payments at twice and ten times the engine's capacity, open loop, over 64 lines. The engine is kept small
 * (one worker, one request per batch), so that it is the limit: with both cores busy, the load generator could not
 * offer twice the capacity, and its own processor time would count as lost approvals. Capacity and overload alternate
 * in short turns, because the speed of the machine varies by a fifth within ten seconds.
 */

const ENGINE = { AKART_ENGINE_WORKERS: '1', AKART_ENGINE_BATCH_MAX: '1', AKART_LOG_LEVEL: 'error' }
const LINES = 64
const ROUNDS = 9
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
const WORK = ['--mix', 'payment', '--use', 'DEMO0004', '--connections', String(LINES), '--terminals', String(LINES)]
const TIMES = [1, 2, 10] as const

export const benchOverload = (): Promise<void> =>
  onDemo(ENGINE, async (akart) => {
    await capacityOf(akart) // to warm up
    const before = akart.memory()
    console.log(
      row([
        'load',
        'offered/s',
        'approved/s',
        'of capacity',
        '96/s',
        '96 p99 ms',
        '96 max ms',
        '00 p99 ms',
        'switch µs',
      ]),
    )
    for (const times of TIMES) {
      const rounds: OverloadRound[] = []
      for (let i = 0; i < ROUNDS; i++) {
        const capacity = await capacityOf(akart)
        const rate = ['--rate', String(Math.round(capacity * times))]
        const cpu = akart.switchCpu()
        const result = await load(akart, [...WORK, ...rate], ROUND_MS)
        rounds.push({ capacity, result, cpu: akart.switchCpu() - cpu })
      }
      console.log(line(times, rounds))
    }
    console.log(`memory of the switch: ${mib(before)} MiB before, ${mib(akart.memory())} MiB after`)
  })

/** Approvals a second with just as many callers as keep the engine busy. */
async function capacityOf(akart: RunningAkart): Promise<number> {
  const { codes, seconds } = await load(akart, [...WORK, '--outstanding', '32'], ROUND_MS)
  return (codes['00'] ?? 0) / seconds
}

/** `cpu`: processor time of the switch in the round, µs. */
type OverloadRound = { readonly capacity: number; readonly result: LoadResult; readonly cpu: number }

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

function line(times: number, rounds: readonly OverloadRound[]): string {
  const of = (figure: (result: LoadResult) => number): number => middle(rounds.map(({ result }) => figure(result)))
  /** Over the rounds in which this code was answered. */
  const latency = (code: string, figure: 'p99' | 'max'): string => {
    const figures = rounds.flatMap(({ result }) => result.latencyByCode[code]?.[figure] ?? [])
    return figures.length === 0 ? '-' : middle(figures).toFixed(1)
  }
  const rate = (code: string) => (result: LoadResult) => (result.codes[code] ?? 0) / result.seconds
  const share = middle(rounds.map(({ capacity, result }) => rate('00')(result) / capacity))
  return row([
    `${times}x`,
    of((r) => sum(Object.values(r.operations).map(({ sent }) => sent)) / r.seconds).toFixed(0),
    of(rate('00')).toFixed(0),
    share.toFixed(2),
    of(rate('96')).toFixed(0),
    latency('96', 'p99'),
    latency('96', 'max'),
    latency('00', 'p99'),
    middle(rounds.map(({ result, cpu }) => cpu / sum(Object.values(result.codes)))).toFixed(0),
  ])
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)

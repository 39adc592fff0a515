import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median, type Round } from './closed-loop.ts'
import { loadAverage } from './machine.ts'
import type { Order, Said } from './side.ts'
import { row } from './table.ts'

/**
 * This checkout's engine, with all that is folded and chained beside it, against that of an older one: AKART_BENCH_BEFORE
 * is the directory of a checkout that is built. Each has a database server of its own; they take turns within each line,
 * so that other load of the machine affects both. A line is the median of its rounds.
 */

const ROUNDS = Number(process.env['AKART_BENCH_ROUNDS'] ?? 7)
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
const CALLERS = (process.env['AKART_BENCH_CALLERS'] ?? '1,64,256').split(',').map(Number)
/** Mixes of traffic.ts. */
const MIXES = ['payments, policy none', 'payments and top-ups, confirmed'] as const
const SIDE = fileURLToPath(new URL('side.js', import.meta.url))
const HERE = fileURLToPath(new URL('../../', import.meta.url))

type Side = {
  readonly play: (order: Exclude<Order, 'end'>) => Promise<Exclude<Said, 'ready'>>
  readonly end: () => Promise<void>
}

async function openSide(root: string): Promise<Side> {
  const child = fork(SIDE, [root], { cwd: root, execArgv: [] })
  const exited = once(child, 'exit')
  await heard(child, exited)
  return {
    async play(order) {
      child.send(order)
      const said = await heard(child, exited)
      if (said === 'ready') throw new Error('a side says that it is ready instead of what it measured')
      return said
    },
    async end() {
      child.send('end' satisfies Order)
      const [code] = (await exited) as [number | null]
      if (code !== 0) throw new Error(`${root} ended with ${code}`)
    },
  }
}

async function heard(child: ChildProcess, exited: Promise<unknown[]>): Promise<Said> {
  const said = once(child, 'message')
  const first = await Promise.race([
    said,
    exited.then(([code]) => Promise.reject(new Error(`a side ended with ${String(code)}`))),
  ])
  return first[0] as Said
}

export async function benchBeforeAfter(): Promise<void> {
  const older = process.env['AKART_BENCH_BEFORE']
  if (older === undefined) {
    console.log('name a checkout that is built in AKART_BENCH_BEFORE')
    return
  }
  const [before, after] = [await openSide(older), await openSide(HERE)]
  console.log(`load ${loadAverage()}; ${ROUNDS} rounds of ${ROUND_MS} ms each`)
  for (const [mix, name] of MIXES.entries()) {
    console.log(
      `\n${name}\n${row(['callers', '', 'requests/s', 'p50 ms', 'p99 ms', 'node µs', 'MariaDB µs', 'unfolded'])}`,
    )
    for (const callers of CALLERS) {
      const rounds: { before: Round[]; after: Round[] } = { before: [], after: [] }
      let unfolded = 0
      for (let i = 0; i < ROUNDS; i++) {
        // The sides alternate in going first: the second one finds the machine as the first one left it.
        for (const side of i % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const)) {
          const played = await (side === 'before' ? before : after).play({ mix, callers, ms: ROUND_MS })
          rounds[side].push(played.round)
          if (side === 'after') unfolded = played.unfolded
        }
      }
      const [old, now] = [median(rounds.before), median(rounds.after)]
      console.log(line(`${callers}`, 'before', old, ''))
      console.log(line('', 'after', now, String(unfolded)))
      console.log(ratios(now, old))
    }
  }
  await before.end()
  await after.end()
}

const line = (callers: string, side: string, r: Round, unfolded: string): string =>
  row([
    callers,
    side,
    r.perSecond.toFixed(0),
    r.p50.toFixed(2),
    r.p99.toFixed(2),
    r.nodeCpu.toFixed(1),
    r.serverCpu.toFixed(1),
    unfolded,
  ])

const ratios = (now: Round, old: Round): string => {
  const of = (pick: (r: Round) => number): string => `${(pick(now) / pick(old)).toFixed(3)}x`
  return row([
    '',
    'ratio',
    of((r) => r.perSecond),
    of((r) => r.p50),
    of((r) => r.p99),
    of((r) => r.nodeCpu),
    of((r) => r.serverCpu),
    `cpu ${of((r) => r.nodeCpu + r.serverCpu)}`,
  ])
}

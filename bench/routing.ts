import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { luhnDigit } from '../src/cards/number.ts'
import { privateAccess } from '../src/home/mariadb-server.ts'
import { parseProfile, type Profile } from '../src/iso8583/profile.ts'
import { startAkart, type RunningAkart } from './akart.ts'
import { PLACE } from './books.ts'
import { middle } from './closed-loop.ts'
import { flushesPerSecond, loadAverage, processorTime } from './machine.ts'
import { type ClientRound, payFor } from './routing-client.ts'
import { row } from './table.ts'

/**
 * Routed payments through the switch against the same client that talks to the host directly; the two take turns. The
 * host is `akart-sim host`, once answering after 20 ms, once at once. Beside them payments with cards of our own through
 * the same switch, which take one commit where a routed one takes two, and the floor: a relay that does nothing but two
 * commits in the same database (`routing-floor.ts`).
 */

const ROUNDS = 3
const ROUND_MS = Number(process.env['AKART_BENCH_MS'] ?? 2_000)
const OUTSTANDING = [1, 16, 64, 128, 256] as const
const HOST_DELAYS = [20, 0] as const
const FLOOR = fileURLToPath(new URL('routing-floor.js', import.meta.url))
const SIMULATOR = fileURLToPath(new URL('../simulators/akart-sim.js', import.meta.url))
const PROFILE_FILE = fileURLToPath(new URL('../../config/iso8583/iso87-ascii.yaml', import.meta.url))

export async function benchRouting(): Promise<void> {
  await mkdir(PLACE, { recursive: true })
  const home = await mkdtemp(join(PLACE, 'home-'))
  const profile = parseProfile(await readFile(PROFILE_FILE, 'utf8'), PROFILE_FILE)
  console.log(`load ${loadAverage()} before the run, ${flushesPerSecond(PLACE).toFixed(0)} flushes a second`)
  try {
    for (const delay of HOST_DELAYS) await withHost(delay, home, profile)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

type RunningHost = { readonly place: string; readonly cards: readonly string[]; readonly cpu: () => number }

async function withHost(delay: number, home: string, profile: Profile): Promise<void> {
  const rules = delay === 0 ? [] : ['--rule', `slow ms=${delay}`]
  const cards = join(home, 'host-cards.yaml')
  await writeFile(cards, HOST_CARDS)
  const words = [SIMULATOR, 'host', '--port', '0', '--codec', 'own', '--cards', cards, ...rules]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const host = await hostOf(child)
    const config = join(home, 'routing.yaml')
    await writeFile(config, configFor(host.place))
    const akart = await startAkart(home, {}, ['--config', config])
    const floor = await startFloor(host.place, home)
    try {
      console.log(`\nhost answers ${delay === 0 ? 'at once' : `after ${delay} ms`}\n${row(HEAD)}`)
      const own = await ownCards(home)
      for (const outstanding of OUTSTANDING) await compare({ akart, host, floor, own }, outstanding, profile)
      await akart.prove()
    } finally {
      await floor.stop()
      await akart.stop()
    }
  } finally {
    child.kill('SIGTERM')
  }
}

type RunningFloor = { readonly place: string; readonly cpu: () => number; readonly stop: () => Promise<void> }

async function startFloor(host: string, home: string): Promise<RunningFloor> {
  const { socketPath } = privateAccess(join(home, 'mariadb', 'data'))
  const child = fork(FLOOR, [host, socketPath ?? ''])
  const exited = once(child, 'exit')
  const [place] = await Promise.race([
    once(child, 'message') as Promise<[string]>,
    exited.then(([code]): never => {
      throw new Error(`the floor ended with ${String(code)}`)
    }),
  ])
  return {
    place,
    cpu: () => processorTime(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function hostOf(child: ChildProcess): Promise<RunningHost> {
  if (child.stdout === null) throw new Error('no standard output')
  for await (const line of createInterface(child.stdout)) {
    const [, place, control] = /^ready host=(\S+) control=(\S+)/u.exec(line) ?? []
    if (place === undefined || control === undefined) continue
    const cards = (await (await fetch(`http://${control}/cards`)).json()) as {
      state: string
      balance: number
      track2: string
    }[]
    const pid = child.pid ?? 0
    const payers = cards.filter(({ state, balance }) => state === 'sold' && balance > 0)
    return { place, cards: payers.map(({ track2 }) => track2), cpu: () => processorTime(pid) }
  }
  throw new Error('akart-sim host ended before it was ready')
}

/** Twenty cards with more money than a run can pay: asked directly, a host answers 20,000 requests a second. */
const HOST_CARDS = `cards:\n${Array.from({ length: 20 }, (_, i) => `629917${String(i + 1).padStart(9, '0')}`)
  .map((digits) => `  - { number: '${digits}${luhnDigit(digits)}', state: sold, balance: 9000000.00 }`)
  .join('\n')}\n`

const configFor = (place: string): string => `
upstreams:
  - { name: partner, kind: partner-gift, host: ${place.split(':')[0]}, port: ${place.split(':')[1]}, perConnection: 128 }
routes:
  - { prefix: '629917', to: partner }
log: { level: warn }
`

/** Tracks of the sold demo cards of the open issue. */
async function ownCards(home: string): Promise<string[]> {
  const lines = (await readFile(join(home, 'demo', 'cards.csv'), 'utf8')).trim().split('\n')
  const rows = lines.slice(1).map((line) => line.trim().split(','))
  return rows.flatMap(([, , track2 = '', , , issue, state]) => (issue === 'OPEN' && state === 'sold' ? [track2] : []))
}

const HEAD = [
  'outstanding', 'direct/s', 'p50 ms', 'routed/s', 'p50 ms', 'p99 ms', 'ratio', 'added p50', 'own p50', 'switch µs',
  'MariaDB µs', 'host µs', 'floor/s', 'ratio', 'floor µs', 'MariaDB µs',
] // prettier-ignore

type Contestants = {
  readonly akart: RunningAkart
  readonly host: RunningHost
  readonly floor: RunningFloor
  readonly own: readonly string[]
}

async function compare({ akart, host, floor, own }: Contestants, outstanding: number, profile: Profile): Promise<void> {
  const direct: ClientRound[] = []
  const routed: ClientRound[] = []
  const unrouted: ClientRound[] = []
  const bare: ClientRound[] = []
  const cpu = { switch: 0, server: 0, host: 0 }
  const least = { floor: 0, server: 0 }
  await payFor(profile, akart.target, host.cards, outstanding, ROUND_MS / 4) // to warm up
  for (let i = 0; i < ROUNDS; i++) {
    direct.push(await payFor(profile, host.place, host.cards, outstanding, ROUND_MS))
    const before = { switch: akart.switchCpu(), server: akart.serverCpu(), host: host.cpu() }
    routed.push(await payFor(profile, akart.target, host.cards, outstanding, ROUND_MS))
    cpu.switch += akart.switchCpu() - before.switch
    cpu.server += akart.serverCpu() - before.server
    cpu.host += host.cpu() - before.host
    const start = { floor: floor.cpu(), server: akart.serverCpu() }
    bare.push(await payFor(profile, floor.place, host.cards, outstanding, ROUND_MS))
    least.floor += floor.cpu() - start.floor
    least.server += akart.serverCpu() - start.server
    unrouted.push(await payFor(profile, akart.target, own, outstanding, ROUND_MS / 4))
  }
  const of = (rounds: readonly ClientRound[], figure: (round: ClientRound) => number): number =>
    middle(rounds.map(figure))
  const answered = routed.reduce((sum, round) => sum + round.answered, 0)
  const relayed = bare.reduce((sum, round) => sum + round.answered, 0)
  const [straight, through] = [of(direct, (r) => r.perSecond), of(routed, (r) => r.perSecond)]
  const [before, after] = [of(direct, (r) => r.p50), of(routed, (r) => r.p50)]
  console.log(
    row([
      String(outstanding),
      straight.toFixed(0),
      before.toFixed(2),
      through.toFixed(0),
      after.toFixed(2),
      of(routed, (r) => r.p99).toFixed(2),
      `${(through / straight).toFixed(2)}x`,
      (after - before).toFixed(2),
      of(unrouted, (r) => r.p50).toFixed(2),
      (cpu.switch / answered).toFixed(0),
      (cpu.server / answered).toFixed(0),
      (cpu.host / answered).toFixed(0),
      of(bare, (r) => r.perSecond).toFixed(0),
      `${(of(bare, (r) => r.perSecond) / straight).toFixed(2)}x`,
      (least.floor / relayed).toFixed(0),
      (least.server / relayed).toFixed(0),
    ]),
  )
}

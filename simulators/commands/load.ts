import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { type DemoFiles, readDemo } from '../demo/home.ts'
import { startLoad } from '../load/generate.ts'
import { parseMix } from '../load/mix.ts'
import { checkTarget, loadCards, loadTerminals, type Plan } from '../load/plan.ts'
import { loadResult, progressLine, resultLines } from '../load/report.ts'
import { newStatistics } from '../load/statistics.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAddress } from '../terminal/address.ts'
import { parseAmount } from '../terminal/amount.ts'
import { whole } from './whole.ts'

export type LoadOptions = Omit<DemoFiles, 'terminals'> & {
  target: string
  tills: number
  rate: string
  seconds: number | undefined
  count: number | undefined
  mix: string
  connections: number
  outstanding: number | undefined
  amount: string
  use: string | undefined
  allowRemote: boolean
  json: boolean
}

const DEFAULT_SECONDS = 10
const TOP_UP = 1_000

function parseRate(text: string): number | null {
  if (text === 'max') return null
  const rate = Number(text)
  if (rate > 0 && rate <= 1_000_000) return rate
  throw new SetUpError(`--rate ${text}: expected requests per second, or max`)
}

function planOf(options: LoadOptions): Plan {
  const target = parseAddress(options.target)
  checkTarget(target, options.allowRemote)
  const demo = readDemo({ home: options.home, cards: options.cards, terminals: undefined })
  const mix = parseMix(options.mix)
  const payment = parseAmount(options.amount)
  if (payment === null) throw new SetUpError(`--amount ${options.amount}: expected an amount such as 0.01`)
  const terminals = loadTerminals(demo, options.use?.split(',') ?? [], mix.confirm)
  const tills = Array.from(
    { length: whole('terminals', options.tills, 1, 100_000) },
    (_, i) => terminals[i % terminals.length],
  )
  const { seconds, count } = options
  if (seconds !== undefined && !(seconds > 0)) throw new SetUpError(`--seconds ${seconds}: expected more than 0`)
  return {
    target,
    tills: tills.filter((till) => till !== undefined),
    connections: whole('connections', options.connections, 1, 1_000),
    outstanding: whole('outstanding', options.outstanding ?? options.tills, 1, 100_000),
    rate: parseRate(options.rate),
    seconds: seconds ?? (count === undefined ? DEFAULT_SECONDS : null),
    count: count === undefined ? null : whole('count', count, 1, 1_000_000_000),
    mix,
    cards: loadCards(demo.cards),
    payment,
    topUp: TOP_UP,
  }
}

/** From build/simulators/commands/ the profile of the default listener is three folders up. */
const PROFILE = new URL('../../../config/iso8583/iso87-ascii.yaml', import.meta.url)

/**
 * `akart-sim load`. Progress goes to stderr where the result is JSON. Ctrl-C ends it early, table and all; a second
 * one kills. Exit code 0 when something was sent and every request answered.
 */
export async function loadCommand(options: LoadOptions, write: (line: string) => void): Promise<number> {
  const plan = planOf(options)
  const profile = parseProfile(readFileSync(PROFILE, 'utf8'), fileURLToPath(PROFILE))
  const statistics = newStatistics()
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const tell = options.json ? (line: string) => void process.stderr.write(`${line}\n`) : write
  const load = startLoad(plan, profile, statistics, stop.signal)
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - statistics.firstAt) / 1_000)
    if (statistics.firstAt > 0) tell(progressLine(statistics, seconds, load.inFlight()))
  }, 1_000)
  try {
    await load.ended
  } finally {
    clearInterval(progress)
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
  const { rate, connections, outstanding, tills, mix } = plan
  const shown = {
    rate: rate ?? 'max',
    tills: tills.length,
    connections,
    outstanding: rate === null ? outstanding : null,
    mix,
  }
  const outcome = { statistics, losses: load.losses(), interrupted: stop.signal.aborted, plan: shown }
  const result = loadResult(outcome)
  if (options.json) write(JSON.stringify(result))
  else resultLines(outcome).forEach(write)
  return result.answered > 0 && result.unanswered === 0 ? 0 : 1
}

import pc from 'picocolors'
import type { Argv } from 'yargs'
import { compare, compareLines, readResult } from '../load/compare.ts'
import { csvOf } from '../load/csv.ts'
import { startLoad } from '../load/generate.ts'
import { type Mix, parseMix, parseRange, readMix } from '../load/mix.ts'
import { loadPage, type LoadResult } from '../load/page.ts'
import { checkTarget, loadCards, loadTerminals, type Plan } from '../load/plan.ts'
import { loadResult, progressLine, resultLines } from '../load/report.ts'
import { newStatistics, type Statistics } from '../load/statistics.ts'
import { missedThresholds, type Thresholds } from '../load/thresholds.ts'
import { writeText } from '../report/files.ts'
import { parseDuration } from '../scenario/reader.ts'
import { SetUpError } from '../set-up-error.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { lineSetup } from '../setup/line-setup.ts'
import { withLine } from '../setup/options.ts'
import { parseAmount } from '../terminal/amount.ts'
import { whole } from './whole.ts'

export type LoadOptions = LineOptions &
  Thresholds & {
    tills: number
    rate: string
    ramp: number
    seconds: number | undefined
    count: number | undefined
    mix: string
    think: string | undefined
    connections: number
    outstanding: number | undefined
    amount: string | undefined
    use: string | undefined
    allowRemote: boolean
    csv: string | undefined
    out: string | undefined
    report: string | undefined
    json: boolean
  }

const DEFAULT_TILLS = 64
const DEFAULT_SECONDS = 10
const MOST_LINES = 50_000

export const loadOptions = <T>(args: Argv<T>) =>
  withLine(args)
    .positional('action', { choices: ['compare'] as const, describe: 'compare two results; default: run a load' })
    .positional('files', { type: 'string', array: true, default: [] as string[], describe: 'two files of --out' })
    .option('terminals', { type: 'string', describe: 'number of terminals, default 64, or FILE.csv of terminals' })
    .option('tills', { type: 'number', describe: 'number of terminals, if --terminals is a file' })
    .option('rate', { type: 'string', default: 'max', describe: 'requests per second (waiting counts), or max' })
    .option('ramp', { type: 'number', default: 0, describe: 'seconds in which rate or tills grow from nothing' })
    .option('seconds', { type: 'number', describe: 'duration; default: 10, without --count' })
    .option('count', { type: 'number', describe: 'number of requests' })
    .option('mix', {
      type: 'string',
      default: 'payment=80,confirm,balance=10,topup=10',
      describe: 'mix to send, or a FILE.yaml with one',
    })
    .option('think', {
      type: 'string',
      describe: 'with --rate max: pause of a terminal after an answer, for example 500ms or 1s..5s',
    })
    .option('connections', { type: 'number', default: 8, describe: 'number of connections' })
    .option('outstanding', {
      type: 'number',
      describe: 'with --rate max: requests in flight; default: one per terminal',
    })
    .option('amount', { type: 'string', describe: 'amount of a payment or a range such as 1.00..50.00; default: 0.01' })
    .option('use', { type: 'string', describe: 'terminals to simulate, for example DEMO0001,DEMO0004' })
    .option('allow-remote', { type: 'boolean', default: false, describe: 'allow a target that is not this machine' })
    .option('csv', { type: 'string', describe: 'FILE.csv, a row for each second' })
    .option('out', { type: 'string', describe: 'FILE.json of the result, for compare' })
    .option('report', { type: 'string', describe: 'FILE.html with charts' })
    .option('json', { type: 'boolean', default: false, describe: 'JSON, for programs' })
    .option('max-p50', { type: 'number', describe: 'milliseconds; exit code 1 when it is more' })
    .option('max-p95', { type: 'number' })
    .option('max-p99', { type: 'number' })
    .option('max-p999', { type: 'number' })
    .option('min-rate', { type: 'number', describe: 'requests per second; exit code 1 when it is less' })
    .option('max-declined', { type: 'number', describe: 'percentage of answers' })
    .option('tolerance', { type: 'number', default: 10, describe: 'compare: percentage that may get worse' })
    .example('$0 load --rate 500 --seconds 30 --max-p99 50', 'an even flow')
    .example('$0 load --mix payment --outstanding 256', 'as fast as it goes')
    .example('$0 load compare before.json after.json', 'two runs')

function parseRate(text: string): number | null {
  if (text === 'max') return null
  const rate = Number(text)
  if (rate > 0 && rate <= 1_000_000) return rate
  throw new SetUpError(`--rate ${text}: expected requests per second, or max`)
}

/** The mix, with amounts and pauses given as separate options. */
function mixOf({ mix: text, amount, think }: LoadOptions): Mix {
  const mix = /\.ya?ml$/.test(text) ? readMix(text) : parseMix(text)
  const payment = amount === undefined ? mix.payment : parseRange(amount, parseAmount)
  const pause = think === undefined ? mix.think : parseRange(think, parseDuration)
  if (payment === null) throw new SetUpError(`--amount ${amount}: expected an amount such as 0.01, or 1.00..50.00`)
  if (pause === null) throw new SetUpError(`--think ${think}: expected a time such as 500ms, or 1s..5s`)
  return { ...mix, payment, think: pause }
}

function planOf(options: LoadOptions): Plan {
  const { peer, profile, demo, terminal, currency } = lineSetup(options)
  checkTarget(peer.address, options.allowRemote)
  const mix = mixOf(options)
  const named = options.use?.split(',') ?? (terminal === null ? [] : [terminal.terminal])
  const terminals = loadTerminals(demo, named, mix.confirm)
  const tills = Array.from(
    { length: whole('terminals', options.tills, 1, 100_000) },
    (_, i) => terminals[i % terminals.length],
  )
  const { seconds, count, ramp } = options
  if (seconds !== undefined && !(seconds > 0)) throw new SetUpError(`--seconds ${seconds}: expected more than 0`)
  if (!(ramp >= 0)) throw new SetUpError(`--ramp ${ramp}: expected seconds`)
  return {
    peer,
    profile,
    currency,
    tills: tills.filter((till) => till !== undefined),
    connections: whole('connections', options.connections, 1, MOST_LINES),
    outstanding: whole('outstanding', options.outstanding ?? options.tills, 1, 100_000),
    rate: parseRate(options.rate),
    ramp,
    seconds: seconds ?? (count === undefined ? DEFAULT_SECONDS : null),
    count: count === undefined ? null : whole('count', count, 1, 1_000_000_000),
    mix,
    cards: loadCards(demo.cards),
  }
}

/** The part of the plan that is reported with the result. */
function shownPlan({ rate, ramp, connections, outstanding, tills, mix, peer, profile }: Plan): object {
  return {
    target: `${peer.address.host}:${peer.address.port}`,
    profile: profile.name,
    tls: peer.tls !== null,
    rate: rate ?? 'max',
    ramp,
    tills: tills.length,
    connections,
    outstanding: rate === null ? outstanding : null,
    mix,
  }
}

/** Runs a plan to its end, with a line of progress each second. Ctrl-C ends it early, a second one kills. */
async function play(plan: Plan, tell: (line: string) => void) {
  const statistics: Statistics = newStatistics()
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const load = startLoad(plan, statistics, stop.signal)
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
  return { statistics, losses: load.losses(), interrupted: stop.signal.aborted, plan: shownPlan(plan) }
}

function writeFiles({ csv, out, report }: LoadOptions, result: LoadResult): void {
  if (csv !== undefined) writeText('csv', csv, csvOf(result.series))
  if (out !== undefined) writeText('out', out, `${JSON.stringify(result)}\n`)
  if (report !== undefined) writeText('report', report, loadPage(result, Date.now()))
}

/**
 * `akart-sim load`. Progress goes to stderr where the result is JSON. Exit code 0 when something was sent, every request
 * answered, and every threshold kept.
 */
export async function loadCommand(options: LoadOptions, write: (line: string) => void): Promise<number> {
  const plan = planOf(options)
  missedThresholds(NOTHING, options)
  const tell = options.json ? (line: string) => void process.stderr.write(`${line}\n`) : write
  const outcome = await play(plan, tell)
  const result = loadResult(outcome)
  writeFiles(options, result)
  const missed = missedThresholds(result, options)
  if (result.answered === 0) tell(NO_ANSWER)
  if (options.json) write(JSON.stringify({ ...result, missed }))
  else for (const line of [...resultLines(outcome), ...missed.map((one) => pc.red(`  missed: ${one}`))]) write(line)
  return result.answered > 0 && result.unanswered === 0 && missed.length === 0 ? 0 : 1
}

const NO_ANSWER =
  'Nothing was answered. akart-sim send echo, with the same options for the line, says what its first bytes suggest.'

/** An empty run, to validate thresholds before the real one. */
const NOTHING = loadResult({ statistics: newStatistics(), losses: 0, interrupted: false, plan: {} })

/** `akart-sim load compare A B`. Exit code 1 when B is worse. */
function compareCommand(files: readonly string[], tolerance: number, json: boolean, write: (line: string) => void) {
  const [a, b, ...more] = files
  if (a === undefined || b === undefined || more.length > 0) throw new SetUpError('compare takes two files of --out')
  const all = compare(readResult(a), readResult(b), tolerance)
  const worse = all.filter((one) => one.worse)
  if (json) write(JSON.stringify({ ok: worse.length === 0, measures: all }))
  else {
    compareLines(all, [a, b]).forEach(write)
    write(worse.length === 0 ? pc.green('not worse') : pc.red(`worse: ${worse.map(({ name }) => name).join('; ')}`))
  }
  return worse.length === 0 ? 0 : 1
}

type Typed = Omit<LoadOptions, 'tills'> & {
  action: 'compare' | undefined
  files: string[]
  tills: number | undefined
  tolerance: number
}

/** The command as it is typed: `--terminals` is a number of tills or a file of terminals. */
export async function typedLoad(typed: Typed, write: (line: string) => void): Promise<number> {
  if (typed.action === 'compare') return compareCommand(typed.files, typed.tolerance, typed.json, write)
  const { terminals } = typed
  const isNumber = terminals !== undefined && /^\d+$/.test(terminals)
  const tills = typed.tills ?? (isNumber ? Number(terminals) : DEFAULT_TILLS)
  return loadCommand({ ...typed, tills, terminals: isNumber ? undefined : terminals }, write)
}

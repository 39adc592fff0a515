import type { Argv } from 'yargs'
import { ownProfiles } from '../describe/profiles.ts'
import { lacksForEcho } from '../fuzz/carried.ts'
import type { FuzzPlan } from '../fuzz/fuzz.ts'
import { processOn } from '../fuzz/process-watch.ts'
import { statisticsLines, troubleLines } from '../fuzz/report.ts'
import { divide, type FuzzResult, runFuzz } from '../fuzz/run.ts'
import { isLoopback, parseAddress } from '../terminal/address.ts'
import { reach } from '../terminal/reach.ts'
import { SetUpError } from '../set-up-error.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { type LineSetup, lineSetup } from '../setup/line-setup.ts'
import { withLine, withTerminals } from '../setup/options.ts'
import { whole } from './whole.ts'

export type FuzzOptions = LineOptions & {
  maxFrame: number
  count: number
  from: number
  seed: number | undefined
  lines: number
  beside: string | undefined
  patience: number
  json: boolean
  allowRemote: boolean
}

export const fuzzOptions = <T>(args: Argv<T>) =>
  withTerminals(withLine(args))
    .option('max-frame', { type: 'number', default: 4096, describe: 'maxFrameBytes of the listener' })
    .option('count', { type: 'number', default: 10_000, describe: 'number of frames' })
    .option('from', { type: 'number', default: 0, describe: 'number of the first frame' })
    .option('seed', { type: 'number', describe: 'seed; default: a new one' })
    .option('lines', { type: 'number', default: 4, describe: 'number of connections' })
    .option('patience', { type: 'number', default: 20, describe: 'seconds to wait for an answer' })
    .option('beside', {
      type: 'string',
      describe: 'HOST:PORT of an iso87-ascii, be2 listener for the well-behaved terminal',
    })
    .option('json', { type: 'boolean', default: false, describe: 'JSON, for programs' })
    .option('allow-remote', { type: 'boolean', default: false, describe: 'allow a target that is not this machine' })
    .example('$0 fuzz --count 100000', 'on the default listener')
    .example('$0 fuzz --target 127.0.0.1:8584 --profile iso87-bcd --tpdu 5 --beside 127.0.0.1:8583', 'on that of BCD')

/** More than the caches of a process of 80 to 200 MiB take. */
const MOST_GROWTH_MIB = 256

function planOf(options: FuzzOptions, { peer, profile }: LineSetup, demo: ReturnType<typeof divide>): FuzzPlan {
  const { address, framing, tls } = peer
  if (!isLoopback(address) && !options.allowRemote)
    throw new SetUpError(`--target ${address.host}:${address.port}: not this machine; --allow-remote if that is meant`)
  const lacking = lacksForEcho(profile)
  if (lacking.length > 0)
    throw new SetUpError(
      `--profile ${profile.name}: fuzz judges by echoes, for which DE ${lacking.join(', ')} is missing`,
    )
  const maxFrame = whole('max-frame', options.maxFrame, 64, 65_535)
  return {
    door: { address, tls },
    line: {
      profile,
      frame: { length: framing.length, tpdu: framing.tpdu === null ? 'none' : 5, maxFrame },
      others: ownProfiles().filter(({ name }) => name !== profile.name),
    },
    cast: demo.cast,
    seed: whole('seed', options.seed ?? Date.now() % 2 ** 32, 0, 2 ** 32 - 1),
    from: whole('from', options.from, 0, 1_000_000_000),
    count: whole('count', options.count, 1, 1_000_000_000),
    lines: whole('lines', options.lines, 1, 1_000),
    patienceMs: 1_000 * whole('patience', options.patience, 1, 600),
  }
}

/** The line of the terminal in good order; null: it does not speak the dialect of this line. */
function besideOf({ beside }: FuzzOptions, { profile, peer: { address, framing, tls } }: LineSetup) {
  if (beside !== undefined) return parseAddress(beside)
  const usual = profile.name === 'iso87-ascii' && framing.length === 'be2' && framing.tpdu === null && tls === null
  return usual ? address : null
}

const again =
  ({ profile }: FuzzOptions, { peer: { address, framing } }: LineSetup, seed: number) =>
  (number: number) =>
    `akart-sim fuzz --target ${address.host}:${address.port} --profile ${profile ?? 'iso87-ascii'} --length ${framing.length} ` +
    `--tpdu ${framing.tpdu === null ? 'none' : 5} --seed ${seed} --from ${number} --count 1`

/** Faults of the process and of the terminal beside it. */
function problemsOf({ good, growth }: FuzzResult): string[] {
  const grown = growth === null ? 0 : growth.after.mebibytes - growth.before.mebibytes
  return [
    ...(good?.missed ?? []).map((one) => `the terminal beside it missed an answer: ${one}`),
    ...(grown > MOST_GROWTH_MIB ? [`the process grew by ${grown.toFixed(0)} MiB`] : []),
  ]
}

function besideLines({ good, growth }: FuzzResult): string[] {
  return [
    good === null
      ? '  no terminal in good order was beside it (--beside)'
      : `  the terminal beside it: ${good.asked} asked, ${good.approved} approved, slowest ${good.slowest.toFixed(0)} ms`,
    growth === null
      ? '  the process could not be watched (--home of an akart on this machine)'
      : `  the process: ${growth.before.mebibytes.toFixed(0)} MiB before, ${growth.after.mebibytes.toFixed(0)} after, ` +
        `${growth.most.toFixed(0)} at most; ${growth.before.files} and ${growth.after.files} open files`,
  ]
}

/** `akart-sim fuzz`. Exit code 0 when the switch did all that it has to. */
export async function fuzzCommand(options: FuzzOptions, write: (line: string) => void): Promise<number> {
  const setup = lineSetup(options)
  await reach(setup.peer)
  const demo = divide(setup.demo)
  const plan = planOf(options, setup, demo)
  const beside = besideOf(options, setup)
  const result = await runFuzz(
    [plan],
    beside === null ? null : { target: beside, good: demo.good },
    processOn(setup.home),
  )
  const problems = problemsOf(result)
  const ok = result.trouble === null && problems.length === 0
  const told =
    result.trouble === null ? [] : troubleLines(result.trouble.trouble, plan.cast, again(options, setup, plan.seed))
  if (options.json) {
    const [statistics] = result.statistics
    const maps = {
      changes: Object.fromEntries(statistics?.changes ?? []),
      codes: Object.fromEntries(statistics?.codes ?? []),
    }
    const { good, growth, seconds } = result
    write(JSON.stringify({ ok, seed: plan.seed, ...statistics, ...maps, good, growth, seconds, told, problems }))
  } else {
    const lines = result.statistics.flatMap((one) => statisticsLines(one, result.seconds))
    for (const line of [...lines, ...besideLines(result), ...told, ...problems.map((one) => `FAILED: ${one}`)])
      write(line)
    write(`${ok ? 'passed' : 'failed'}, seed ${plan.seed}`)
  }
  return ok ? 0 : 1
}

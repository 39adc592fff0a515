import pc from 'picocolors'
import type { Argv } from 'yargs'
import type { DemoCard } from '../demo/cards.ts'
import { clerkOf } from '../scenario/clerk.ts'
import { lanesOf, playInLanes } from '../scenario/lanes.ts'
import { ownScenarios, readScenario } from '../scenario/own.ts'
import { type ReportFiles, withReports, writeReports } from '../report/files.ts'
import type { Report, Result } from '../report/report.ts'
import { tapOf } from '../report/tap.ts'
import { jsonReport, textReport } from '../scenario/report.ts'
import { both, gatheringResults } from '../scenario/results.ts'
import { runScenario } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { lineSetupWithFreshCards } from '../setup/line-setup.ts'
import { withLine, withTerminals } from '../setup/options.ts'
import { reach } from '../terminal/reach.ts'
import { stampClock } from '../terminal/stamp.ts'
import { whole } from './whole.ts'

export type RunOptions = LineOptions &
  ReportFiles & {
    /** None: all of simulators/scenarios that fit the switch's confirm timer. */
    files: string[]
    json: boolean
    keepGoing: boolean
    /** Seconds, as the switch was started with. */
    confirmTimeout: number
    /** How many are played beside each other. */
    jobs: number
    seed: number | undefined
    tap: boolean
  }

export const runOptions = <T>(args: Argv<T>) =>
  withReports(withTerminals(withLine(args)))
    .positional('files', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'YAML files or names of built-in scenarios; default: all built-in ones',
    })
    .option('jobs', { type: 'number', default: 8, describe: 'number of scenarios played in parallel' })
    .option('confirm-timeout', { type: 'number', default: 120, describe: 'confirmTimeoutSeconds of the switch' })
    .option('keep-going', { type: 'boolean', default: false, describe: 'continue after a failed step' })
    .option('seed', { type: 'number', describe: 'seed of random values; default: a new one' })
    .option('tap', { type: 'boolean', default: false, describe: 'TAP version 14 instead of the report' })
    .option('json', { type: 'boolean', default: false, describe: 'JSON with masked card numbers, for programs' })
    .example('$0 run first-sale', 'a card is sold and paid with')

/** Seconds; a shorter confirm timer would interfere with slow scenarios. */
const LONG = 60

/** The scenarios to play: the named files, or all that fit the switch's confirm timer. */
function choose({ files, confirmTimeout }: RunOptions): { played: Scenario[]; passed: Scenario[] } {
  if (files.length > 0) return { played: files.map(readScenario), passed: [] }
  const scenarios = ownScenarios()
  const fits = ({ confirmTimeoutMs: wanted }: Scenario) =>
    wanted === null ? confirmTimeout >= LONG : wanted === confirmTimeout * 1_000
  return { played: scenarios.filter(fits), passed: scenarios.filter((one) => !fits(one)) }
}

type Ended = { readonly scenario: Scenario; readonly result: 'passed' | 'failed' | 'not begun' }

/**
 * `akart-sim run`: plays scenarios. The exit code: 0 when every step came out as expected, 1 when one did not, 2 when
 * nothing failed and some could not begin.
 */
export async function runCommand(options: RunOptions, write: (line: string) => void): Promise<number> {
  const { played, passed } = choose(options)
  const { peer, demo, given, currency, home } = await lineSetupWithFreshCards(options)
  // A scenario may be what starts the host that is talked to.
  if (played.every(({ hosts }) => hosts.length === 0)) await reach(peer)
  const settings = {
    peer,
    currency,
    demo,
    stamp: stampClock(Date.now),
    used: new Set<DemoCard>(),
    clerk: clerkOf(home),
    keepGoing: options.keepGoing,
    given,
    seed: whole('seed', options.seed ?? Date.now() % 2 ** 32, 0, 2 ** 32 - 1),
  }
  const ended: Ended[] = []
  const results: Result[] = []
  const play = async (scenario: Scenario): Promise<void> => {
    // One alone is shown as it goes; beside others each is shown when it has ended, so that they don't mix. Of all that
    // there are, those that passed get a line only.
    const lines: string[] = []
    const put = played.length === 1 ? write : (line: string) => void lines.push(line)
    const found: Result[] = []
    const told = both(
      options.json ? jsonReport(put) : textReport(options.tap ? () => undefined : put),
      gatheringResults(found),
    )
    const result = await runScenario(scenario, settings, told)
    results.push(...found)
    if (options.tap) return void ended.push({ scenario, result })
    ended.push({ scenario, result })
    const brief = result === 'passed' && options.files.length === 0 && !options.json
    if (brief) write(`${pc.green('✓')} ${scenario.title}  ${pc.dim(scenario.file)}${lines.at(-1) ?? ''}`)
    else lines.forEach(write)
  }
  await playInLanes(lanesOf(played, demo.terminals), options.jobs, play)
  const { host, port } = peer.address
  const facts = { target: `${host}:${port}`, profile: peer.wire.profile, seed: String(settings.seed) }
  const report: Report = { title: 'Scenarios', at: Date.now(), facts, results }
  writeReports(options, report)
  if (options.tap) tapOf(report).forEach(write)
  else if (!options.json) summary(ended, passed).forEach(write)
  const came = (result: Ended['result']) => ended.some((one) => one.result === result)
  return came('failed') ? 1 : came('not begun') ? 2 : 0
}

function summary(ended: readonly Ended[], passed: readonly Scenario[]): string[] {
  const wants = passed.map(({ confirmTimeoutMs }) => (confirmTimeoutMs === null ? LONG : confirmTimeoutMs / 1_000))
  const skipped = [...new Set(wants)].map((seconds) => {
    const count = wants.filter((one) => one === seconds).length
    return `${count} passed over, for a switch with AKART_CONFIRM_TIMEOUT_SECONDS=${seconds}: say --confirm-timeout ${seconds}`
  })
  const files = (result: Ended['result']) =>
    ended.filter((one) => one.result === result).map(({ scenario }) => scenario.file)
  const [failed, unbegun] = [files('failed'), files('not begun')]
  const verdicts = [
    ...(failed.length + unbegun.length === 0 ? [pc.green(`${ended.length} scenarios passed`)] : []),
    ...(failed.length === 0
      ? []
      : [pc.red(`${failed.length} of ${ended.length} scenarios failed: ${failed.join(', ')}`)]),
    ...(unbegun.length === 0 ? [] : [pc.yellow(`${unbegun.length} could not begin: ${unbegun.join(', ')}`)]),
  ]
  return [...skipped.map((line) => pc.yellow(line)), ...(ended.length > 1 ? verdicts : [])]
}

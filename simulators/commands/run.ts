import pc from 'picocolors'
import type { DemoCard } from '../demo/cards.ts'
import { type DemoFiles, readDemo } from '../demo/home.ts'
import { clerkOf } from '../scenario/clerk.ts'
import { lanesOf, playInLanes } from '../scenario/lanes.ts'
import { ownScenarios, readScenario } from '../scenario/own.ts'
import { jsonReport, textReport } from '../scenario/report.ts'
import { runScenario } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { parseAddress } from '../terminal/address.ts'
import { stampClock } from '../terminal/stamp.ts'

export type RunOptions = DemoFiles & {
  /** None: all of simulators/scenarios that fit the switch's confirm timer. */
  files: string[]
  target: string
  json: boolean
  keepGoing: boolean
  /** Seconds, as the switch was started with. */
  confirmTimeout: number
  /** How many are played beside each other. */
  jobs: number
}

/** Seconds; under a shorter confirm timer a story that takes its time would be disturbed by it. */
const LONG = 60

/** What is played: the files that are named, or all whose story fits the switch's confirm timer. */
function choose({ files, confirmTimeout }: RunOptions): { played: Scenario[]; passed: Scenario[] } {
  if (files.length > 0) return { played: files.map(readScenario), passed: [] }
  const scenarios = ownScenarios()
  const fits = ({ confirmTimeoutMs: wanted }: Scenario) =>
    wanted === null ? confirmTimeout >= LONG : wanted === confirmTimeout * 1_000
  return { played: scenarios.filter(fits), passed: scenarios.filter((one) => !fits(one)) }
}

/** `akart-sim run`: plays scenarios. The exit code: 0 when every step came out as expected, else 1. */
export async function runCommand(options: RunOptions, write: (line: string) => void): Promise<number> {
  const target = parseAddress(options.target)
  const { played, passed } = choose(options)
  const demo = readDemo(options)
  const settings = {
    target,
    demo,
    stamp: stampClock(Date.now),
    used: new Set<DemoCard>(),
    clerk: clerkOf(options.home),
    keepGoing: options.keepGoing,
  }
  const failed: Scenario[] = []
  const play = async (scenario: Scenario): Promise<void> => {
    // One alone is shown as it goes; beside others each is shown when it has ended, so that they don't mix. Of all that
    // there are, those that passed get a line only.
    const lines: string[] = []
    const put = played.length === 1 ? write : (line: string) => void lines.push(line)
    const ok = await runScenario(scenario, settings, options.json ? jsonReport(put) : textReport(put))
    if (!ok) failed.push(scenario)
    const brief = ok && options.files.length === 0 && !options.json
    if (brief) write(`${pc.green('✓')} ${scenario.title}  ${pc.dim(scenario.file)}${lines.at(-1) ?? ''}`)
    else lines.forEach(write)
  }
  await playInLanes(lanesOf(played, demo.terminals), options.jobs, play)
  if (!options.json) summary(played, failed, passed).forEach(write)
  return failed.length === 0 ? 0 : 1
}

function summary(played: Scenario[], failed: Scenario[], passed: Scenario[]): string[] {
  const wants = passed.map(({ confirmTimeoutMs }) => (confirmTimeoutMs === null ? LONG : confirmTimeoutMs / 1_000))
  const skipped = [...new Set(wants)].map((seconds) => {
    const count = wants.filter((one) => one === seconds).length
    return `${count} passed over, for a switch with AKART_CONFIRM_TIMEOUT=${seconds}: say --confirm-timeout ${seconds}`
  })
  const verdict =
    failed.length === 0
      ? pc.green(`${played.length} scenarios passed`)
      : pc.red(`${failed.length} of ${played.length} scenarios failed: ${failed.map(({ file }) => file).join(', ')}`)
  return [...skipped.map((line) => pc.yellow(line)), ...(played.length > 1 ? [verdict] : [])]
}

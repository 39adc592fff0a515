import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import type { DemoCard } from '../demo/cards.ts'
import { type DemoFiles, readDemo } from '../demo/home.ts'
import { clerkOf } from '../scenario/clerk.ts'
import { lanesOf } from '../scenario/lanes.ts'
import { parseScenario } from '../scenario/parse.ts'
import { jsonReport, textReport } from '../scenario/report.ts'
import { runScenario } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { SetUpError } from '../set-up-error.ts'
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

/** The scenarios stay where they were written; this file runs from build/simulators/commands. */
const folder = fileURLToPath(new URL('../../../simulators/scenarios/', import.meta.url))

function readScenario(file: string): Scenario {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (problem) {
    throw new SetUpError(`${file}: ${(problem as NodeJS.ErrnoException).code ?? 'unreadable'}`)
  }
  const parsed = parseScenario(text, file)
  if (!parsed.ok) throw new SetUpError(parsed.faults.join('\n'))
  return parsed.scenario
}

/** All that come with the simulator, by name; shown as they are found from here. */
function ownFiles(): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return names.toSorted().map((name) => relative('.', join(folder, name)))
}

/** Seconds; under a shorter confirm timer a story that takes its time would be disturbed by it. */
const LONG = 60

/** What is played: the files that are named, or all whose story fits the switch's confirm timer. */
function choose({ files, confirmTimeout }: RunOptions): { played: Scenario[]; passed: Scenario[] } {
  if (files.length > 0) return { played: files.map(readScenario), passed: [] }
  const scenarios = ownFiles().map(readScenario)
  const fits = ({ confirmTimeoutMs: wanted }: Scenario) =>
    wanted === null ? confirmTimeout >= LONG : wanted === confirmTimeout * 1_000
  return { played: scenarios.filter(fits), passed: scenarios.filter((one) => !fits(one)) }
}

/** Each lane one scenario after another, `jobs` lanes at a time. */
async function inLanes(lanes: Scenario[][], jobs: number, play: (scenario: Scenario) => Promise<void>): Promise<void> {
  // The longest first, so that no lane is left over at the end.
  const waiting = lanes.toSorted((a, b) => b.length - a.length)
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift())
      for (const scenario of lane) await play(scenario)
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, lanes.length)) }, worker))
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
  await inLanes(lanesOf(played, demo.terminals), options.jobs, play)
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

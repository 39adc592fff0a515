import { spawn } from 'node:child_process'
import pc from 'picocolors'
import type { Argv } from 'yargs'
import { startJudgingHost } from '../conformance/terminal/host.ts'
import { playSituation } from '../conformance/terminal/run.ts'
import { type Situation, type SituationName, situationNames, situations } from '../conformance/terminal/situations.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { type ReportFiles, writeReports } from '../report/files.ts'
import { countOf, type Report, type Result } from '../report/report.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { knownTerminals, listenSetup } from '../setup/listen-setup.ts'
import { whole } from './whole.ts'

export type TerminalConformanceOptions = LineOptions &
  ReportFiles & {
    listen: string
    /** None: all. */
    situation: SituationName[]
    trigger: string | undefined
    /** Seconds. */
    patience: number
    quiet: number
    slow: number
    json: boolean
  }

export const terminalConformanceOptions = <T>(args: Argv<T>) =>
  args
    .option('listen', {
      type: 'string',
      default: '127.0.0.1:8700',
      describe: 'terminal: HOST:PORT that it connects to',
    })
    .option('situation', {
      type: 'string',
      array: true,
      choices: situationNames,
      default: [] as SituationName[],
      describe: 'terminal: only these situations; default: all',
    })
    .option('trigger', {
      type: 'string',
      describe: 'terminal: command that starts a payment; AKART_SITUATION and AKART_TARGET are set',
    })
    .option('patience', { type: 'number', default: 90, describe: 'terminal: seconds to wait for expected messages' })
    .option('quiet', { type: 'number', default: 5, describe: 'terminal: seconds to watch for wrong messages' })
    .option('slow', { type: 'number', default: 5, describe: 'terminal: seconds of a slow answer' })
    .example('$0 conformance terminal --listen 0.0.0.0:8700 --terminal T1 --store S1', 'judges the terminal that calls')

const MAX_FRAME = 4096
/** The time for a payment that a command (`--trigger`) makes the terminal send. */
const TRIGGERED_MS = 60_000

/**
 * Why a situation is impossible with this terminal; null: it is possible. Unknown properties are found out during the
 * test.
 */
function whyNot({ only }: Situation, terminals: readonly DemoTerminal[]): string | null {
  const all = (fits: (terminal: DemoTerminal) => boolean) => terminals.length > 0 && terminals.every(fits)
  if (only === 'mac' && (terminals.length === 0 || all(({ mac }) => mac === 'none')))
    return 'the terminal has no MAC key (--mac, --mac-key)'
  if (only === 'explicit' && all(({ confirmation }) => confirmation !== 'explicit')) return 'the terminal sends no 0202'
  return null
}

const MARKS = { passed: pc.green('✓'), failed: pc.red('✗'), skipped: pc.dim('–') } as const

function resultLines({ name, result, why, problems, details }: Result): string[] {
  return [
    `  ${MARKS[result]} ${name}${why === '' ? '' : pc.dim(`: ${why}`)}`,
    ...problems.map((one) => `      ${pc.red(one)}`),
    ...(result === 'failed' ? details.map((one) => pc.dim(`      ${one}`)) : []),
  ]
}

function trigger(command: string, name: string, target: string, write: (line: string) => void): void {
  const env = { ...process.env, AKART_SITUATION: name, AKART_TARGET: target }
  const child = spawn(command, { shell: true, stdio: 'ignore', env })
  child.on('error', (problem) => write(pc.red(`--trigger: ${problem.message}`)))
}

/** `akart-sim conformance terminal`: plays the host, and judges the terminal. Exit code 0 when nothing was wrong. */
export async function terminalConformance(
  options: TerminalConformanceOptions,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const setup = listenSetup(options.listen, options, MAX_FRAME)
  const terminals = knownTerminals(options)
  const slowMs = 1_000 * options.slow
  const waits = {
    patienceMs: 1_000 * options.patience,
    quietMs: 1_000 * options.quiet,
    requestMs: options.trigger === undefined ? null : TRIGGERED_MS,
    now: Date.now,
  }
  whole('patience', Math.ceil(options.patience), 1, 3_600)
  const host = await startJudgingHost({ ...setup, terminals, slowMs, now: Date.now })
  const put = (line: string) => (options.json ? undefined : write(line))
  const place = `${setup.listen.host}:${host.port}`
  put(`ready judge=${place}`)
  const chosen = options.situation.length === 0 ? situationNames : options.situation
  const results: Result[] = []
  try {
    for (const [i, name] of chosen.entries()) {
      if (signal.aborted) break
      const situation: Situation = situations[name]
      const why = whyNot(situation, terminals)
      put(pc.bold(`${i + 1} of ${chosen.length}  ${situation.title}`))
      if (why === null) put(`  ${pc.cyan(situation.tell)}`)
      if (why === null && options.trigger !== undefined) trigger(options.trigger, name, place, write)
      const skipped: Result = {
        suite: situation.title,
        name: situation.title,
        result: 'skipped',
        why: why ?? '',
        problems: [],
        details: [],
        seconds: 0,
      }
      const found = why === null ? await playSituation(host, situation, waits, signal) : [skipped]
      found.flatMap(resultLines).forEach(put)
      results.push(...found)
    }
  } finally {
    await host.stop()
  }
  const facts = { terminal: terminals[0]?.terminal ?? 'any', profile: setup.wire.profile }
  const report: Report = { title: 'Conformance of a terminal', at: Date.now(), facts, results }
  writeReports(options, report)
  const [good, bad, over] = (['passed', 'failed', 'skipped'] as const).map((one) => countOf(report, one))
  if (options.json) write(JSON.stringify({ ok: bad === 0, passed: good, failed: bad, skipped: over, results }))
  else write(`${bad === 0 ? pc.green(`${good} passed`) : pc.red(`${bad} failed, ${good} passed`)}, ${over} not checked`)
  return bad === 0 && (good ?? 0) > 0 ? 0 : 1
}

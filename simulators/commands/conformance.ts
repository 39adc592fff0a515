import type { Argv } from 'yargs'
import { withReports } from '../report/files.ts'
import { withLine, withTerminals } from '../setup/options.ts'
import { switchConformance, type SwitchConformanceOptions, switchConformanceOptions } from './conformance-switch.ts'
import {
  terminalConformance,
  type TerminalConformanceOptions,
  terminalConformanceOptions,
} from './conformance-terminal.ts'

/** The tested side. */
const judged = ['switch', 'terminal'] as const

export type ConformanceOptions = SwitchConformanceOptions & TerminalConformanceOptions & { of: (typeof judged)[number] }

export const conformanceOptions = <T>(args: Argv<T>) =>
  terminalConformanceOptions(switchConformanceOptions(withReports(withTerminals(withLine(args)))))
    .positional('of', {
      choices: judged,
      default: 'switch' as const,
      describe: 'what is tested: the switch or a terminal',
    })
    .option('json', { type: 'boolean', default: false, describe: 'JSON, for programs' })

/** `akart-sim conformance`: tests a switch or a terminal. Ctrl-C ends it early with the results so far. */
export async function conformanceCommand(options: ConformanceOptions, write: (line: string) => void): Promise<number> {
  if (options.of === 'switch') return switchConformance(options, write)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  return terminalConformance(options, write, stop.signal)
}

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetUpError } from '../set-up-error.ts'
import { parseScenario } from './parse.ts'
import type { Scenario } from './scenario.ts'

/** The scenarios stay where they were written; this file runs from build/simulators/scenario. */
const folder = fileURLToPath(new URL('../../../simulators/scenarios/', import.meta.url))

/** One scenario. Throws a SetUpError naming file and line. */
export function readScenario(file: string): Scenario {
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

/** All of them. */
export const ownScenarios = (): Scenario[] => ownFiles().map(readScenario)

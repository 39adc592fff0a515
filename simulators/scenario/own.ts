import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetUpError } from '../set-up-error.ts'
import { parseScenario } from './parse.ts'
import type { Scenario } from './scenario.ts'
import { readText } from '../read-text.ts'

/** The scenarios stay where they were written; this file runs from build/simulators/scenario. */
const folder = fileURLToPath(new URL('../../../simulators/scenarios/', import.meta.url))

/** The file of a scenario: its own, or that of a built-in one by its name. */
function fileOf(name: string): string {
  const built = join(folder, `${name}.yaml`)
  return /^[\w-]+$/.test(name) && !existsSync(name) && existsSync(built) ? relative('.', built) : name
}

/** Names of the built-in ones. */
export const ownNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .toSorted()

/** One scenario, by file or built-in name. Throws a SetUpError naming file and line. */
export function readScenario(name: string): Scenario {
  const file = fileOf(name)
  const hint = /^[\w-]+$/.test(name) ? `; built in are ${ownNames().join(', ')}` : ''
  const text = readText(file, { hint })
  const parsed = parseScenario(text, file)
  if (!parsed.ok) throw new SetUpError(parsed.faults.join('\n'))
  return parsed.scenario
}

/** All that come with the simulator; their files are shown as they are found from here. */
export const ownScenarios = (): Scenario[] =>
  ownNames().map((name) => readScenario(relative('.', join(folder, `${name}.yaml`))))

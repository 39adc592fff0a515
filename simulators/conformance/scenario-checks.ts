/** Runs a scenario as a check of conformance. */

import { runScenario, type RunSettings } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { StepOutcome, Watcher } from '../scenario/outcome.ts'
import type { Section } from '../scenario/sections.ts'
import { namedTerminals } from '../scenario/lanes.ts'
import { type Check, finding, type Finding, notChecked, passedOver } from './check.ts'

export type ScenarioChecks = {
  readonly settings: RunSettings
  /** Seconds, as the switch was started with. */
  readonly confirmTimeout: number
  /** Whether cases can be read and decided. */
  readonly cases: boolean
}

const problemsOf = ({ title, line, problems, talks }: StepOutcome, file: string): string[] => {
  const all = [...problems, ...talks.flatMap((talk) => talk.problems)]
  return all.map((problem) => `${file}:${line} ${title}: ${problem}`)
}

/** Collects faults silently. */
function gathering(file: string): { readonly watcher: Watcher; readonly problems: string[] } {
  const problems: string[] = []
  return {
    problems,
    watcher: {
      begin: () => undefined,
      card: ({ name, problem }) =>
        void (problem !== null && problems.push(name === '' ? problem : `card ${name}: ${problem}`)),
      step: (step) => void problems.push(...problemsOf(step, file)),
      end: () => undefined,
    },
  }
}

/** Seconds; a shorter confirm timer would interfere with slow scenarios. */
const LONG = 60

function whyNot({ confirmTimeoutMs, steps }: Scenario, { confirmTimeout, cases }: ScenarioChecks): string | null {
  const wanted = confirmTimeoutMs === null ? null : confirmTimeoutMs / 1_000
  if (wanted !== null && wanted !== confirmTimeout)
    return `for a switch whose confirm timer is ${wanted} s (--confirm-timeout ${wanted})`
  if (wanted === null && confirmTimeout < LONG) return `for a switch whose confirm timer is ${LONG} s or more`
  if (!cases && steps.some(({ kind }) => kind === 'decide')) return 'a clerk has to decide cases in it (--cases)'
  return null
}

/** The first terminal that the scenario names and this switch does not have. */
function unknownTerminal(scenario: Scenario, { settings: { demo } }: ScenarioChecks): string | null {
  const known = new Set([...demo.terminals, ...demo.keyTerminals].map(({ terminal }) => terminal))
  return namedTerminals(scenario).find((name) => !known.has(name)) ?? null
}

/** A scenario as a check. Without `cases` its looks at clarification cases are left out. */
export function scenarioCheck(scenario: Scenario, section: Section, checks: ScenarioChecks): Check {
  const run = async (): Promise<Finding> => {
    const why = whyNot(scenario, checks)
    if (why !== null) return passedOver(why)
    const steps = checks.cases ? scenario.steps : scenario.steps.filter(({ kind }) => kind !== 'cases')
    const { watcher, problems } = gathering(scenario.file)
    const unknown = unknownTerminal(scenario, checks)
    if (unknown !== null) return notChecked(`there is no terminal ${unknown} in terminals.csv`)
    const result = await runScenario({ ...scenario, steps }, checks.settings, watcher)
    if (result === 'not begun') return notChecked(problems.join('; '))
    return finding(result === 'passed' || problems.length > 0 ? problems : [`${scenario.file}: failed`])
  }
  return { section, title: scenario.title, run }
}

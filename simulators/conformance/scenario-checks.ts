import { runScenario, type RunSettings } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { StepOutcome, Watcher } from '../scenario/outcome.ts'
import type { Section } from '../scenario/sections.ts'
import { type Check, finding, type Finding, passedOver } from './check.ts'

export type ScenarioChecks = {
  readonly settings: RunSettings
  /** Seconds, as the switch was started with. */
  readonly confirmTimeout: number
  /** Whether clarification cases can be looked at and decided. */
  readonly cases: boolean
}

const problemsOf = ({ title, line, problems, talks }: StepOutcome, file: string): string[] => {
  const all = [...problems, ...talks.flatMap((talk) => talk.problems)]
  return all.map((problem) => `${file}:${line} ${title}: ${problem}`)
}

/** Gathers what went wrong, and says nothing meanwhile. */
function gathering(file: string): { readonly watcher: Watcher; readonly problems: string[] } {
  const problems: string[] = []
  return {
    problems,
    watcher: {
      begin: () => undefined,
      card: ({ name, problem }) => void (problem !== null && problems.push(`${file}: card ${name}: ${problem}`)),
      step: (step) => void problems.push(...problemsOf(step, file)),
      end: () => undefined,
    },
  }
}

/** Seconds; under a shorter confirm timer a story that takes its time would be disturbed by it. */
const LONG = 60

function whyNot({ confirmTimeoutMs, steps }: Scenario, { confirmTimeout, cases }: ScenarioChecks): string | null {
  const wanted = confirmTimeoutMs === null ? null : confirmTimeoutMs / 1_000
  if (wanted !== null && wanted !== confirmTimeout)
    return `for a switch whose confirm timer is ${wanted} s (--confirm-timeout ${wanted})`
  if (wanted === null && confirmTimeout < LONG) return `for a switch whose confirm timer is ${LONG} s or more`
  if (!cases && steps.some(({ kind }) => kind === 'decide')) return 'a clerk has to decide cases in it (--cases)'
  return null
}

/** A scenario as a check. Without `cases` its looks at clarification cases are left out. */
export function scenarioCheck(scenario: Scenario, section: Section, checks: ScenarioChecks): Check {
  const run = async (): Promise<Finding> => {
    const why = whyNot(scenario, checks)
    if (why !== null) return passedOver(why)
    const steps = checks.cases ? scenario.steps : scenario.steps.filter(({ kind }) => kind !== 'cases')
    const { watcher, problems } = gathering(scenario.file)
    const ok = await runScenario({ ...scenario, steps }, checks.settings, watcher)
    return finding(ok || problems.length > 0 ? problems : [`${scenario.file}: failed`])
  }
  return { section, title: scenario.title, run }
}

import type { DemoTerminal } from '../demo/terminals.ts'
import type { Scenario, Step } from './scenario.ts'

/** All terminals that a scenario names and does not choose itself. */
export function namedTerminals({ steps, terminals }: Scenario): string[] {
  const own = new Set(['', ...terminals.map(({ name }) => name)])
  return steps.flatMap((step) => named(step, '')).filter((name) => !own.has(name))
}

/** Terminals that a step names; one without a name is the first of the demo set, or that of the step it refers to. */
function named(step: Step, first: string): string[] {
  if (step.kind === 'loop') return step.steps.flatMap((one) => named(one, first))
  if (step.kind === 'together') return step.steps.flatMap((one) => named(one, first))
  if (step.kind !== 'talk' && step.kind !== 'bytes') return []
  const drawn = step.kind === 'talk' ? step.draws.terminals : []
  return drawn.length > 0 ? [...drawn] : [step.terminal ?? first]
}

const endsDay = (step: Step): boolean =>
  step.kind === 'talk' && 'operation' in step.origin && step.origin.operation === 'end-of-day'

/** Terminals whose answers depend on earlier requests: under policy `next`, or with an end of day. */
function statefulOf(scenarios: readonly Scenario[], terminals: readonly DemoTerminal[], first: string): Set<string> {
  const next = terminals.filter(({ confirmation }) => confirmation === 'next').map(({ terminal }) => terminal)
  const counted = scenarios.flatMap(({ steps }) => steps.filter(endsDay).flatMap((step) => named(step, first)))
  return new Set([...next, ...counted])
}

/**
 * Scenarios in lanes that can be played in parallel: those that share a stateful terminal are in one lane, in order.
 */
export function lanesOf(scenarios: readonly Scenario[], terminals: readonly DemoTerminal[]): Scenario[][] {
  const first = terminals[0]?.terminal ?? ''
  const stateful = statefulOf(scenarios, terminals, first)
  let lanes: { terminals: Set<string>; scenarios: Scenario[] }[] = []
  for (const scenario of scenarios) {
    const uses = new Set(scenario.steps.flatMap((step) => named(step, first)).filter((one) => stateful.has(one)))
    const shared = lanes.filter((lane) => [...uses].some((one) => lane.terminals.has(one)))
    const merged = {
      terminals: new Set([...uses, ...shared.flatMap((lane) => [...lane.terminals])]),
      scenarios: [...shared.flatMap((lane) => lane.scenarios), scenario],
    }
    lanes = [...lanes.filter((lane) => !shared.includes(lane)), merged]
  }
  return lanes.map((lane) => lane.scenarios)
}

/** Each lane one scenario after another, `jobs` lanes at a time. */
export async function playInLanes(
  lanes: Scenario[][],
  jobs: number,
  play: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  // The longest first, so that no lane is left over at the end.
  const waiting = lanes.toSorted((a, b) => b.length - a.length)
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift())
      for (const scenario of lane) await play(scenario)
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, lanes.length)) }, worker))
}

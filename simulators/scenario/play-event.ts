import { setTimeout as sleep } from 'node:timers/promises'
import { originalMti } from '../terminal/operations.ts'
import type { EventStep, HostStep } from './scenario.ts'
import type { Surroundings } from './surroundings.ts'

/** How wrong clocks are, by terminal; `''` all others. */
export type Clocks = Map<string, number>

const LOOK_MS = 20

/** Requests without their repeat bit, as they came so far. */
function counted(received: Readonly<Record<string, number>>, mti: string): number {
  return Object.entries(received).reduce((sum, [came, count]) => (originalMti(came) === mti ? sum + count : sum), 0)
}

/** Waits until a host has received the expected requests; returns what is missing after the time limit. */
async function receivedProblems(step: HostStep, { hosts }: Surroundings, timeoutMs: number): Promise<string[]> {
  const until = performance.now() + timeoutMs
  const wrong = () => {
    const { received } = hosts.get(step.host)?.state() ?? { received: {} }
    return step.received.flatMap(({ mti, counts }) => {
      const came = counted(received, mti)
      return counts.includes(came) ? [] : [`${step.host}: expected ${counts.join(' or ')} × ${mti}, came ${came}`]
    })
  }
  while (wrong().length > 0 && performance.now() < until) await sleep(LOOK_MS)
  return wrong()
}

/** Performs an event; returns the faults. */
export async function playEvent(
  step: EventStep,
  around: Surroundings,
  clocks: Clocks,
  timeoutMs: number,
): Promise<string[]> {
  switch (step.kind) {
    case 'clock':
      if (step.terminal === null) clocks.clear()
      clocks.set(step.terminal ?? '', step.ms)
      return []
    case 'network':
      if (step.state !== null) await around.gremlin?.line(step.state)
      else around.gremlin?.setRules(step.rules)
      return []
    case 'host': {
      const host = around.hosts.get(step.host)
      if (step.rules !== null) host?.setRules(step.rules)
      if (step.state !== null) await host?.line(step.state)
      return receivedProblems(step, around, timeoutMs)
    }
  }
}

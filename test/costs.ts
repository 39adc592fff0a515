import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Seconds of processor that a process took, with all that it started. */
export type Cost = { readonly name: string; readonly seconds: number }

export type Costs = {
  /** Called right after the process is started; all processes that this one starts should be named so. */
  readonly watch: (child: ChildProcess, name: string) => void
  /** Ended processes, and this process itself, the dearest first. */
  readonly all: () => readonly Cost[]
}

/**
 * Node waits for a child right before it reports its end, so the increase of the sum over all children belongs to that child.
 * (If two end in the same moment, the first one gets both.) All values are zero on systems without /proc.
 */
export function costsOfChildren(): Costs {
  const costs: Cost[] = []
  let before = processorTimeOf('self').children
  return {
    watch(child, name) {
      child.once('exit', () => {
        const { children } = processorTimeOf('self')
        costs.push({ name, seconds: children - before })
        before = children
      })
    },
    all: () =>
      [...costs, { name: 'the runner', seconds: processorTimeOf('self').own }].sort((a, b) => b.seconds - a.seconds),
  }
}

// Linux counts in ticks of 10 ms wherever Node runs (sysconf(_SC_CLK_TCK)).
const TICK_SECONDS = 0.01

/** Of a process itself, and of those that it has waited for with all that they waited for. */
export function processorTimeOf(pid: number | 'self'): { readonly own: number; readonly children: number } {
  const figures = statOf(pid).split(' ').slice(11, 15).map(Number)
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = figures
  return { own: (user + system) * TICK_SECONDS, children: (childrenUser + childrenSystem) * TICK_SECONDS }
}

/** The fields after the name, which may contain spaces and brackets: `S 1 2 …`. */
function statOf(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /su, '')
  } catch {
    return ''
  }
}

/** What all processors of the machine have worked since it was started, for whomever; zero where there is no /proc. */
export function processorTimeOfMachine(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = machineTicks()
  return (user + nice + system + irq + softirq) * TICK_SECONDS
}

/** The fields after `cpu`: user, nice, system, idle, iowait, irq, softirq, … */
function machineTicks(): readonly number[] {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1)
    return line.split(/\s+/u).slice(1).map(Number)
  } catch {
    return []
  }
}

/** A line each, seconds first. */
export const costTable = (costs: readonly Cost[]): string =>
  costs.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} ${name}\n`).join('')

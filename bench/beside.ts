import { setTimeout as sleep } from 'node:timers/promises'
import { GROUPS, type ThreadTimes, type Times } from './thread-times.ts'

/**
 * Measures the effect of a load on other requests by alternating windows with and without it within one run, so that a
 * machine that slows down affects both.
 */
export type Steady = {
  /**
   * Switches whether requests count as beside the load or alone. Requests within `SETTLE_MS` of a switch do not count.
   */
  readonly switchTo: (side: Side) => void
  /** Returns the figures so far and starts again from nothing. */
  readonly figures: () => string
  readonly stop: () => Promise<void>
}

export type Side = 'with' | 'without'

const SETTLE_MS = 300

type Window = {
  readonly side: Side
  readonly begun: number
  readonly took: number[]
  readonly late: number[]
  ended: number
  threads: ReturnType<ThreadTimes['since']> | null
}

const openWindow = (side: Side): Window => ({
  side,
  begun: performance.now(),
  took: [],
  late: [],
  ended: 0,
  threads: null,
})

/**
 * Sends requests at a steady rate, each at a random moment of its interval, so that work between requests cannot adapt to
 * their rhythm. The latency counts from when a request was due, so that a blocked event loop counts too.
 */
export function steadily(rate: number, ask: (i: number) => Promise<void>, threads: ThreadTimes): Steady {
  let windows: Window[] = [openWindow('without')]
  const endWindow = (): void => {
    const last = windows.at(-1)
    if (last !== undefined) [last.ended, last.threads] = [performance.now(), threads.since()]
  }
  let isStopping = false
  const running = new Set<Promise<void>>()
  const one = async (i: number, due: number): Promise<void> => {
    const window = windows.at(-1)
    const late = performance.now() - due
    await ask(i)
    if (window === undefined || due - window.begun <= SETTLE_MS) return
    window.took.push(performance.now() - due)
    window.late.push(late)
  }
  const asking = (async (): Promise<void> => {
    const from = performance.now()
    for (let i = 0; !isStopping; i++) {
      const due = from + ((i + Math.random()) * 1_000) / rate
      const rest = due - performance.now()
      if (rest > 0) await sleep(rest)
      const run: Promise<void> = one(i, due).finally(() => running.delete(run))
      running.add(run)
    }
    await Promise.all(running)
  })()
  return {
    switchTo(side) {
      endWindow()
      windows.push(openWindow(side))
    },
    figures() {
      endWindow()
      const told = figuresOf(windows)
      windows = [openWindow('without')]
      return told
    },
    async stop() {
      isStopping = true
      await asking
    },
  }
}

function figuresOf(windows: readonly Window[]): string {
  const full = windows.filter(({ took }) => took.length > 0)
  const of = (side: Side, which: (i: number) => boolean = () => true, what: 'took' | 'late' = 'took'): number[] =>
    full.filter((window) => window.side === side).filter((_, i) => which(i)).flatMap((window) => window[what]) // prettier-ignore
  const [beside, alone] = [of('with'), of('without')]
  const even = at(
    of('without', (i) => i % 2 === 0),
    0.99,
  )
  const odd = at(
    of('without', (i) => i % 2 === 1),
    0.99,
  )
  const told = (took: readonly number[]): string =>
    `${[0.5, 0.95, 0.99, 0.999].map((share) => at(took, share).toFixed(1)).join('/')} ms of ${took.length}`
  return [
    `  with it ${told(beside)}, without ${told(alone)} at p50/p95/p99/p99.9`,
    `  p99 with/without: ${(at(beside, 0.99) / at(alone, 0.99)).toFixed(2)}; noise, every other window without: ${(even / odd).toFixed(2)}`,
    `  of that begun late, held by this thread: with it ${told(of('with', () => true, 'late'))}, without ${told(of('without', () => true, 'late'))}`,
    `  p99 of each window: ${full.map(({ side, took }) => `${side === 'with' ? '+' : '-'}${at(took, 0.99).toFixed(1)}`).join(' ')}`,
    `  of a second, ms of processor + ms without one: with it ${threadsOf(full, 'with')}; without ${threadsOf(full, 'without')}`,
  ].join('\n')
}

function threadsOf(windows: readonly Window[], side: Side): string {
  const ones = windows.filter((window) => window.side === side && window.threads !== null)
  const seconds = ones.reduce((sum, { begun, ended }) => sum + ended - begun, 0) / 1_000
  const of = (group: keyof NonNullable<Window['threads']>, what: keyof Times): string =>
    (ones.reduce((sum, { threads }) => sum + (threads?.[group][what] ?? 0), 0) / seconds).toFixed(0)
  return GROUPS.map((group) => `${group} ${of(group, 'ran')} + ${of(group, 'waited')}`).join(', ')
}

const at = (took: readonly number[], share: number): number =>
  took.toSorted((a, b) => a - b)[Math.floor(took.length * share)] ?? NaN

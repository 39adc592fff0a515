import { namesAll, neverMet, readRules } from '../control/reach.ts'
import { settingsOf, splitRule, TURN_KEYS, type Turns } from '../control/rule.ts'
import { SetUpError } from '../set-up-error.ts'
import { originalMti } from '../terminal/operations.ts'

/** The faults of frames, with their settings. */
export const gremlinFaults = {
  /** The frame waits, and all frames behind it. */
  delay: ['ms'],
  /** The frame waits alone: others overtake it. */
  hold: ['ms'],
  /** The frame changes places with the next one of its direction, for which it waits `ms` at most. */
  swap: ['ms'],
  /** The frame is sent `times` times, `ms` apart. */
  double: ['times', 'ms'],
  /** The frame is lost. */
  lose: [],
  /** The line is closed on both sides, and the frame is lost. */
  cut: [],
  /** The same by a TCP reset. */
  reset: [],
  /** Sends half of it, then closes the line. */
  halve: [],
  /** Flips this many bits; the length stays the same. */
  corrupt: ['bits'],
  /** Announces this many bytes more than there are. */
  lie: ['by'],
  /** The frame is sent in pieces of `bytes` bytes, `ms` apart. */
  split: ['bytes', 'ms'],
  /** Nothing more is sent in this direction; the line stays open. */
  stall: [],
  /** No fault: exempts frames from later rules. */
  pass: [],
} as const satisfies Record<string, readonly ('ms' | 'times' | 'bits' | 'by' | 'bytes')[]>

export type GremlinFault = keyof typeof gremlinFaults
const gremlinFaultNames = Object.keys(gremlinFaults) as GremlinFault[]

export const directions = ['server', 'client'] as const
/** Where a frame is going. */
export type Direction = (typeof directions)[number]

export type GremlinRule = Turns & {
  readonly fault: GremlinFault
  /** Null: both. */
  readonly to: Direction | null
  /** MTIs without the repeat bit; none: all frames, readable or not. */
  readonly on: readonly string[]
  readonly ms: number
  readonly times: number
  readonly bits: number
  readonly by: number
  readonly bytes: number
}

const HOUR_MS = 3_600_000
const USUAL_MS: Partial<Record<GremlinFault, number>> = { delay: 500, hold: 500, swap: 500, split: 1 }

/** The messages of each direction. */
const ONLY = { server: 'requests', client: 'answers' } as const satisfies Record<Direction, string>

/** Reads rules: the first that matches, and whose random draw succeeds, applies. Throws a SetUpError. */
export const parseGremlinRules = (texts: readonly string[]): GremlinRule[] =>
  readRules(
    texts,
    parseGremlinRule,
    (first, second) => (first.to === null || first.to === second.to) && namesAll(first.on, second.on),
  )

/** Reads one rule, as in `halve to=client percent=5`. Throws a SetUpError. */
export function parseGremlinRule(text: string): GremlinRule {
  const split = splitRule(text)
  const fault = gremlinFaultNames.find((name) => name === split.name)
  if (fault === undefined)
    throw new SetUpError(`rule '${text.trim()}': '${split.name}', expected one of ${gremlinFaultNames.join(', ')}`)
  const settings = settingsOf(text, split, ['to', 'on', ...TURN_KEYS, ...gremlinFaults[fault]])
  const wanted = settings.text('to')
  const to = directions.find((direction) => direction === wanted) ?? null
  if (wanted !== null && to === null) settings.wrong('to', 'server or client')
  const on = settings.text('on')?.split(',') ?? []
  for (const mti of on) {
    const never = neverMet(mti, to === null ? null : ONLY[to])
    if (never !== null) throw new SetUpError(`rule '${text.trim()}' never happens: ${mti} ${never}`)
  }
  return {
    fault,
    to,
    on,
    ms: settings.whole('ms', USUAL_MS[fault] ?? 0, HOUR_MS),
    times: settings.whole('times', 2, 1_000),
    bits: settings.whole('bits', 1, 10_000),
    by: settings.whole('by', 1, 9_999),
    bytes: settings.whole('bytes', 1, 65_535),
    ...settings.turns(),
  }
}

/** Whether a rule applies to a frame; `mti` is null if it cannot be read. */
export function fitsFrame({ to, on }: GremlinRule, direction: Direction, mti: string | null): boolean {
  if (to !== null && to !== direction) return false
  return on.length === 0 || (mti !== null && on.includes(originalMti(mti)))
}

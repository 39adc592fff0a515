import { readFileSync } from 'node:fs'
import pc from 'picocolors'
import { SetUpError } from '../set-up-error.ts'
import type { LoadResult } from './page.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

/** The measures of a comparison. `more`: higher is better; null: neither. */
type Measure = {
  readonly name: string
  readonly better: 'more' | 'less' | null
  readonly of: (result: LoadResult) => number | null
  /** Smaller differences are noise: histograms have three digits, and clocks are not exact. */
  readonly least: number
}

const share = (code: string): Measure => ({
  name: `${code}, of a hundred`,
  better: code === '00' || code === '10' ? null : 'less',
  of: ({ codes }) => {
    const all = Object.values(codes).reduce((sum, one) => sum + one, 0)
    return all === 0 ? null : (100 * (codes[code] ?? 0)) / all
  },
  least: 0.1,
})

const MEASURES: readonly Measure[] = [
  { name: 'requests/s', better: 'more', of: ({ throughput }) => throughput, least: 1 },
  ...(['p50', 'p95', 'p99', 'p99.9', 'max'] as const).map((name): Measure => ({
    name: `${name}, ms`,
    // The maximum is the latency of a single request.
    better: name === 'max' ? null : 'less',
    of: ({ latency }) => latency[name],
    least: 0.05,
  })),
  { name: 'unanswered', better: 'less', of: ({ unanswered }) => unanswered, least: 0 },
]

export type Compared = {
  readonly name: string
  readonly before: number | null
  readonly after: number | null
  /** Per cent; null if it cannot be computed. */
  readonly change: number | null
  readonly worse: boolean
}

/** Two runs, measure by measure; worse is what got worse by more than so many of a hundred. */
export function compare(before: LoadResult, after: LoadResult, tolerance: number): Compared[] {
  const codes = [...new Set([...Object.keys(before.codes), ...Object.keys(after.codes)])].toSorted()
  return [...MEASURES, ...codes.map(share)].map(({ name, better, of, least }) => {
    const [a, b] = [of(before), of(after)]
    if (a === null || b === null) return { name, before: a, after: b, change: null, worse: b === null && a !== null }
    const change = a === 0 ? null : (100 * (b - a)) / a
    const grown = b - a > least && (change ?? Infinity) > tolerance
    const shrunk = a - b > least && (change ?? 0) < -tolerance
    return { name, before: a, after: b, change, worse: (better === 'less' && grown) || (better === 'more' && shrunk) }
  })
}

const shown = (value: number | null): string =>
  value === null ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(2)

export const compareLines = (all: readonly Compared[], files: readonly [string, string]): string[] => [
  pc.dim(['', ...files, 'change'].map((cell, i) => (i === 0 ? cell.padEnd(18) : cell.padStart(16))).join('')),
  ...all.map(({ name, before, after, change, worse }) => {
    const by = change === null ? '' : `${change >= 0 ? '+' : ''}${change.toFixed(1)} %`
    const line = [name.padEnd(18), shown(before).padStart(16), shown(after).padStart(16), by.padStart(16)].join('')
    return worse ? pc.red(`${line}  worse`) : line
  }),
]

/** A result that `load --out` or `load --json` wrote. Throws a SetUpError. */
export function readResult(file: string): LoadResult {
  let found: unknown
  try {
    found = JSON.parse(readFileSync(file, 'utf8'))
  } catch (problem) {
    throw new SetUpError(`${file}: ${fileErrorText(problem, 'not JSON')}`)
  }
  const fits =
    typeof found === 'object' && found !== null && 'throughput' in found && 'latency' in found && 'codes' in found
  if (!fits) throw new SetUpError(`${file}: not a result of akart-sim load (--out FILE.json)`)
  return found as LoadResult
}

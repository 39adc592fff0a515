import { SetUpError } from '../set-up-error.ts'
import type { LoadResult } from './page.ts'

/** The limits of a run: milliseconds, requests a second, per cent of answers. */
export type Thresholds = {
  maxP50?: number | undefined
  maxP95?: number | undefined
  maxP99?: number | undefined
  maxP999?: number | undefined
  minRate?: number | undefined
  maxDeclined?: number | undefined
}

type Look = { readonly option: string; readonly words: string; readonly seen: (result: LoadResult) => number | null }

const approved = ({ operations }: LoadResult): number =>
  Object.entries(operations).reduce((sum, [name, one]) => (name === 'confirm' ? sum : sum + one.approved), 0)

const LOOKS = {
  maxP50: { option: 'max-p50', words: 'p50 in ms', seen: ({ latency }) => latency.p50 },
  maxP95: { option: 'max-p95', words: 'p95 in ms', seen: ({ latency }) => latency.p95 },
  maxP99: { option: 'max-p99', words: 'p99 in ms', seen: ({ latency }) => latency.p99 },
  maxP999: { option: 'max-p999', words: 'p99.9 in ms', seen: ({ latency }) => latency['p99.9'] },
  minRate: { option: 'min-rate', words: 'requests a second', seen: ({ throughput }) => throughput },
  maxDeclined: {
    option: 'max-declined',
    words: 'declines of a hundred answers',
    seen: (result) => (result.answered === 0 ? null : 100 * (1 - approved(result) / result.answered)),
  },
} as const satisfies Record<keyof Thresholds, Look>

/** The violated limits in words; empty: none. */
export function missedThresholds(result: LoadResult, thresholds: Thresholds): string[] {
  return (Object.keys(LOOKS) as (keyof Thresholds)[]).flatMap((name) => {
    const wanted = thresholds[name]
    if (wanted === undefined) return []
    const { option, words, seen } = LOOKS[name]
    if (!Number.isFinite(wanted) || wanted < 0) throw new SetUpError(`--${option} ${wanted}: expected a number`)
    const value = seen(result)
    const least = option.startsWith('min-')
    if (value !== null && (least ? value >= wanted : value <= wanted)) return []
    return [
      `${words}: ${value === null ? 'nothing was answered' : value.toFixed(2)}, ${least ? 'at least' : 'at most'} ${wanted}`,
    ]
  })
}

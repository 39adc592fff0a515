/** Divides a fuzz run among connections and adds up their results. */

import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Address } from '../terminal/address.ts'
import type { Cast } from './base.ts'
import type { Trouble } from './batch.ts'
import { fuzz, type FuzzPlan } from './fuzz.ts'
import { type GoodResult, goodTerminal } from './good-terminal.ts'
import { type Growth, watchProcess } from './process-watch.ts'
import { newStatistics, type Statistics } from './statistics.ts'

export type Parts = { readonly cast: Cast; readonly good: { readonly terminal: DemoTerminal; readonly card: DemoCard } }

/** Cards of one state that are fuzzed with. */
const MOST_OF_A_STATE = 20

/** Divides the demo set: a sold card and the last terminal without a MAC are for the good terminal only. */
export function divide({ cards, terminals }: Demo): Parts {
  const sold = cards.filter(({ state }) => state === 'sold')
  const card = sold.find(({ issue }) => issue === 'OPEN') ?? sold[0]
  const open = terminals.filter(({ mac }) => mac === 'none')
  const terminal = open.findLast(({ confirmation }) => confirmation === 'explicit') ?? open[0] ?? terminals[0]
  if (card === undefined || terminal === undefined)
    throw new SetUpError('the cards have none that is sold, or there is no terminal')
  const taken = new Map<string, number>()
  const fuzzed = cards.filter((one) => {
    const seen = taken.get(one.state) ?? 0
    taken.set(one.state, seen + 1)
    return one !== card && seen <= MOST_OF_A_STATE
  })
  const others = terminals.filter((one) => one !== terminal)
  return { cast: { cards: fuzzed, terminals: others.length > 0 ? others : terminals }, good: { terminal, card } }
}

export type FuzzResult = {
  readonly trouble: { readonly trouble: Trouble; readonly plan: FuzzPlan } | null
  readonly statistics: readonly Statistics[]
  /** Null: no such terminal was asked for. */
  readonly good: GoodResult | null
  /** Null: the process could not be seen. */
  readonly growth: Growth | null
  readonly seconds: number
}

/**
 * Fuzzes lines beside each other, with a terminal in good order beside them on a line of its own, and watches the
 * process that serves them.
 */
export async function runFuzz(
  plans: readonly FuzzPlan[],
  beside: { readonly target: Address; readonly good: Parts['good'] } | null,
  processId: number | null,
): Promise<FuzzResult> {
  const since = performance.now()
  const grown = watchProcess(processId)
  const end = new AbortController()
  const good = beside === null ? null : goodTerminal(beside.target, beside.good.terminal, beside.good.card, end.signal)
  const statistics = plans.map(newStatistics)
  try {
    const found = await Promise.all(
      plans.map(async (plan, i) => {
        const trouble = await fuzz(plan, statistics[i])
        return trouble === null ? null : { trouble, plan }
      }),
    )
    end.abort()
    return {
      trouble: found.find((one) => one !== null) ?? null,
      statistics,
      good: await good,
      growth: grown(),
      seconds: (performance.now() - since) / 1_000,
    }
  } finally {
    end.abort()
    grown()
    await good
  }
}

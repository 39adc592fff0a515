/** Compares the rows of a till's journal with the open cases of its store. */

import type { OpenCase } from '../db/sql/journals.ts'
import type { SaidRow } from './journal-reading.ts'

export const MATCHES = ['exact', 'likely', 'several', 'none'] as const
export type Match = (typeof MATCHES)[number]
export type Matched = { readonly case: OpenCase | null; readonly match: Match }

/** A till's clock is rarely further off. */
const TOLERANCE_MS = 15 * 60_000

/** For each value that both sides have, whether they agree; null: one side lacks it. */
function agreement(row: SaidRow, found: OpenCase): readonly (boolean | null)[] {
  const same = <T>(stated: T | null, known: T | null): boolean | null =>
    stated === null || known === null ? null : stated === known
  return [
    same(row.terminal === '' ? null : row.terminal, found.terminal),
    same(row.stan, found.stan),
    same(row.amount, found.amount),
    same(row.lastFour, found.lastFour),
    row.at === null ? null : Math.abs(row.at - found.at) <= TOLERANCE_MS,
  ]
}

/**
 * How well a row fits a case: `exact` where nothing disagrees and terminal, STAN and amount agree; `likely` where the amount
 * agrees, one more of STAN, card and time does, and at most one thing disagrees.
 */
function fit(row: SaidRow, found: OpenCase): 'exact' | 'likely' | null {
  const agreed = agreement(row, found)
  const [terminal, stan, amount, lastFour, time] = agreed
  const against = agreed.filter((one) => one === false).length
  if (against === 0 && terminal === true && stan === true && amount === true) return 'exact'
  const isLikely = amount === true && against <= 1 && (stan === true || lastFour === true || time === true)
  return isLikely ? 'likely' : null
}

/** Matches rows with open cases. A case that fits two rows is not matched: a person has to look. */
export function matchRows(rows: readonly SaidRow[], cases: readonly OpenCase[]): Matched[] {
  const first = rows.map((row) => bestOf(row, cases))
  const claims = new Map<number, number>()
  for (const { case: found } of first) if (found !== null) claims.set(found.id, (claims.get(found.id) ?? 0) + 1)
  return first.map((one) => ((claims.get(one.case?.id ?? 0) ?? 0) > 1 ? { case: null, match: 'several' } : one))
}

function bestOf(row: SaidRow, cases: readonly OpenCase[]): Matched {
  const fits = cases.map((found) => ({ found, how: fit(row, found) }))
  for (const how of ['exact', 'likely'] as const) {
    const [one, another] = fits.filter((candidate) => candidate.how === how)
    if (another !== undefined) return { case: null, match: 'several' }
    if (one !== undefined) return { case: one.found, match: how }
  }
  return { case: null, match: 'none' }
}

import fc from 'fast-check'
import type { Fact } from '../../../src/core/reports/fact.ts'
import { spendingOf } from '../../../src/core/reports/portions.ts'
import type { Transaction } from '../../../src/core/transaction.ts'
import type { Verdict } from '../../planting.ts'
import { coinBooks, type Telling } from './coins.ts'
import { factsOf, HISTORY, LONG_HISTORY, type Move, playMoves } from './portion-world.ts'

/** The reversal of one of these is reported only if something else was shifted. */
const LOADS: ReadonlySet<string> = new Set(['sale', 'top_up'])

/** Both computations of a history: by the core from its transfers, and coin by coin as it happened. */
function bothOf(moves: readonly Move[]) {
  const coins = coinBooks()
  const seen = new Set<number>()
  const arrived = new Set<number>()
  const waiting = (rows: readonly Transaction[]): void => {
    for (const row of rows) {
      if (seen.has(row.id) && !arrived.has(row.id) && row.availableSeq !== null) {
        arrived.add(row.id)
        coins.arrive(row.id)
      }
    }
  }
  const rows = playMoves(moves, (now) => {
    // Policy `next`: what the request confirmed first is available before the request itself.
    waiting(now)
    for (const fact of factsOf(now)) {
      if (seen.has(fact.id)) continue
      seen.add(fact.id)
      if (fact.undoes) coins.undo(fact)
      else coins.book(fact)
      waiting(now)
    }
  })
  return { facts: factsOf(rows), told: coins.tellings, left: coins.left() }
}

const summed = (tellings: readonly Telling[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { day, origin, spentIn, amount } of tellings) {
    const key = `${day} ${origin} → ${spentIn}`
    sums[key] = (sums[key] ?? 0) + amount
  }
  return Object.fromEntries(
    Object.entries(sums)
      .filter(([, amount]) => amount !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The change of a store's payable account on a day, computed from the transfers. */
function payables(facts: readonly Fact[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { contra, day, amount, credit } of facts) {
    if (contra?.kind !== 'store_payable') continue
    const key = `${day} ${contra.owner}`
    sums[key] = (sums[key] ?? 0) + (credit === contra.id ? amount : -amount)
  }
  return Object.fromEntries(
    Object.entries(sums)
      .filter(([, amount]) => amount !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The fault in the core's account of a history; null: none. */
function findingIn(moves: readonly Move[], seen: { transfers: number; shifted: number }): string | null {
  const { facts, told } = bothOf(moves)
  const spent = spendingOf(facts)
  const [ours, wanted] = [JSON.stringify(summed(spent)), JSON.stringify(summed(told))]
  if (ours !== wanted) return `the core says ${ours}, the coins ${wanted}`
  if (spent.some(({ origin }) => origin === 'unknown')) return 'money of no origin was spent'
  const columns = summed(spent.map((each) => ({ ...each, origin: '' })))
  const byStore = Object.fromEntries(Object.entries(columns).map(([key, amount]) => [key.replace('  → ', ' '), amount]))
  if (JSON.stringify(byStore) !== JSON.stringify(payables(facts))) return 'a column is not the payable'
  const byId = new Map(facts.map((fact) => [fact.id, fact]))
  seen.transfers += facts.length
  seen.shifted += spent.filter(
    ({ transactionId, amount }) => amount < 0 && LOADS.has(byId.get(transactionId)?.operation ?? ''),
  ).length
  return null
}

type Checked = Verdict & { readonly transfers: number; readonly shifted: number }

/** Plays random histories by the core's rules and computes portions twice; a fault is shrunk. */
export function checkPortions({
  seed,
  histories,
  long = false,
}: {
  seed: number
  histories: number
  long?: boolean
}): Checked {
  const seen = { transfers: 0, shifted: 0 }
  let played = 0
  const property = fc.property(long ? LONG_HISTORY : HISTORY, (moves) => {
    played += 1
    const finding = findingIn(moves, seen)
    if (finding !== null) throw new Error(finding)
  })
  const details = fc.check(property, { numRuns: histories, seed })
  return { finding: details.failed ? (fc.defaultReportMessage(details) ?? 'failed') : null, histories: played, ...seen }
}

import t from 'tap'
import fc from 'fast-check'
import { randomInt } from 'node:crypto'
import type { Fact } from '../../../src/core/reports/fact.ts'
import { spendingOf } from '../../../src/core/reports/portions.ts'
import type { Transaction } from '../../../src/core/transaction.ts'
import { coinBooks, type Telling } from './coins.ts'
import { factsOf, HISTORY, type Move, playMoves } from './portion-world.ts'

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const HISTORIES = Number(process.env['AKART_MODEL_HISTORIES'] ?? 300)

/** What undoes one of these is told of only where something else was shifted. */
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

/** What a store's payable account gained on a day, straight from the transfers. */
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

t.test(`histories of portions, seed ${SEED}`, async (t) => {
  let [transfers, shifted] = [0, 0]
  const property = fc.property(HISTORY, (moves) => {
    const { facts, told } = bothOf(moves)
    transfers += facts.length
    const spent = spendingOf(facts)
    const [ours, wanted] = [summed(spent), summed(told)]
    if (JSON.stringify(ours) !== JSON.stringify(wanted)) {
      throw new Error(`the core says ${JSON.stringify(ours)}, the coins ${JSON.stringify(wanted)}`)
    }
    if (spent.some(({ origin }) => origin === 'unknown')) throw new Error('money of no origin was spent')
    const columns = summed(spent.map((each) => ({ ...each, origin: '' })))
    const byStore = Object.fromEntries(
      Object.entries(columns).map(([key, amount]) => [key.replace('  → ', ' '), amount]),
    )
    if (JSON.stringify(byStore) !== JSON.stringify(payables(facts))) throw new Error('a column is not the payable')
    const byId = new Map(facts.map((fact) => [fact.id, fact]))
    shifted += spent.filter(
      ({ transactionId, amount }) => amount < 0 && LOADS.has(byId.get(transactionId)?.operation ?? ''),
    ).length
  })
  const details = fc.check(property, { numRuns: HISTORIES, seed: SEED })
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? '')
  t.ok(transfers > HISTORIES * 3, `${transfers} transfers`)
  t.ok(shifted > 0, `${shifted} shifts by undone top-ups`)
})

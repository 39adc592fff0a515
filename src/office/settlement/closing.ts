import type { WorkerConnection } from '../../db/connection.ts'
import {
  closeSettlement,
  insertSettlement,
  insertSettlementLines,
  insertSettlementMatrix,
  insertSettlementSeen,
  insertSettlementStores,
  lockSettlements,
  refuseSettlement,
  selectSettlementStates,
} from '../../db/sql/settlements.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import { inTransaction, type Office } from '../office.ts'
import { periodObjection } from '../period.ts'
import { decideProposal, propose } from '../proposals.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { SETTLEMENT } from '../reports/settlement.ts'
import { inSnapshot } from '../reports/snapshot.ts'
import { mayDo } from '../rights.ts'
import { digestOf, type Period, type Settlement, type SettlementFigures, settlementFigures } from './figures.ts'
import { settlementsOf, settlementWith } from './reading.ts'

export type SettlementInput = {
  readonly from: string
  readonly to: string
  /** Null: all stores. */
  readonly stores: readonly string[] | null
  readonly reason: string
}

/**
 * Computes the settlement of a period and stores it for a second accountant, who closes exactly these figures. Later
 * transactions go into the next settlement.
 */
export async function proposeSettlement(
  office: Office,
  actor: Actor,
  { from, to, stores: asked, reason }: SettlementInput,
): Promise<Settlement | Refused> {
  const no = mayDo(actor, 'settlement.close')
  if (no !== null) return no
  const against = periodObjection(from, to)
  if (against !== null) return against
  if (to > dateIn(office.timeZone, office.clock())) return refused('settlement_not_over', { to })
  const known = office.registry().stores
  const unknown = asked?.find((store) => !known.has(store))
  if (unknown !== undefined) return refused('no_such_store', { store: unknown })
  const stores = [...new Set(asked ?? known.keys())].sort()
  const period = { from, to, stores }
  const id = office.nextId()
  const made = await inSnapshot(office, async (snapshot) => {
    const all = await settlementsOf(snapshot.connection, stores)
    const taken = objection(all, period)
    if (taken !== null) return taken
    const [[states] = []] = await snapshot.connection.send(selectSettlementStates)
    const closed = all.filter(({ state }) => state === 'closed')
    const figures = await settlementFigures(snapshot, id, period, closed)
    return { figures, states: String(states), exactAsOf: snapshot.exactAsOf }
  })
  if (isRefused(made)) return made
  const { figures, exactAsOf } = made
  const digest = digestOf(period, figures)
  return inTransaction(office, async (connection) => {
    await connection.send(lockSettlements)
    const [[states] = []] = await connection.send(selectSettlementStates)
    if (String(states) !== made.states) return refused('changed_since')
    const at = office.clock()
    const details = { from, to, stores: stores.length, digest }
    const kind = 'settlement'
    const proposal = await propose(connection, office, actor, { kind, subject: id, input: details, reason, details })
    if (isRefused(proposal)) return proposal
    await keep(connection, figures, {
      ...period,
      id,
      number: null,
      state: 'proposed',
      definition: SETTLEMENT.definition,
      exactAt: Date.parse(exactAsOf.at),
      exactRows: exactAsOf.rows,
      exactSum: exactAsOf.sum,
      digest,
      proposedBy: actor.login,
      proposedAt: at,
      closedBy: null,
      closedAt: null,
    })
    return settlementWith(connection, id)
  })
}

/** A store's day is settled once, and a store has one open settlement at a time, so that each one can rely on the one before. */
function objection(all: readonly Settlement[], { from, to, stores }: Period): Refused | null {
  for (const other of all) {
    const store = other.stores.find((one) => stores.includes(one))
    if (store === undefined) continue
    if (other.from <= to && other.to >= from) {
      return refused('settlement_overlaps', { store, from: other.from, to: other.to })
    }
    if (other.state === 'proposed') return refused('settlement_waits', { store })
  }
  return null
}

type Kept = Omit<Settlement, 'lines' | 'matrix' | 'seen'>

async function keep(connection: WorkerConnection, figures: SettlementFigures, settlement: Kept): Promise<void> {
  const { id, stores } = settlement
  await connection.send(insertSettlement(settlement))
  if (stores.length > 0) await connection.send(insertSettlementStores(id, stores))
  const { lines, matrix, seen } = figures
  const lot = 500
  for (let i = 0; i < lines.length; i += lot) {
    await connection.send(insertSettlementLines(id, lines.slice(i, i + lot)))
  }
  for (let i = 0; i < matrix.length; i += lot) {
    await connection.send(insertSettlementMatrix(id, matrix.slice(i, i + lot)))
  }
  await connection.send(insertSettlementSeen(id, seen))
}

/** The second accountant's decision: the settlement gets its number and is closed for good, or it is refused. */
export async function decideSettlement(
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<Settlement | Refused> {
  const kind = 'settlement'
  const decided = await decideProposal(office, actor, { kind, ...input }, async (connection, { subject }, at) => {
    await connection.send(lockSettlements)
    if (!input.approve) {
      await connection.send(refuseSettlement(subject))
      return null
    }
    const settlement = await settlementWith(connection, subject)
    if (isRefused(settlement)) return settlement
    await connection.send(closeSettlement(subject, actor.login, at))
    return null
  })
  if (isRefused(decided)) return decided
  return office.db.use((connection) => settlementWith(connection, decided.subject))
}

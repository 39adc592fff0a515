import { CASE_ORDERS, selectCaseRows, sumDecided, toCaseRow, type CaseRow } from '../db/sql/case-search.ts'
import {
  decideProposalRow,
  insertProposal,
  lockProposal,
  selectOpenProposals,
  selectProposalOf,
  toProposal,
  type ProposalRow,
} from '../db/sql/proposals.ts'
import { selectLinks, toLinked, type LinkedRow } from '../db/sql/transaction-page.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import type { Page } from './card-lists.ts'
import { decideCase } from './cases.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import { cursorOf, placeOfCursor } from './list-place.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'

export type { CaseRow }

/** Minor units: a clerk's decisions about one card in one store on one day, above which a second person approves. */
export const CASE_LIMIT = 500_00

export type CaseFilter = { readonly open: boolean; readonly store: string | null; readonly reason: string | null }
export type CaseOrder = keyof typeof CASE_ORDERS

export async function listCaseRows(
  office: Pick<Office, 'db'>,
  actor: Actor,
  filter: CaseFilter,
  { order, limit, cursor }: { readonly order: CaseOrder; readonly limit: number; readonly cursor: string | null },
): Promise<Page<CaseRow> | Refused> {
  const objection = mayDoAnywhere(actor, 'cases.find')
  if (objection !== null) return objection
  const after = cursor === null ? null : placeOfCursor(cursor, order === 'age' ? 'instant' : 'integer')
  if (isRefused(after)) return after
  const criteria = { ...filter, stores: storesOf(actor, 'cases.find'), id: null }
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectCaseRows(criteria, CASE_ORDERS[order], after, limit + 1)),
  )
  const items = rows.slice(0, limit).map(toCaseRow)
  const last = items.at(-1)
  const value = last === undefined ? null : order === 'age' ? last.openedAt : last.amount
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(value, last.id) : null }
}

/** The card before and after a decision; `missing`: what it has not got any more. */
export type Afterwards = { readonly ledger: number; readonly available: number; readonly missing: number }

export type CasePage = {
  readonly row: CaseRow
  readonly links: readonly LinkedRow[]
  readonly happened: Afterwards | null
  readonly didNotHappen: Afterwards | null
  readonly secondPerson: boolean
}

export async function showCase(office: Office, actor: Actor, id: number): Promise<CasePage | Refused> {
  const row = await caseRow(office, actor, id)
  if (isRefused(row)) return row
  const [links = []] = await office.db.use((connection) => connection.send(selectLinks(row.transaction)))
  await putOnView(office, actor, row)
  return {
    row,
    links: links.map(toLinked),
    ...afterwards(row),
    secondPerson: row.closedAt === null && (await needsSecond(office, actor, row)),
  }
}

async function caseRow(office: Pick<Office, 'db'>, actor: Actor, id: number): Promise<CaseRow | Refused> {
  const objection = mayDoAnywhere(actor, 'cases.find')
  if (objection !== null) return objection
  const criteria = { open: false, store: null, reason: null, stores: 'all', id } as const
  const [[found] = []] = await office.db.use((connection) =>
    connection.send(selectCaseRows(criteria, CASE_ORDERS.age, null, 1)),
  )
  if (found === undefined) return refused('no_such_case', { case: id })
  const row = toCaseRow(found)
  return mayDo(actor, 'cases.find', row.store) ?? row
}

/** A look at a case's evidence is on record. */
const putOnView = (office: Office, actor: Actor, { id, store }: CaseRow): Promise<void> =>
  office.db.transaction((connection) =>
    putOnRecord(connection, office, actor, office.clock(), {
      action: 'cases.view',
      object: { kind: 'case', id },
      store,
    }),
  )

function afterwards({ state, undoneBy, amount, credits, ledger, available }: CaseRow) {
  if (ledger === null || available === null) return { happened: null, didNotHappen: null }
  const stands = state === 'confirmed' || state === 'unconfirmed' || undoneBy === 'rebooked'
  const effect = credits ? amount : -amount
  const shifted = (by: number): Afterwards => {
    const missing = Math.max(0, -(available + by))
    return { ledger: ledger + by + missing, available: available + by + missing, missing }
  }
  return { happened: shifted(stands ? 0 : effect), didNotHappen: shifted(stands ? -effect : 0) }
}

async function needsSecond(office: Office, { login }: Actor, { amount, cardId, store }: CaseRow): Promise<boolean> {
  if (amount > CASE_LIMIT) return true
  if (cardId === null) return false
  const zone = office.registry().stores.get(store)?.timeZone ?? office.timeZone
  const since = dayStart(dateIn(zone, office.clock()), zone)
  const [[row] = []] = await office.db.use((connection) => connection.send(sumDecided(login, cardId, store, since)))
  return Number(row?.[0]) + amount > CASE_LIMIT
}

export type CaseWish = { readonly id: number; readonly happened: boolean; readonly reason: string }

/** Decides at once up to the limit; above it a second person decides. Returns the proposal's number, null where it is done. */
export async function decideOrPropose(
  office: Office,
  actor: Actor,
  wish: CaseWish,
): Promise<{ readonly waits: number | null } | Refused> {
  const no = mayDoAnywhere(actor, 'cases.decide')
  if (no !== null) return no
  const row = await caseRow(office, actor, wish.id)
  if (isRefused(row)) return row
  if (row.closedAt === null && (await needsSecond(office, actor, row))) return propose(office, actor, row, wish)
  const decision = wish.happened ? 'confirm' : 'reverse'
  const decided = await decideCase(office, actor, { case: wish.id, decision, reason: wish.reason })
  return isRefused(decided) ? decided : { waits: null }
}

const propose = (office: Office, actor: Actor, row: CaseRow, { id: subject, happened, reason }: CaseWish) =>
  inTransaction(office, async (connection) => {
    const [[open] = []] = await connection.send(selectProposalOf('case', subject))
    if (open !== undefined) return refused('already_proposed', { who: toProposal(open).by })
    const [id, at] = [office.nextId(), office.clock()]
    const wish = JSON.stringify({ happened })
    await connection.send(insertProposal({ id, kind: 'case', subject, wish, reason, by: actor.login, at }))
    const details = { proposal: id, happened, reason, amount: row.amount }
    await putOnRecord(connection, office, actor, at, {
      action: 'cases.propose',
      object: { kind: 'case', id: subject },
      store: row.store,
      details,
    })
    return { waits: id }
  })

export type CaseProposal = ProposalRow & { readonly happened: boolean; readonly row: CaseRow }

export async function openCaseProposals(office: Office, actor: Actor): Promise<CaseProposal[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectOpenProposals))
  const all: CaseProposal[] = []
  for (const proposal of rows.map(toProposal).filter(({ kind }) => kind === 'case')) {
    const row = await caseRow(office, actor, proposal.subject)
    if (!isRefused(row)) all.push({ ...proposal, happened: happenedOf(proposal), row })
  }
  return all
}

const happenedOf = ({ wish }: ProposalRow): boolean => (JSON.parse(wish) as { happened: boolean }).happened

/** The second person's word: the decision is theirs, and booked under their name. */
export async function decideCaseProposal(
  office: Office,
  actor: Actor,
  { id, approve, reason }: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<{ readonly id: number } | Refused> {
  const found = await inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockProposal(id))
    if (row === undefined) return refused('no_such_approval', { id })
    const proposal = toProposal(row)
    if (proposal.decidedBy !== null) return refused('already_decided', { who: proposal.decidedBy })
    const own = isSamePerson(actor, proposal.by)
    const objection = approve || !own ? mayDo(actor, 'cases.approve') : null
    if (objection !== null) return objection
    if (approve && own) return refused('own_request', { who: proposal.by })
    const at = office.clock()
    await connection.send(decideProposalRow(id, actor.login, at, approve))
    await putOnRecord(connection, office, actor, at, {
      action: approve ? 'cases.approve' : 'cases.refuse',
      object: { kind: 'case', id: proposal.subject },
      details: { proposal: id, by: proposal.by, reason },
    })
    return proposal
  })
  if (isRefused(found) || !approve) return found
  const decision = happenedOf(found) ? 'confirm' : 'reverse'
  return decideCase(office, actor, { case: found.subject, decision, reason: found.reason })
}

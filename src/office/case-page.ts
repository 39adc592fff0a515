/** The work list of cases, and one case with the card before and after either decision. */

import { OPERATIONS, type Operation } from '../core/operations.ts'
import { payableBy } from '../core/shortfall.ts'
import { CASE_ORDERS, selectCaseRows, toCaseRow, type CaseRow } from '../db/sql/case-search.ts'
import { selectLinks, toLinked, type LinkedRow } from '../db/sql/transaction-page.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import type { Page } from './card-lists.ts'
import { needsSecond } from './case-limit.ts'
import { cursorOf, placeOfCursor } from './list-place.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'

export type { CaseRow }

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

/** The card before and after a decision; `missing`: the amount that it cannot cover. */
export type Afterwards = { readonly ledger: number; readonly available: number; readonly missing: number }

export type CasePage = {
  readonly row: CaseRow
  readonly links: readonly LinkedRow[]
  readonly happened: Afterwards | null
  readonly didNotHappen: Afterwards | null
  readonly secondPerson: boolean
  /** The missing amount can be assigned to a bearer. */
  readonly shareable: boolean
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
    shareable: (missingOf(row) ?? 0) > 0,
    secondPerson: row.closedAt === null && (await needsSecond(office, actor, row)),
  }
}

export async function caseRow(office: Pick<Office, 'db'>, actor: Actor, id: number): Promise<CaseRow | Refused> {
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

function afterwards(row: CaseRow) {
  const { amount, credits, ledger, available } = row
  if (ledger === null || available === null) return { happened: null, didNotHappen: null }
  const effect = credits ? amount : -amount
  const shifted = (by: number, most: number | null): Afterwards => {
    const missing = most ?? Math.max(0, -(available + by))
    return { ledger: ledger + by + missing, available: available + by + missing, missing }
  }
  return {
    happened: shifted(standsNow(row) ? 0 : effect, missingOf(row)),
    didNotHappen: shifted(standsNow(row) ? -effect : 0, null),
  }
}

const standsNow = ({ state, undoneBy }: CaseRow): boolean =>
  state === 'confirmed' || state === 'unconfirmed' || undoneBy === 'rebooked'

/** The part of a reversed amount that the card no longer has and that another party could bear; null: none. */
export function missingOf(row: CaseRow): number | null {
  const { state, role, returned, receivedAt: at, operation, amount, soldAt, available, cardState } = row
  if (state !== 'reversed' || standsNow(row) || role !== 'books' || returned > 0) return null
  if (cardState === null || available === null || operation === null || !(operation in OPERATIONS)) return null
  const payer = { state: cardState, soldAt, available }
  const paid = payableBy(payer, { at, operation: operation as Operation, amount })
  return paid === null ? null : amount - paid
}

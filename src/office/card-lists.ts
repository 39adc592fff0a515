/** Lists of cards by criteria, page by page, with counts up to a bound. */

import {
  cardOrder,
  countFoundCards,
  selectFoundCards,
  toFoundCard,
  type CardCriteria,
  type CardOrder,
  type FoundCard,
} from '../db/sql/card-search.ts'
import type { Actor } from './actor.ts'
import { cursorOf, placeOfCursor } from './list-place.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { NEVER, searchSlowly } from './slow-search.ts'
import { mayDoAnywhere } from './rights.ts'

export type { CardCriteria, CardOrder, FoundCard }

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }
export type PageInput<Order> = {
  readonly order: Order
  readonly descending: boolean
  readonly limit: number
  readonly cursor: string | null
}

/** Up to here they are counted. */
export const COUNTED = 10_000

/** For an actor limited to own stores: only presented cards. */
export const withinReach = (actor: Actor, criteria: CardCriteria): CardCriteria => {
  if (actor.rights.get('cards.find') === 'all') return criteria
  const presented = [...(actor.presented?.keys() ?? [])]
  return { ...criteria, ids: criteria.ids?.filter((id) => presented.includes(id)) ?? presented }
}

const VALUES = {
  sold: 'instant',
  used: 'instant',
  available: 'integer',
  serial: 'integer',
  validUntil: 'text',
} as const

const valueOf = (card: FoundCard, order: CardOrder): number | string | null =>
  ({
    sold: card.soldAt,
    used: card.usedAt,
    available: card.available,
    serial: card.serial,
    validUntil: card.validUntil,
  })[order]

export async function listCards(
  office: Pick<Office, 'db'>,
  actor: Actor,
  criteria: CardCriteria,
  { order, descending, limit, cursor }: PageInput<CardOrder>,
  signal: AbortSignal = NEVER,
): Promise<Page<FoundCard> | Refused> {
  const objection = mayDoAnywhere(actor, 'cards.find')
  if (objection !== null) return objection
  const after = cursor === null ? null : placeOfCursor(cursor, VALUES[order])
  if (isRefused(after)) return after
  const sql = selectFoundCards(withinReach(actor, criteria), cardOrder(order, descending), after, limit + 1)
  const rows = isSlowForCards(criteria)
    ? await searchSlowly(office, sql, signal)
    : ((await office.db.use((connection) => connection.send(sql)))[0] ?? [])
  if (isRefused(rows)) return rows
  const items = rows.slice(0, limit).map(toFoundCard)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(valueOf(last, order), last.id) : null }
}

/** Null: more than are counted. `slow`: no index helps. */
export async function countCards(
  office: Pick<Office, 'db'>,
  actor: Actor,
  criteria: CardCriteria,
): Promise<{ readonly count: number | null; readonly slow: boolean } | Refused> {
  const objection = mayDoAnywhere(actor, 'cards.find')
  if (objection !== null) return objection
  // Decided before the search, because counting would take as long.
  if (isSlowForCards(criteria)) return { count: null, slow: true }
  const [[row] = []] = await office.db.use((connection) =>
    connection.send(countFoundCards(withinReach(actor, criteria), COUNTED)),
  )
  const count = Number(row?.[0])
  return { count: count > COUNTED ? null : count, slow: false }
}

/** Criteria that an index serves, alone or with any others. */
const INDEXED: readonly (keyof CardCriteria)[] = [
  'ids',
  'hashes',
  'ecodeHash',
  'lastFour',
  'pack',
  'recipient',
  'issues',
  'states',
]

/** No index helps. */
export const isSlowForCards = (criteria: CardCriteria): boolean => {
  const names = (Object.keys(criteria) as (keyof CardCriteria)[]).filter((name) => criteria[name] !== undefined)
  return names.length > 0 && !names.some((name) => INDEXED.includes(name))
}

/** Serials of issues with sequential numbers reveal the numbers: only issuers see them (docs/spec/abuse.md, 8). */
export const seesSerial = (actor: Actor, { sequential }: Pick<FoundCard, 'sequential'>): boolean =>
  !sequential || actor.rights.has('issues.edit')

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
import { walkOf, type Walk } from '../db/sql/card-walk.ts'
import type { Order, Place } from '../db/sql/keyset.ts'
import { fromInstant } from '../db/sql/literal.ts'
import type { Actor } from './actor.ts'
import { walkCards } from './card-walk.ts'
import { cursorOf, placeOfCursor } from './list-place.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { NEVER, searchSlowly } from './slow-search.ts'
import { mayDoAnywhere } from './rights.ts'

export type { CardCriteria, CardOrder, FoundCard }

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }
/** `lookedTo`: no index has all that is asked for, and the time of a page was over here; `next` goes on. */
export type CardPage = Page<FoundCard> & { readonly lookedTo: { readonly soldAt: number | null } | null }
export type PageInput<By> = {
  readonly order: By
  readonly descending: boolean
  readonly limit: number
  readonly cursor: string | null
}

/** Up to here they are counted. */
export const COUNTED = 10_000
/** How long it is looked for the cards of a page, and how long they are counted: a page is there within 200 ms. */
const LOOK_MS = 80
const COUNT_MS = 80

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
): Promise<CardPage | Refused> {
  const objection = mayDoAnywhere(actor, 'cards.find')
  if (objection !== null) return objection
  const after = cursor === null ? null : placeOfCursor(cursor, VALUES[order])
  if (isRefused(after)) return after
  const reached = withinReach(actor, criteria)
  const by = cardOrder(order, descending)
  const walk = order === 'sold' && !isSlowForCards(criteria) ? walkOf(reached) : null
  if (walk !== null) return walkedPage(office, { criteria: reached, walk, order: by, after }, limit, signal)
  const sql = selectFoundCards(reached, by, after, limit + 1)
  const rows = isSlowForCards(criteria)
    ? await searchSlowly(office, sql, signal)
    : ((await office.db.use((connection) => connection.send(sql)))[0] ?? [])
  if (isRefused(rows)) return rows
  const items = rows.slice(0, limit).map(toFoundCard)
  const last = items.at(-1)
  const next = rows.length > limit && last !== undefined ? cursorOf(valueOf(last, order), last.id) : null
  return { items, next, lookedTo: null }
}

/** What is found in the time of a page, and where to go on. */
async function walkedPage(
  { db }: Pick<Office, 'db'>,
  how: { criteria: CardCriteria; walk: Walk; order: Order; after: Place | null },
  limit: number,
  signal: AbortSignal,
): Promise<CardPage> {
  return db.use(async (connection) => {
    const { ids, last, ended } = await walkCards(connection, how, { found: limit + 1, forMs: LOOK_MS, signal })
    const [rows = []] =
      ids.length === 0 ? [[]] : await connection.send(selectFoundCards({ ids }, how.order, null, ids.length))
    const items = rows.slice(0, limit).map(toFoundCard)
    const end = items.at(-1)
    if (ids.length > limit && end !== undefined) {
      return { items, next: cursorOf(end.soldAt, end.id), lookedTo: null }
    }
    if (ended || last === null) return { items, next: null, lookedTo: null }
    const soldAt = last.soldAt === null ? null : fromInstant(last.soldAt)
    return { items, next: cursorOf(soldAt, last.id), lookedTo: { soldAt } }
  })
}

/** `count` null: there are more than are counted (`capped`), or counting takes longer than a page may. `slow`: no index helps. */
export type Counted = { readonly count: number | null; readonly capped: boolean; readonly slow: boolean }

export async function countCards(
  office: Pick<Office, 'db'>,
  actor: Actor,
  criteria: CardCriteria,
): Promise<Counted | Refused> {
  const objection = mayDoAnywhere(actor, 'cards.find')
  if (objection !== null) return objection
  // Said before anything is looked for: counting it would take as long.
  if (isSlowForCards(criteria)) return { count: null, capped: false, slow: true }
  const reached = withinReach(actor, criteria)
  const walk = walkOf(reached)
  if (walk !== null)
    return countWalked(office, { criteria: reached, walk, order: cardOrder('sold', true), after: null })
  const [[row] = []] = await office.db.use((connection) => connection.send(countFoundCards(reached, COUNTED)))
  const count = Number(row?.[0])
  return { count: count > COUNTED ? null : count, capped: count > COUNTED, slow: false }
}

async function countWalked({ db }: Pick<Office, 'db'>, how: Parameters<typeof walkCards>[1]): Promise<Counted> {
  const bounds = { found: COUNTED + 1, forMs: COUNT_MS, signal: NEVER }
  const { ids, ended } = await db.use((connection) => walkCards(connection, how, bounds))
  const capped = ids.length > COUNTED
  return { count: ended && !capped ? ids.length : null, capped, slow: false }
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

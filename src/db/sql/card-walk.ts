import { conditionsOf, isShortRange, type CardCriteria } from './card-search.ts'
import { beyond, orderBy, type Order, type Place } from './keyset.ts'
import { integer } from './literal.ts'
import type { Row } from './row.ts'

/*
 * A list of cards in its usual order, by the latest sale, with criteria that have no index. Cards are read in that order, a
 * number at a time, until a page is full; the caller also gets the position that was reached.
 */

type Name = keyof CardCriteria

/** How a walk goes: along which index, and what its cards are looked at for. */
export type Walk = {
  readonly index: string
  /** The condition by which the index is entered. */
  readonly by: readonly Name[]
  readonly further: readonly Name[]
}

/** Found by an index of their own, each a short list. */
const SHORT: readonly Name[] = ['ids', 'hashes', 'ecodeHash', 'lastFour', 'recipient']
/** The order itself. */
const SPAN: readonly Name[] = ['soldFrom', 'soldUntil']

/** Null: an index has all that is asked for, or the cards are few. */
export function walkOf(criteria: CardCriteria): Walk | null {
  const given = (Object.keys(criteria) as Name[]).filter((name) => criteria[name] !== undefined)
  if (given.some((name) => SHORT.includes(name)) || isShortRange(criteria)) return null
  const { index, by } = entryOf(criteria)
  const further = given.filter((name) => !by.includes(name) && !SPAN.includes(name))
  return further.length === 0 ? null : { index, by: [...by, ...SPAN], further }
}

/** The next column of each of these indexes is the time of the sale. */
function entryOf({ pack, issues, states }: CardCriteria): { index: string; by: readonly Name[] } {
  if (pack !== undefined) return { index: 'cards_pack_sold', by: ['pack'] }
  const [oneIssue, oneState] = [issues?.length === 1, states?.length === 1]
  if (oneIssue && oneState) return { index: 'cards_issue_state_sold', by: ['issues', 'states'] }
  if (oneIssue) return { index: 'cards_issue_sold', by: ['issues'] }
  if (oneState) return { index: 'cards_state_sold', by: ['states'] }
  return { index: 'cards_sold', by: [] }
}

/** The next cards of a walk, each with whether it is what is looked for. */
export function selectWalked(
  criteria: CardCriteria,
  { index, by, further }: Walk,
  order: Order,
  after: Place | null,
  most: number,
): string {
  const entered = [...conditionsOf(criteria, by), ...(after === null ? [] : [beyond(order, after)])]
  return `SELECT c.id, c.sold_at, ${conditionsOf(criteria, further).join(' AND ')} FROM cards c FORCE INDEX (${index})
   ${entered.length === 0 ? '' : `WHERE ${entered.join(' AND ')}`} ${orderBy(order)} LIMIT ${integer(most)}`
}

export type WalkedCard = { readonly id: number; readonly soldAt: string | null; readonly fits: boolean }

export function toWalkedCard(row: Row): WalkedCard {
  const [id, soldAt, fits] = row as [number, string | null, number | null]
  return { id, soldAt, fits: fits === 1 }
}

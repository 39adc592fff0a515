import type { WorkerConnection } from '../db/connection.ts'
import type { CardCriteria } from '../db/sql/card-search.ts'
import { selectWalked, toWalkedCard, type Walk, type WalkedCard } from '../db/sql/card-walk.ts'
import type { Order, Place } from '../db/sql/keyset.ts'
import { text } from '../db/sql/literal.ts'

/** The size of one answer: the walk ends when enough cards are found or the time is over. */
export type WalkBounds = {
  readonly found: number
  /** No further step begins after this time, ms. */
  readonly forMs: number
  readonly signal: AbortSignal
  readonly now?: () => number
}

export type Walked = {
  readonly ids: readonly number[]
  /** The last card that was looked at; null: none. */
  readonly last: WalkedCard | null
  /** There is no card left to look at. */
  readonly ended: boolean
}

const FIRST = 200
const LEAST = 50
/** A card takes 6 µs where its page is in memory and 40 where it is not: no step may take much longer than the last one. */
const MOST = 2_000

/** Looks at cards in their order. The steps are as long as the time that is left lets them be, by what the last one took. */
export async function walkCards(
  connection: WorkerConnection,
  { criteria, walk, order, after }: { criteria: CardCriteria; walk: Walk; order: Order; after: Place | null },
  { found, forMs, signal, now = () => performance.now() }: WalkBounds,
): Promise<Walked> {
  const until = now() + forMs
  const ids: number[] = []
  let last: WalkedCard | null = null
  for (let step = FIRST; ;) {
    const begun = now()
    const place: Place | null = last === null ? after : placeOf(last)
    const [rows = []] = await connection.send(selectWalked(criteria, walk, order, place, step))
    for (const card of rows.map(toWalkedCard)) {
      last = card
      if (card.fits) ids.push(card.id)
      if (ids.length >= found) return { ids, last, ended: false }
    }
    if (rows.length < step) return { ids, last, ended: true }
    const left = until - now()
    if (left <= 0 || signal.aborted) return { ids, last, ended: false }
    const each = Math.max(now() - begun, 0.1) / step
    step = Math.min(MOST, Math.max(LEAST, Math.floor(left / each)))
  }
}

const placeOf = ({ id, soldAt }: WalkedCard): Place => ({ id, value: soldAt === null ? null : text(soldAt) })

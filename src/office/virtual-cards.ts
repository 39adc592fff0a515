/** Takes a virtual card that is not sold yet for a sale. */

import type { WorkerConnection } from '../db/connection.ts'
import type { Row } from '../db/sql/row.ts'
import {
  insertWebSale,
  selectNextCards,
  selectReleasedCards,
  selectWebSale,
  toWebSale,
  type WebSale,
} from '../db/sql/web-sales.ts'

const CANDIDATES = 20
const TAKEN = 1062

export type Taker = Pick<WebSale, 'issueId' | 'shop' | 'digest' | 'seed'>

/**
 * Takes the next free card of a virtual issue for one sale, before it is sold, so that no two sales get the same. The same
 * digest again has the card that it took. Null: there is none left.
 */
export async function takeVirtualCard(connection: WorkerConnection, taker: Taker, at: number): Promise<WebSale | null> {
  for (;;) {
    const rows = await freeCardsOf(connection, taker.issueId)
    if (rows.length === 0) return null
    for (const [cardId, serial] of rows) {
      const sale = { ...taker, cardId: Number(cardId), serial: Number(serial) }
      try {
        await connection.send(insertWebSale(sale, at))
        return sale
      } catch (error) {
        if ((error as { errno?: unknown }).errno !== TAKEN) throw error
        const [[now] = []] = await connection.send(selectWebSale(taker.digest))
        if (now !== undefined) return toWebSale(now) // the same request beside this one
      }
    }
  }
}

async function freeCardsOf(connection: WorkerConnection, issueId: number): Promise<readonly Row[]> {
  const [next = []] = await connection.send(selectNextCards(issueId, CANDIDATES))
  if (next.length > 0) return next
  const [released = []] = await connection.send(selectReleasedCards(issueId, CANDIDATES))
  return released
}

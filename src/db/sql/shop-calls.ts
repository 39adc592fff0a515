import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A web shop's request and its outcome. */
export type ShopCall = {
  readonly at: number
  readonly operation: string
  readonly result: string
  readonly state: string
  readonly currency: number
  readonly amount: number
}

/** The newest first. A shop's code names the terminal of its requests. */
export const selectCallsOf = (shop: string, since: number, most: number): string =>
  `SELECT at, COALESCE(operation, role), result, state, COALESCE(currency, 0), amount FROM search_transactions
   WHERE terminal_code = ${text(shop)} AND at >= ${instant(since)} ORDER BY at DESC LIMIT ${integer(most)}`

export function toShopCall(row: Row): ShopCall {
  const [at, operation, result, state, currency, amount] = row as [string, string, string, string, number, number]
  return { at: fromInstant(at), operation, result, state, currency, amount: Number(amount) }
}

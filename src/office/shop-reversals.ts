/** Reversals by web shops, by Idempotency-Key (docs/spec/web.md, section 3). */

import { webKey } from '../cards/web-key.ts'
import { isApproved } from '../core/result.ts'
import { isTombstone, type Transaction, wasReversed } from '../core/transaction.ts'
import { selectWebRequestByKey, toWebRequest } from '../db/sql/web-requests.ts'
import type { Scope } from './api-key.ts'
import type { ShopCaller } from './shop-caller.ts'
import { type KeptOperation, type KeptRequest, keptOf, ownKey, shopRequest } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

export type ReversalResult = 'reversed' | 'nothing_to_reverse' | 'case'

/** Scopes one of which a request was made under, and the one that undoes it once it is final (docs/spec/abuse.md, 12). */
type Scopes = { readonly make: readonly Scope[]; readonly undo: Scope }
const SCOPES_OF = {
  payment: { make: ['payments'], undo: 'refunds' },
  top_up: { make: ['top-ups'], undo: 'top-ups' },
  sale: { make: ['sales'], undo: 'sales' },
  refund: { make: ['refunds'], undo: 'refunds' },
  cancel_payment: { make: ['payments', 'refunds'], undo: 'refunds' },
  cancel_top_up: { make: ['top-ups'], undo: 'top-ups' },
  cancel_sale: { make: ['sales'], undo: 'sales' },
} as const satisfies Record<KeptOperation, Scopes>

export type FoundRequest = { readonly row: Transaction; readonly kept: KeptRequest }

/** The request of a shop under a key, if the caller's scopes permitted it; null: never booked. */
export async function findRequest(
  office: WebOffice,
  caller: ShopCaller,
  idempotencyKey: string,
): Promise<FoundRequest | null> {
  const found = await requestUnder(office, caller, idempotencyKey)
  return found !== null && isVisible(caller, found) ? found : null
}

const isVisible = ({ scopes: has }: ShopCaller, { kept }: FoundRequest): boolean =>
  SCOPES_OF[kept.operation].make.some((scope) => has.has(scope))

/** Whichever key of the shop made it. */
async function requestUnder(
  office: WebOffice,
  caller: ShopCaller,
  idempotencyKey: string,
): Promise<FoundRequest | null> {
  const key = webKey(office.keys(), { shop: caller.shop.code, store: caller.shop.store, idempotencyKey })
  const [[found] = []] = await office.db.use((connection) => connection.send(selectWebRequestByKey(key)))
  if (found === undefined) return null
  const { transaction, data } = toWebRequest(found)
  return transaction.key.digest === key.digest ? { row: transaction, kept: keptOf(data) } : null
}

/**
 * Reverses a request whose outcome a shop does not know. It is always answered, and always the same. A request that was never
 * booked is remembered, so that it is refused if it still arrives.
 */
export async function reverse(
  office: WebOffice,
  caller: ShopCaller,
  idempotencyKey: string,
): Promise<ReversalResult | null> {
  const before = await requestUnder(office, caller, idempotencyKey)
  // A request that the key's scopes could not have made is treated as non-existent.
  if (before !== null && !isVisible(caller, before)) return 'nothing_to_reverse'
  if (before !== null && mayNotUndo(caller, before)) return 'case'
  const key = webKey(office.keys(), { shop: caller.shop.code, store: caller.shop.store, idempotencyKey })
  const request = shopRequest(office, caller, ownKey(caller, 'reversal', office.nextId()), {
    contentHash: '0'.repeat(32),
    attached: [],
    confirmWithinSeconds: null,
    amount: null,
    currency: before?.row.labels.currency ?? null,
    shown: '',
    cancelWindowMs: null,
    ask: { act: 'reversal', by: 'shop', original: key, amount: null, presented: null },
  })
  const { result } = await office.submit(request)
  if (!isApproved(result)) return null // the engine could not take it now
  if (result === 'approved_with_case') return 'case'
  const after = await findRequest(office, caller, idempotencyKey)
  return after !== null && !isTombstone(after.row) && wasReversed(after.row) ? 'reversed' : 'nothing_to_reverse'
}

/** A final request can be undone only with the scope that could cancel or refund it. */
function mayNotUndo({ scopes: has }: ShopCaller, { row, kept }: FoundRequest): boolean {
  return row.state === 'confirmed' && !has.has(SCOPES_OF[kept.operation].undo)
}

import type { Scope } from '../../office/api-key.ts'
import { findLoad, type Kind, listOf as listBookings } from '../../office/shop-bookings.ts'
import { cancel } from '../../office/shop-cancelling.ts'
import { isShopNo, type ShopNo } from '../../office/shop-refusal.ts'
import { problemOfNo } from '../problem-of-result.ts'
import type { Problem } from '../problem.ts'
import { Empty, isStatus, listOf, TopUp } from '../schema.ts'
import { type ApiAnswer, type Call, type Endpoint, endpoint } from './endpoint.ts'
import { badQuery, isOrderId, readLimit } from './query.ts'

/** The body after defaults, and without the card: what makes two requests the same. */
export const askedBy = (
  { idempotencyKey, method, path }: Call<unknown>,
  content: Parameters<typeof cancel>[2]['asked']['content'],
) => ({ idempotencyKey, method, path, content })

/** A kind of load that becomes final when it is confirmed: its name and its second step. */
export type LoadKind = {
  readonly kind: 'topUp' | 'sale'
  readonly path: string
  readonly scope: Scope
  readonly summaries: { readonly list: string; readonly one: string; readonly confirm: string; readonly cancel: string }
  readonly confirm: (call: Call<unknown>, id: string) => Promise<unknown>
}

/** The endpoints of top-ups or sales: list, read one, confirm, cancel. */
export const loadEndpoints = ({ kind, path, scope, summaries, confirm }: LoadKind): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path,
    summary: summaries.list,
    scopes: [scope],
    body: null,
    answers: { 200: listOf(TopUp) },
    query: LIST_QUERY,
    handle: (call) => list(call, kind),
  }),
  endpoint({
    method: 'GET',
    path: `${path}/{id}`,
    summary: summaries.one,
    scopes: [scope],
    body: null,
    answers: { 200: TopUp },
    handle: (call) => show(call, kind),
  }),
  endpoint({
    method: 'POST',
    path: `${path}/{id}/confirm`,
    summary: summaries.confirm,
    scopes: [scope],
    body: Empty,
    answers: { 200: TopUp },
    async handle(call) {
      const done = await confirm(call, call.params['id'] ?? '')
      return isShopNo(done) ? problemOfNo(done satisfies ShopNo) : show(call, kind)
    },
  }),
  endpoint({
    method: 'POST',
    path: `${path}/{id}/cancel`,
    summary: summaries.cancel,
    scopes: [scope],
    idempotent: true,
    body: Empty,
    answers: { 200: TopUp },
    handle: (call) => undo(call, kind),
  }),
]

async function show(call: Call<unknown>, kind: 'topUp' | 'sale'): Promise<ApiAnswer | Problem> {
  const found = await findLoad(call.office, call.caller, kind, call.params['id'] ?? '')
  return isShopNo(found) ? problemOfNo(found) : { status: 200, body: found }
}

export async function undo(call: Call<unknown>, kind: Kind): Promise<ApiAnswer | Problem> {
  const asked = askedBy(call, {})
  const done = await cancel(call.office, call.caller, { kind, id: call.params['id'] ?? '', asked })
  return isShopNo(done) ? problemOfNo(done) : { status: 200, body: done.view, replayed: done.replayed }
}

export const LIST_QUERY = ['limit', 'cursor', 'orderId', 'status'] as const

export async function list({ office, caller, query }: Call<unknown>, kind: Kind): Promise<ApiAnswer | Problem> {
  const limit = readLimit(query)
  if (limit === null) return badQuery('limit')
  const status = query.get('status') ?? null
  if (status !== null && !isStatus(status)) return badQuery('status')
  const orderId = query.get('orderId') ?? null
  if (orderId !== null && !isOrderId(orderId)) return badQuery('orderId')
  const page = await listBookings(office, caller, {
    kind,
    limit,
    status,
    orderId,
    cursor: query.get('cursor') ?? null,
  })
  return page === null ? badQuery('cursor') : { status: 200, body: page }
}

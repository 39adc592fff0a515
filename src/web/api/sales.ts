import { Type } from 'typebox'
import { confirmSale, SALE_WITHIN_SECONDS, sell } from '../../office/shop-sales.ts'
import { isShopNo } from '../../office/shop-refusal.ts'
import { problemOfNo } from '../problem-of-result.ts'
import { CLOSED, Money, OrderId, Sale, WITHIN } from '../schema.ts'
import { endpoint } from './endpoint.ts'
import { askedBy, loadEndpoints } from './loads.ts'

export const SALE_ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/sales',
    summary: 'Sell a virtual card',
    scopes: ['sales'],
    idempotent: true,
    body: Type.Object(
      {
        issue: Type.String({ minLength: 1, maxLength: 20, description: 'code of a virtual issue' }),
        amount: Type.Optional(Money),
        orderId: Type.Optional(OrderId),
        confirmWithin: Type.Optional(Type.Integer({ minimum: 60, maximum: SALE_WITHIN_SECONDS, description: WITHIN })),
      },
      CLOSED,
    ),
    answers: { 201: Sale },
    async handle(call) {
      const { issue, amount = null, orderId = null, confirmWithin = null } = call.body
      const asked = askedBy(call, { issue, amount: amount === null ? null : { ...amount }, orderId, confirmWithin })
      const input = { asked, issue, amount, orderId, confirmWithinSeconds: confirmWithin }
      const sold = await sell(call.office, call.caller, input)
      return isShopNo(sold) ? problemOfNo(sold) : { status: 201, body: sold.view, replayed: sold.replayed }
    },
  }),
  ...loadEndpoints({
    kind: 'sale',
    path: '/sales',
    scope: 'sales',
    summaries: {
      list: 'Sales, the newest first',
      one: 'A sale as it is now, without number and eCode',
      confirm: 'Number and eCode have come: the card is good, and they are never shown again',
      cancel: 'Undo a sale while nothing of it is spent',
    },
    confirm: ({ office, caller }, id) => confirmSale(office, caller, id),
  }),
]

/** The orders of the example web shop, paid through the HTTP API. */

import { randomUUID } from 'node:crypto'
import type { Api } from './api.ts'

export const GOODS = [
  { code: 'mug', name: 'Mug', price: 35_00 },
  { code: 'book', name: 'Book', price: 49_90 },
  { code: 'lamp', name: 'Lamp', price: 129_00 },
] as const

export const CURRENCY = 'PLN'

export type Order = {
  readonly id: string
  readonly goods: readonly string[]
  readonly total: number
  /** Of the gift card's part. */
  readonly payment: string
  readonly byCard: number
  readonly last4: string
  refunded: number
}

export type Refused = { readonly refused: string }

/** Takes what the gift card has, and the rest by other means, which always work here; then the payment is confirmed. */
export async function buy(
  api: Api,
  input: { readonly goods: readonly string[]; readonly number: string; readonly ecode: string },
): Promise<Order | Refused> {
  const chosen = GOODS.filter(({ code }) => input.goods.includes(code))
  if (chosen.length === 0) return { refused: 'The basket is empty.' }
  const total = chosen.reduce((sum, { price }) => sum + price, 0)
  const id = randomUUID().slice(0, 8)
  const card = { number: input.number, ecode: input.ecode }
  const amount = { value: total, currency: CURRENCY }
  const paid = await api('POST', '/payments', { card, amount, partial: true, orderId: id }, `${id}-payment`)
  if (paid.status !== 201) return { refused: String(paid.body['detail']) }
  const payment = String(paid.body['id'])
  const confirmed = await api('POST', `/payments/${payment}/confirm`, {})
  if (confirmed.status !== 200) return { refused: String(confirmed.body['detail']) }
  return {
    id,
    goods: chosen.map(({ name }) => name),
    total,
    payment,
    byCard: (paid.body['amount'] as { value: number }).value,
    last4: (paid.body['card'] as { last4: string }).last4,
    refunded: 0,
  }
}

/** Refunds to the card, at most the amount it paid. */
export async function giveBack(api: Api, order: Order, value: number): Promise<Refused | null> {
  const key = `${order.id}-refund-${order.refunded}`
  const amount = { value, currency: CURRENCY }
  const answer = await api('POST', `/payments/${order.payment}/refunds`, { amount, orderId: order.id }, key)
  if (answer.status !== 201) return { refused: String(answer.body['detail']) }
  order.refunded += value
  return null
}

import { Type } from 'typebox'
import { findPayment } from '../../office/shop-bookings.ts'
import type { CardReference as NamedCard } from '../../office/shop-card.ts'
import { confirm, confirmPayment, pay, refund, topUp } from '../../office/shop-payments.ts'
import { isShopNo } from '../../office/shop-refusal.ts'
import { problemOfNo } from '../problem-of-result.ts'
import {
  CardReference,
  CLOSED,
  ConfirmWithin,
  Empty,
  listOf,
  Money,
  OrderId,
  Payment,
  Refund,
  TopUp,
} from '../schema.ts'
import { type Call, endpoint } from './endpoint.ts'
import { askedBy, list, LIST_QUERY, loadEndpoints, undo } from './loads.ts'

const LoadBody = {
  card: CardReference,
  amount: Money,
  confirm: Type.Optional(Type.Boolean({ default: false, description: 'true: final at once' })),
  orderId: Type.Optional(OrderId),
  confirmWithin: Type.Optional(ConfirmWithin),
}

const PaymentBody = Type.Object(
  { ...LoadBody, partial: Type.Optional(Type.Boolean({ default: false, description: 'true: less may be taken' })) },
  CLOSED,
)

type LoadInput = {
  readonly card: NamedCard
  readonly amount: { readonly value: number; readonly currency: string }
  readonly partial?: boolean
  readonly confirm?: boolean
  readonly orderId?: string
  readonly confirmWithin?: number
}

/** The body after defaults, and without the card: what makes two requests the same. */
function inputOf(
  call: Call<unknown>,
  { card, amount, partial = false, confirm = false, orderId, confirmWithin }: LoadInput,
) {
  const rest = { partial, confirm, orderId: orderId ?? null, confirmWithinSeconds: confirmWithin ?? null }
  const content = { amount: { value: amount.value, currency: amount.currency }, ...rest }
  return { card, amount, ...rest, asked: askedBy(call, content) }
}

export const PAYMENT_ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/payments',
    summary: 'Take money from a card',
    scopes: ['payments'],
    idempotent: true,
    namesCard: true,
    body: PaymentBody,
    answers: { 201: Payment },
    async handle(call) {
      const paid = await pay(call.office, call.caller, inputOf(call, call.body))
      return isShopNo(paid) ? problemOfNo(paid) : { status: 201, body: paid.view, replayed: paid.replayed }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/payments',
    summary: 'Payments, the newest first',
    scopes: ['payments'],
    body: null,
    answers: { 200: listOf(Payment) },
    query: LIST_QUERY,
    handle: (call) => list(call, 'payment'),
  }),
  endpoint({
    method: 'GET',
    path: '/payments/{id}',
    summary: 'A payment as it is now',
    scopes: ['payments', 'refunds'],
    body: null,
    answers: { 200: Payment },
    async handle({ office, caller, params }) {
      const found = await findPayment(office, caller, params['id'] ?? '')
      return isShopNo(found) ? problemOfNo(found) : { status: 200, body: found }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/payments/{id}/confirm',
    summary: 'Make a payment final, for what was taken or less',
    scopes: ['payments'],
    body: Type.Object({ amount: Type.Optional(Money) }, CLOSED),
    answers: { 200: Payment },
    async handle({ office, caller, params, body }) {
      const done = await confirmPayment(office, caller, { id: params['id'] ?? '', amount: body.amount ?? null })
      return isShopNo(done) ? problemOfNo(done) : { status: 200, body: done }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/payments/{id}/cancel',
    summary: 'Undo a payment in full',
    scopes: ['payments', 'refunds'],
    idempotent: true,
    body: Empty,
    answers: { 200: Payment },
    handle: (call) => undo(call, 'payment'),
  }),
  endpoint({
    method: 'POST',
    path: '/payments/{id}/refunds',
    summary: 'Give back a part of a payment',
    scopes: ['refunds'],
    idempotent: true,
    body: Type.Object({ amount: Money, orderId: Type.Optional(OrderId) }, CLOSED),
    answers: { 201: Refund },
    async handle(call) {
      const { amount, orderId = null } = call.body
      const asked = askedBy(call, { amount: { ...amount }, orderId })
      const done = await refund(call.office, call.caller, { id: call.params['id'] ?? '', amount, orderId, asked })
      return isShopNo(done) ? problemOfNo(done) : { status: 201, body: done.view, replayed: done.replayed }
    },
  }),
]

export const TOP_UP_ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/top-ups',
    summary: 'Put money on a card',
    scopes: ['top-ups'],
    idempotent: true,
    namesCard: true,
    body: Type.Object(LoadBody, CLOSED),
    answers: { 201: TopUp },
    async handle(call) {
      const done = await topUp(call.office, call.caller, inputOf(call, call.body))
      return isShopNo(done) ? problemOfNo(done) : { status: 201, body: done.view, replayed: done.replayed }
    },
  }),
  ...loadEndpoints({
    kind: 'topUp',
    path: '/top-ups',
    scope: 'top-ups',
    summaries: {
      list: 'Top-ups, the newest first',
      one: 'A top-up as it is now',
      confirm: 'Make a top-up final: its money can be spent',
      cancel: 'Undo a top-up while nothing of it is spent',
    },
    confirm: ({ office, caller }, id) => confirm(office, caller, { kind: 'topUp', id, amount: null }),
  }),
]

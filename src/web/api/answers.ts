/**
 * An answer for each endpoint, as `/docs` and the OpenAPI document show it. A test compares its members with those of a
 * real answer.
 */

const PLN = 'PLN'
const sum = (value: number) => ({ value, currency: PLN })
const balance = (ledger: number, available: number) => ({ ledger, available, currency: PLN })
const CREATED_AT = '2026-11-30T12:00:00.000Z'
const CONFIRM_BY = '2026-11-30T12:15:00.000Z'
const LATER = '2026-11-30T12:01:00.000Z'

const NAME = { last4: '0047', issue: { code: 'OPEN', name: 'Gift card of any value' } }
const CARD = {
  ...NAME,
  state: 'active',
  balance: balance(15000, 15000),
  validUntil: null,
  topUp: { minimum: 1000, maximum: 100000, step: 1 },
}

const PAYMENT = {
  id: 'pay_3THqCvnJssZlXvhK3GfUwQ',
  status: 'unconfirmed',
  amount: sum(1250),
  amountAsked: sum(1250),
  refunded: sum(0),
  orderId: 'basket-4711',
  card: NAME,
  balance: balance(13750, 13750),
  approvalCode: 'TG5MDN',
  reference: 'LVW',
  createdAt: CREATED_AT,
  confirmBy: CONFIRM_BY,
}
/** Only the request that presents the card shows its balance. */
const CONFIRMED = { status: 'confirmed', balance: null, confirmBy: null }
const CANCELLED = { status: 'cancelled', balance: null, confirmBy: null }

const TOP_UP = {
  id: 'top_NtxqqecYaaot0eB1pN39PA',
  status: 'unconfirmed',
  amount: sum(2000),
  orderId: null,
  card: NAME,
  balance: balance(17000, 15000),
  approvalCode: 'ATDBY6',
  reference: 'LVX',
  createdAt: CREATED_AT,
  confirmBy: CONFIRM_BY,
}

const SOLD = { last4: '8921', issue: { code: 'ECARD', name: 'Gift card by e-mail' } }
const SALE = {
  id: 'sal_KF9YtgJ8Sz1RT9TqCRtgDw',
  status: 'unconfirmed',
  amount: sum(5000),
  orderId: 'basket-4712',
  card: { number: '6299125241008921', ecode: 'GNHQ-K4HY-TETK-FYXH', barcode: '6299125241008921', ...SOLD },
  balance: null,
  approvalCode: 'FEKNKC',
  reference: 'LVY',
  createdAt: CREATED_AT,
  confirmBy: CONFIRM_BY,
}

const RECEIVER = {
  id: 'whe_9QppAnuQd8Sx4CjDv0h3XA',
  url: 'http://127.0.0.1:3000/akart-events',
  events: ['payment.confirmed', 'payment.reversed'],
  state: 'active',
}
const SECRET = 'whsec_bWTjFZM7xYgy0kkDwwTStRg8xm8qsutQn7OOJpRiAWA='

/** The body of a webhook. */
export const EVENT = {
  id: 'evt_R5s723fHtTYsw0DNVG2ZLg',
  type: 'payment.confirmed',
  timestamp: LATER,
  sequence: 7,
  data: { ...PAYMENT, ...CONFIRMED },
}
const TEST_EVENT = {
  id: 'evt_KaslZUFcnqucTrPiYu8m8Q',
  type: 'endpoint.test',
  timestamp: LATER,
  sequence: 0,
  data: RECEIVER,
}

const listOf = (item: object) => ({ items: [item], next: null })

/** 402 for a payment. */
export const DECLINE = {
  type: '/problems/insufficient_funds',
  title: 'There is not enough money on the card',
  status: 402,
  detail: 'The amount is more than the available balance.',
  code: 'insufficient_funds',
  requestId: 'd45aac24-a690-4db5-9f70-cd4c176b72c1',
  responseCode: '51',
  balance: balance(500, 500),
}

export const ANSWERS: Readonly<Record<string, object>> = {
  'POST /card-tokens': { token: 'tok_cBvHYKOrNyyj9tB2BzmGervDV1fxh2HohgHfaZ1IJQ', expiresAt: CONFIRM_BY, card: CARD },
  'POST /balance': CARD,
  'POST /history': listOf({
    at: CREATED_AT,
    kind: 'payment',
    value: -1250,
    currency: PLN,
    ledgerAfter: 13750,
    where: 'Demo store 1',
  }),
  'POST /payments': PAYMENT,
  'GET /payments': listOf({ ...PAYMENT, ...CONFIRMED }),
  'GET /payments/{id}': { ...PAYMENT, ...CONFIRMED },
  'POST /payments/{id}/confirm': { ...PAYMENT, ...CONFIRMED },
  'POST /payments/{id}/cancel': { ...PAYMENT, ...CANCELLED },
  'POST /payments/{id}/refunds': {
    id: 'ref_z7jJZtZ7tFOc8zI0Pl6LVQ',
    payment: PAYMENT.id,
    status: 'confirmed',
    amount: sum(250),
    orderId: 'return-4711',
    reference: 'LVZ',
    createdAt: LATER,
  },
  'POST /top-ups': TOP_UP,
  'GET /top-ups': listOf({ ...TOP_UP, ...CONFIRMED }),
  'GET /top-ups/{id}': { ...TOP_UP, ...CONFIRMED },
  'POST /top-ups/{id}/confirm': { ...TOP_UP, ...CONFIRMED },
  'POST /top-ups/{id}/cancel': { ...TOP_UP, ...CANCELLED },
  'POST /sales': SALE,
  'GET /sales': listOf({ ...SALE, card: SOLD, ...CONFIRMED }),
  'GET /sales/{id}': { ...SALE, card: SOLD, ...CONFIRMED },
  'POST /sales/{id}/confirm': { ...SALE, card: SOLD, ...CONFIRMED },
  'POST /sales/{id}/cancel': { ...SALE, card: SOLD, ...CANCELLED },
  'GET /requests/{idempotencyKey}': { method: 'POST', path: '/payments', at: CREATED_AT, status: 201, body: PAYMENT },
  'POST /reversals': { result: 'reversed' },
  'POST /webhook-endpoints': { ...RECEIVER, secret: SECRET },
  'GET /webhook-endpoints': listOf(RECEIVER),
  'GET /webhook-endpoints/{id}': RECEIVER,
  'PATCH /webhook-endpoints/{id}': RECEIVER,
  'POST /webhook-endpoints/{id}/rotate': { ...RECEIVER, secret: SECRET },
  'POST /webhook-endpoints/{id}/test': TEST_EVENT,
  'GET /webhook-endpoints/{id}/deliveries': listOf({
    event: EVENT.id,
    type: EVENT.type,
    state: 'waiting',
    tries: 1,
    triedAt: LATER,
    status: 500,
    fault: null,
    nextTryAt: '2026-11-30T12:01:05.000Z',
  }),
  'GET /events': listOf(EVENT),
  'POST /events/{id}/resend': EVENT,
}

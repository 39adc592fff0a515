/** The example of a body for each endpoint that has one, as in the document. A test sends each with a card of the demo. */
const CARD = { number: '6299100000000047', ecode: '7KMF-3QXA-9CDE-HJ4N' }
const AMOUNT = { value: 1250, currency: 'PLN' }

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export const EXAMPLES: Readonly<Record<string, Json>> = {
  'POST /card-tokens': { card: CARD },
  'POST /balance': { card: CARD },
  'POST /history': { card: CARD, limit: 10 },
  'POST /payments': { card: CARD, amount: AMOUNT, orderId: 'basket-4711' },
  'POST /payments/{id}/confirm': { amount: AMOUNT },
  'POST /payments/{id}/cancel': {},
  'POST /payments/{id}/refunds': { amount: { value: 250, currency: 'PLN' }, orderId: 'return-4711' },
  'POST /top-ups': { card: CARD, amount: { value: 2000, currency: 'PLN' } },
  'POST /top-ups/{id}/confirm': {},
  'POST /top-ups/{id}/cancel': {},
  'POST /sales': { issue: 'ECARD', amount: { value: 5000, currency: 'PLN' }, orderId: 'basket-4712' },
  'POST /sales/{id}/confirm': {},
  'POST /sales/{id}/cancel': {},
  'POST /webhook-endpoints': {
    url: 'http://127.0.0.1:3000/akart-events',
    events: ['payment.confirmed', 'payment.reversed'],
  },
  'PATCH /webhook-endpoints/{id}': { events: [], state: 'active' },
  'POST /webhook-endpoints/{id}/rotate': {},
  'POST /webhook-endpoints/{id}/test': {},
  'POST /events/{id}/resend': {},
  'POST /reversals': { idempotencyKey: 'basket-4711-payment-1' },
}

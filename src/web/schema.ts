import { Type, type TSchema } from 'typebox'

/*
 * The schemas of the API. They validate requests, and the OpenAPI document is generated from them. A schema with a title
 * becomes a component of the document.
 */

export const CLOSED = { additionalProperties: false } as const

export const MAXIMUM_VALUE = 999_999_999_999

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

export const Money = Type.Object(
  {
    value: Type.Integer({ minimum: 1, maximum: MAXIMUM_VALUE, description: 'minor units of the currency' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
  },
  { ...CLOSED, title: 'Money' },
)

/** An amount in an answer, which may be zero. */
export const Sum = Type.Object(
  {
    value: Type.Integer({ minimum: 0, description: 'minor units' }),
    currency: Type.String({ description: 'ISO 4217' }),
  },
  { ...CLOSED, title: 'Sum' },
)

export const NumberAndEcode = Type.Object(
  {
    number: Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'the card number; blanks and hyphens may be in it',
    }),
    ecode: Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'the eCode; case, blanks and hyphens do not matter',
    }),
  },
  { ...CLOSED, title: 'NumberAndEcode' },
)
const ByToken = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 200, description: 'from POST /card-tokens' }) },
  CLOSED,
)

export const CardReference = Type.Union([NumberAndEcode, ByToken], { title: 'CardReference' })

const IssueName = Type.Object({ code: Type.String(), name: Type.String() }, { ...CLOSED, title: 'IssueName' })

export const Balance = Type.Object(
  { ledger: Type.Integer(), available: Type.Integer(), currency: Type.String() },
  {
    ...CLOSED,
    title: 'Balance',
    description: 'minor units; what is not yet confirmed is in ledger but not in available',
  },
)

export const CardName = Type.Object({ last4: Type.String(), issue: IssueName }, { ...CLOSED, title: 'CardName' })

export const CardView = Type.Object(
  {
    last4: Type.String(),
    issue: IssueName,
    state: Type.Enum(['active', 'blocked', 'expired']),
    balance: Balance,
    validUntil: nullable(Type.String({ format: 'date' })),
    topUp: nullable(Type.Object({ minimum: Type.Integer(), maximum: Type.Integer(), step: Type.Integer() }, CLOSED)),
  },
  { ...CLOSED, title: 'Card' },
)

/** Printable characters only, so that logs and screens show the text unchanged. */
export const ORDER_ID = { minLength: 1, maxLength: 64, pattern: '^[\\x20-\\x7e]+$' } as const
export const OrderId = Type.String({
  ...ORDER_ID,
  description: 'yours, 1 to 64 printable ASCII characters; no card number',
})

export const WITHIN = 'seconds within which it must be confirmed, or Akart takes it back; else the setting of your shop'
export const ConfirmWithin = Type.Integer({ minimum: 60, maximum: 604_800, description: WITHIN })

const STATUSES = ['unconfirmed', 'confirmed', 'cancelled', 'reversed'] as const
export type StatusName = (typeof STATUSES)[number]
export const isStatus = (text: string): text is StatusName => (STATUSES as readonly string[]).includes(text)
const Status = Type.Enum([...STATUSES])

const time = Type.String({ format: 'date-time' })

const SHARED = {
  orderId: nullable(OrderId),
  card: CardName,
  balance: nullable(Balance),
  approvalCode: Type.String(),
  reference: Type.String(),
  createdAt: time,
  confirmBy: nullable(time),
}

export const Payment = Type.Object(
  { id: Type.String(), status: Status, amount: Sum, amountAsked: Sum, refunded: Sum, ...SHARED },
  { ...CLOSED, title: 'Payment' },
)
export const TopUp = Type.Object(
  { id: Type.String(), status: Status, amount: Sum, ...SHARED },
  { ...CLOSED, title: 'TopUp' },
)
const SoldCard = Type.Object(
  {
    number: Type.String(),
    ecode: Type.String(),
    barcode: Type.String(),
    last4: Type.String(),
    issue: IssueName,
  },
  { ...CLOSED, title: 'SoldCard', description: 'shown until the sale is confirmed, never afterwards' },
)
export const Sale = Type.Object(
  { id: Type.String(), status: Status, amount: Sum, ...SHARED, card: Type.Union([SoldCard, CardName]) },
  { ...CLOSED, title: 'Sale' },
)
export const Refund = Type.Object(
  {
    id: Type.String(),
    payment: Type.String(),
    status: Type.Enum(['confirmed']),
    amount: Sum,
    orderId: nullable(OrderId),
    reference: Type.String(),
    createdAt: time,
  },
  { ...CLOSED, title: 'Refund' },
)

export const listOf = <T extends TSchema>(items: T) =>
  Type.Object({ items: Type.Array(items), next: nullable(Type.String()) }, CLOSED)

export const Empty = Type.Object({}, CLOSED)

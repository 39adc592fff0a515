import { Type, type Static, type TSchema } from 'typebox'

/*
 * The shapes of the API: what comes in is checked by them, what goes out is typed by them, and the OpenAPI document is made
 * of them. A name in `$id` becomes a component of the document.
 */

export const CLOSED = { additionalProperties: false } as const

export const MAXIMUM_VALUE = 999_999_999_999

export const Money = Type.Object(
  {
    value: Type.Integer({ minimum: 1, maximum: MAXIMUM_VALUE, description: 'minor units of the currency' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
  },
  { ...CLOSED, title: 'Money' },
)

/** A sum that may be zero: in answers. */
export const Sum = Type.Object(
  {
    value: Type.Integer({ minimum: 0, description: 'minor units of the currency' }),
    currency: Type.String({ description: 'ISO 4217' }),
  },
  { ...CLOSED, title: 'Sum' },
)

const NumberAndEcode = Type.Object(
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
  CLOSED,
)
const ByToken = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 80, description: 'from POST /card-tokens' }) },
  CLOSED,
)

export const CardReference = Type.Union([NumberAndEcode, ByToken], { title: 'CardReference' })
export const CardSecret = NumberAndEcode

export const CARD_STATES = ['active', 'blocked', 'expired'] as const

export const IssueName = Type.Object({ code: Type.String(), name: Type.String() }, { ...CLOSED, title: 'IssueName' })

export const Balance = Type.Object(
  { ledger: Type.Integer(), available: Type.Integer(), currency: Type.String() },
  {
    ...CLOSED,
    title: 'Balance',
    description: 'minor units; what is not yet confirmed is in ledger but not in available',
  },
)

export const CardView = Type.Object(
  {
    last4: Type.String(),
    issue: IssueName,
    state: Type.Enum([...CARD_STATES]),
    balance: Balance,
    validUntil: nullable(Type.String({ format: 'date' })),
    topUp: nullable(Type.Object({ minimum: Type.Integer(), maximum: Type.Integer(), step: Type.Integer() }, CLOSED)),
  },
  { ...CLOSED, title: 'Card' },
)

/** Printable, so that it reaches neither a log nor a screen as something else. */
export const OrderId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\x20-\\x7e]+$',
  description: 'yours, 1 to 64 printable ASCII characters; no card number',
})

export const Empty = Type.Object({}, CLOSED)

export type Money = Static<typeof Money>
export type CardReference = Static<typeof CardReference>
export type CardView = Static<typeof CardView>

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

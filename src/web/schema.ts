import { Type } from 'typebox'

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
/** Printable, so that it reaches neither a log nor a screen as something else. */
export const OrderId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\x20-\\x7e]+$',
  description: 'yours, 1 to 64 printable ASCII characters; no card number',
})

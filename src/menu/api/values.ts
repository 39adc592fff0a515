import { Type, type TProperties, type TSchema } from 'typebox'

/** Members that are not named are refused. */
export const members = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

export const oneOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>(Type.Enum([...values]))

export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** A row of the database by its number, as text: it may exceed what some readers of JSON keep exact, but not what we do. */
export const Id = Type.String({ pattern: '^(?:[0-9]{1,15}|[0-8][0-9]{15})$' })
/** An item that waits for a second person: its kind and number, `adjustment-1000123`. */
export const ApprovalId = Type.String({ pattern: '^[a-zA-Z]{1,20}-(?:[0-9]{1,15}|[0-8][0-9]{15})$' })
/** A number that a person types, such as a serial. */
export const Positive = Type.Integer({ minimum: 1, maximum: 999_999_999_999_999 })
export const Code = Type.String({ pattern: '^[\\x21-\\x7e]{1,40}$' })
export const Login = Type.String({ pattern: '^[a-z][a-z0-9._-]{1,39}$' })
export const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
/** RFC 3339, UTC, milliseconds. */
export const Time = Type.String({
  pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
})
/** YYYY-MM-DD. */
export const Day = Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })
/** A sum in minor units, from 0; negative where the schema is used for differences. */
export const Minor = Type.Integer({ minimum: -999_999_999_999, maximum: 999_999_999_999 })
/** Minor units with the currency's ISO 4217 letters and number of decimals (0, 2, 3). */
export const Money = members({ value: Minor, currency: Type.String(), exponent: Type.Integer() })
/** The same in both languages. */
export const LocalizedText = members({ en: Type.String(), pl: Type.String() })
/** First six and last four digits: all that is shown of a number. */
export const MaskedNumber = members({ firstSix: Type.String(), lastFour: Type.String() })
export const Named = members({ code: Type.String(), name: Type.String() })

/**
 * Stands for a whole number, a barcode or an eCode that was typed or scanned in this session, so that none is ever in a
 * URL: it begins with `h_` and ends with the session.
 */
export const Handle = Type.String({ pattern: '^h_[A-Za-z0-9_-]{22}$' })

/** A page of a list; `next` is the cursor of the page that follows, null where this was the last one. */
export const page = <S extends TSchema>(item: S) => members({ items: Type.Array(item), next: orNull(Type.String()) })
export const Cursor = Type.Optional(Type.String({ maxLength: 200 }))
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500 }))
/** Lists of values in a query are joined by commas. */
export const List = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }))

export const opt = Type.Optional
export const None = members({})

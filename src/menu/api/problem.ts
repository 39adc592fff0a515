import { Type } from 'typebox'
import { members } from './values.ts'

/**
 * RFC 9457, `application/problem+json`: the answer to every refusal. `code` is a row of REFUSALS
 * (src/office/refusal.ts), whose `details` are the values of its text; `detail` is that text in the requested language.
 */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  requestId: Type.String(),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  /** For requests with several parts: the fault of each. */
  faults: Type.Optional(
    Type.Array(members({ at: Type.String(), line: Type.Optional(Type.Integer()), text: Type.String() })),
  ),
  /** A JSON pointer to the member that is wrong or missing. */
  pointer: Type.Optional(Type.String()),
})

/** Done, or waiting for a second person: then `approval` is its number in /approvals. */
export const Done = members({ done: Type.Boolean(), approval: Type.Union([Type.String(), Type.Null()]) })

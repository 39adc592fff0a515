import { Compile } from 'typebox/compile'
import type { Static, TSchema } from 'typebox'
import { type BodyFault, faultOf } from '../http/body-fault.ts'

/** A reader for bodies of one schema: the value with its complete type, or the first fault. */
export function bodyReader<T extends TSchema>(schema: T): (body: unknown) => { readonly value: Static<T> } | BodyFault {
  const compiled = Compile(schema)
  return (body) => {
    if (compiled.Check(body)) return { value: body }
    return faultOf(compiled.Errors(body))
  }
}

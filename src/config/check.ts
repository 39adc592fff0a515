import { Value } from 'typebox/value'
import type { TArray, TObject, TSchema } from 'typebox'
import { isMapping, isObjectSchema, type Path } from './layers.ts'

/** One fault at `path`; `text` completes a sentence that begins with the setting's name. */
export type Problem = { readonly path: Path; readonly text: string }

/** Everything that is wrong with a value, in the order of the schema; unknown settings last in their mapping. */
export function problemsOf(schema: TSchema, value: unknown, path: Path = []): Problem[] {
  if (isObjectSchema(schema) && isMapping(value)) return problemsOfMapping(schema, value, path)
  if (isListSchema(schema) && Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, i) => problemsOf(schema.items, item, [...path, i]))
  }
  if (Value.Check(schema, value)) return []
  return [{ path, text: `must be ${descriptionOf(schema)}; it is ${shown(value)}` }]
}

function problemsOfMapping(schema: TObject, value: Record<string, unknown>, path: Path): Problem[] {
  const known = Object.entries(schema.properties).flatMap(([name, inner]) =>
    Object.hasOwn(value, name)
      ? problemsOf(inner, value[name], [...path, name])
      : [{ path: [...path, name], text: `is missing; it must be ${descriptionOf(inner)}` }],
  )
  const unknown = Object.keys(value)
    .filter((name) => !Object.hasOwn(schema.properties, name))
    .map((name) => ({
      path: [...path, name],
      text: `is not a setting; here belong ${Object.keys(schema.properties).join(', ')}`,
    }))
  return [...known, ...unknown]
}

/** `listeners[0].port`; the whole file has no name of its own. */
export function nameOf(path: Path): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return name === '' ? 'the configuration' : name.replace(/^\./, '')
}

function isListSchema(schema: TSchema): schema is TArray {
  return 'items' in schema
}

function descriptionOf(schema: TSchema): string {
  return 'description' in schema ? String(schema.description) : 'something else'
}

/**
 * A wrong value, as a message shows it. Messages are logged and sent to others: a URL loses its user and password, and of what
 * has members, any of which may be a password that was put in the wrong place, only their names or number are told.
 */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (isMapping(value)) return `a mapping of ${Object.keys(value).join(', ') || 'nothing'}`
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/.*@/u, '//…@')
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

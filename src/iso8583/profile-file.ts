import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { ProfileError } from './profile-error.ts'

/** Throws a ProfileError at the line of a node. */
export type Complain = (node: unknown, reason: string) => never

/** A YAML mapping with its values and their line numbers, for error messages. */
export type Section = {
  readonly node: YAMLMap
  readonly placeOf: (node: unknown) => string
  readonly complain: Complain
}

/** Reads the text as one YAML mapping. @throws ProfileError for text that is no YAML, keys given twice included */
export function readFile(text: string, fileName: string): Section {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const error = document.errors[0] ?? document.warnings[0]
  if (error) throw new ProfileError(fileName, lines.linePos(error.pos[0]).line, error.message)
  const lineOf = (node: unknown): number =>
    Math.max(1, lines.linePos((node as Node | null | undefined)?.range?.[0] ?? 0).line)
  const placeOf = (node: unknown): string => `${fileName}:${lineOf(node)}`
  const complain: Complain = (node, reason) => {
    throw new ProfileError(fileName, lineOf(node), reason)
  }
  return { node: asMap(document.contents, complain, 'a profile'), placeOf, complain }
}

function asMap(node: unknown, complain: Complain, what: string): YAMLMap {
  return isMap(node) ? node : complain(node, `${what} is a mapping`)
}

/** The mapping under a key. */
export function section({ node, placeOf, complain }: Section, key: string): Section {
  return { node: asMap(node.get(key, true) ?? complain(node, `${key} is missing`), complain, key), placeOf, complain }
}

/** Refuses keys other than those listed. */
export function onlyKeys({ node, complain }: Section, known: readonly string[]): void {
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : '?'
    if (!known.includes(name)) complain(key, `unknown key ${name}; known are ${known.join(', ')}`)
  }
}

/** The text under a key. */
export function text({ node, complain }: Section, key: string): string {
  const value: unknown = node.get(key, true)
  if (value === undefined) return complain(node, `${key} is missing`)
  if (isScalar(value) && typeof value.value === 'string' && value.value !== '') return value.value
  return complain(value, `${key} is text`)
}

/** The text under a key, one of those listed. */
export function oneOf<Value extends string>(from: Section, key: string, values: readonly Value[]): Value {
  const given = text(from, key)
  return (
    values.find((value) => value === given) ??
    from.complain(from.node.get(key, true), `${key} is ${given}; it may be ${values.join(', ')}`)
  )
}

/** The rows of a mapping from whole numbers to mappings, in the order of the file. */
export function numbered(
  { node, placeOf, complain }: Section,
  what: string,
): { number: number; key: unknown; row: Section }[] {
  return node.items.map(({ key, value }) => {
    const number: unknown = isScalar(key) ? key.value : null
    if (typeof number !== 'number' || !Number.isInteger(number)) return complain(key, `${what} is a whole number`)
    return { number, key, row: { node: asMap(value ?? key, complain, `${what} ${number}`), placeOf, complain } }
  })
}

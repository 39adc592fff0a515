/**
 * The layers of the configuration (defaults, file, environment, flags) and the place of each value, for error messages.
 */

import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, visit } from 'yaml'
import type { TObject, TSchema } from 'typebox'

export type Path = readonly (string | number)[]

/** The values of one origin, and a function that locates a value in it. */
export type Layer = {
  readonly value: unknown
  /** `file:line`, or the name of a variable or flag. Null: this layer has no value at that path. */
  readonly placeOf: (path: Path) => string | null
}

export type ParsedLayer = { readonly layer: Layer } | { readonly errors: readonly string[] }

/** A YAML file; `name` is its name in messages. An empty file is an empty layer. */
export function yamlLayer(name: string, text: string): ParsedLayer {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number): string => `${name}:${lines.linePos(offset).line}`
  if (document.errors.length > 0) {
    return { errors: document.errors.map((error) => `${place(error.pos[0])}: ${firstLine(error.message)}`) }
  }
  const placeOf = (path: Path): string | null => {
    const offset = offsetOf(document.contents, path)
    return offset === null ? null : place(offset)
  }
  const alias = unresolvedAlias(document)
  if (alias !== null) {
    return { errors: [`${place(alias)}: what begins with * is put in quotes: unquoted it stands for an &anchor`] }
  }
  const value = valueIn(document)
  if (value === TOO_MANY_ALIASES) return { errors: [`${name}: too many aliases of anchors`] }
  if (!isMapping(value))
    return { errors: [`${place(0)}: must be a mapping of settings, as \`confirmTimeoutSeconds: 120\``] }
  return { layer: { value, placeOf } }
}

const TOO_MANY_ALIASES = Symbol('too many aliases')

/** An empty file is an empty mapping. Aliases of aliases would make a value that fits into no memory: the parser counts them. */
function valueIn(document: Document.Parsed): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_MANY_ALIASES
    throw error
  }
}

/** The offset of an unquoted value that begins with an asterisk (a password, for instance), which YAML reads as an anchor's name. */
function unresolvedAlias(document: Document.Parsed): number | null {
  let found: number | null = null
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) === undefined) found ??= node.range?.[0] ?? 0
    },
  })
  return found
}

/** Single values: from variables, from flags. */
export function valueLayer(entries: readonly { origin: string; path: Path; value: unknown }[]): Layer {
  const value: Record<string, unknown> = {}
  for (const entry of entries) put(value, entry.path, entry.value)
  const key = (path: Path): string => path.join('/')
  const origins = new Map(entries.map(({ origin, path }) => [key(path), origin]))
  return { value, placeOf: (path) => origins.get(key(path)) ?? null }
}

/**
 * The settings that variables may set: all that are single values and not in a list. `engine.batchMax` is
 * AKART_ENGINE_BATCH_MAX.
 */
export function environmentLayer(
  schema: TObject,
  environment: NodeJS.ProcessEnv,
  oldNames: readonly Path[] = [],
): Layer {
  const old = oldNames.flatMap((path) => {
    const origin = variableOf(path)
    const text = environment[origin]
    return text === undefined ? [] : [{ origin, path, value: /^-?\d{1,15}$/.test(text) ? Number(text) : text }]
  })
  const entries = scalarsOf(schema, []).flatMap(({ path, node }) => {
    const origin = variableOf(path)
    const text = environment[origin]
    return text === undefined ? [] : [{ origin, path, value: fromText(node, text) }]
  })
  return valueLayer([...entries, ...old])
}

/** Variables that begin like settings and are none, each with the setting that is nearest to it. */
export function unknownVariables(
  schema: TObject,
  environment: NodeJS.ProcessEnv,
  others: readonly string[],
  oldNames: readonly Path[],
): { readonly name: string; readonly nearest: string }[] {
  const settings = scalarsOf(schema, []).map(({ path }) => variableOf(path))
  const names = Object.keys(environment).filter((name) => name.startsWith('AKART_'))
  const known = new Set([...settings, ...others, ...oldNames.map(variableOf)])
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({ name, nearest: nearestOf(name, [...settings, ...others]) }))
}

const nearestOf = (name: string, all: readonly string[]): string =>
  all.reduce((best, one) => (distance(name, one) < distance(name, best) ? one : best))

/** Letters to be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function variableOf(path: Path): string {
  const words = path.map((part) => String(part).replace(/[A-Z]/g, '_$&'))
  return `AKART_${words.join('_').toUpperCase()}`
}

function scalarsOf(schema: TObject, path: Path): { path: Path; node: TSchema }[] {
  return Object.entries(schema.properties).flatMap(([name, node]) => {
    const here = [...path, name]
    if (isObjectSchema(node)) return scalarsOf(node, here)
    return 'items' in node ? [] : [{ path: here, node }]
  })
}

export function isObjectSchema(schema: TSchema): schema is TObject {
  return 'properties' in schema
}

/** A variable is always text: digits are a number where one is wanted, and an empty one is null. */
function fromText(schema: TSchema, text: string): unknown {
  if (takesInteger(schema) && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (isOf(schema, 'number') && /^\d{1,3}(?:\.\d{1,6})?$/.test(text)) return Number(text)
  if (isOf(schema, 'boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text === '' && !isInteger(schema) ? null : text
}

const isOf = (schema: TSchema, type: string): boolean => 'type' in schema && schema.type === type

const isInteger = (schema: TSchema): boolean => isOf(schema, 'integer')

const takesInteger = (schema: TSchema): boolean =>
  isInteger(schema) || ('anyOf' in schema && (schema.anyOf as readonly TSchema[]).some(isInteger))

/** `over` laid over `under`: mappings key by key, all else replaced, lists too. */
export function merged(under: unknown, over: unknown): unknown {
  if (over === undefined) return under
  if (!isMapping(under) || !isMapping(over)) return over
  const names = new Set([...Object.keys(under), ...Object.keys(over)])
  return Object.fromEntries([...names].map((name) => [name, merged(under[name], over[name])]))
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function put(target: Record<string, unknown>, path: Path, value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const inner = isMapping(target[name]) ? target[name] : {}
  target[name] = inner
  put(inner, rest, value)
}

/** The position of the key (in a list: of the item) in the text. */
function offsetOf(node: Node | null, path: Path): number | null {
  const [part, ...rest] = path
  if (part === undefined) return node?.range?.[0] ?? null
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
    if (pair === undefined) return null
    return rest.length === 0 ? (pair.key.range?.[0] ?? null) : offsetOf(pair.value, rest)
  }
  if (isSeq<Node>(node)) {
    const item = node.items[Number(part)]
    return item === undefined ? null : offsetOf(item, rest)
  }
  return null
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

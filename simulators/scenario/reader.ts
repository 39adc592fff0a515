import type { Branch, Fault } from './nodes.ts'

/** Takes values out of a map of the scenario file one by one, and collects their faults. */
export type MapReader = {
  line: number
  has: (key: string) => boolean
  branch: (key: string) => Branch | undefined
  text: (key: string) => string | null
  need: (key: string) => string
  /** A value, or a list of them. */
  texts: (key: string) => string[]
  /** One of a table's names. */
  name: <Name extends string>(key: string, names: readonly Name[], otherwise: Name) => Name
  /** A text through a parser that gives null for nonsense. */
  parsed: <T>(key: string, parse: (text: string) => T | null, wanted: string) => T | null
  fault: (line: number, reason: string) => void
}

const didYouMean = (names: readonly string[]) => `expected one of: ${names.join(', ')}`

/** A reader over a map; keys that `known` does not list are faults. */
export function mapReader(
  branch: Branch | undefined,
  what: string,
  known: readonly string[],
  faults: Fault[],
): MapReader {
  const line = branch?.line ?? 1
  const fault = (at: number, reason: string) => void faults.push({ line: at, reason })
  const entries = branch?.kind === 'map' ? branch.entries : []
  if (branch && branch.kind !== 'map') fault(line, `${what} has to be a map of keys and values`)
  for (const { key, line: at } of entries)
    if (!known.includes(key)) fault(at, `${what}: unknown key '${key}', ${didYouMean(known)}`)
  const branchOf = (key: string) => entries.find((entry) => entry.key === key)?.value
  const text = (key: string): string | null => {
    const value = branchOf(key)
    if (value === undefined) return null
    if (value.kind === 'text') return value.text
    fault(value.line, `${key} has to be a single value`)
    return null
  }
  return {
    line,
    fault,
    has: (key) => branchOf(key) !== undefined,
    branch: branchOf,
    text,
    texts: (key) =>
      listOf(branchOf(key)).flatMap((item) => {
        if (item.kind === 'text') return [item.text]
        fault(item.line, `${key} has to be a value, or a list of values`)
        return []
      }),
    need: (key) => {
      if (!branchOf(key)) fault(line, `${what}: ${key} is missing`)
      return text(key) ?? ''
    },
    name: (key, names, otherwise) => {
      const value = text(key)
      if (value === null) return otherwise
      const found = names.find((name) => name === value)
      if (found === undefined) fault(branchOf(key)?.line ?? line, `${key} '${value}', ${didYouMean(names)}`)
      return found ?? otherwise
    },
    parsed: (key, parse, wanted) => {
      const value = text(key)
      if (value === null) return null
      const result = parse(value)
      if (result === null) fault(branchOf(key)?.line ?? line, `${key} '${value}' is not ${wanted}`)
      return result
    },
  }
}

/** `500ms`, `2s`, `2.5s`, `3m`, `25h` in milliseconds. */
export function parseDuration(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (!found) return null
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[found[2] as 'ms' | 's' | 'm' | 'h']
  return Number(found[1]) * unit
}

/** A data element's number, 2 to 128. */
export function parseElement(text: string): number | null {
  const de = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return de >= 2 && de <= 128 ? de : null
}

/** The items of a list, or a single value as a list of one. */
export function listOf(branch: Branch | undefined): Branch[] {
  if (branch === undefined) return []
  return branch.kind === 'list' ? branch.items : [branch]
}

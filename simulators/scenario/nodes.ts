import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** A YAML node with the line it stands on. Every scalar is text: what `00` or `100.00` means is known by its place. */
export type Branch =
  | { kind: 'text'; line: number; text: string }
  | { kind: 'list'; line: number; items: Branch[] }
  | { kind: 'map'; line: number; entries: { key: string; line: number; value: Branch }[] }

export type Fault = { line: number; reason: string }

/** The failsafe schema makes only strings; an empty value is null. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Reads YAML into branches. Anchors work, faults name the line. */
export function readBranches(text: string): { root: Branch | null; faults: Fault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false })
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, reason: message }))
  if (faults.length > 0 || document.contents === null) return { root: null, faults }

  const lineOf = (node: Node | null, otherwise: number) => (node?.range ? lines.linePos(node.range[0]).line : otherwise)
  const read = (node: unknown, above: number): Branch => {
    if (isAlias(node)) return read(node.resolve(document), above)
    if (isSeq(node)) {
      const line = lineOf(node, above)
      return { kind: 'list', line, items: node.items.map((item) => read(item, line)) }
    }
    if (isMap(node)) {
      const line = lineOf(node, above)
      const entries = node.items.map(({ key, value }) => {
        const keyLine = lineOf(key as Node, line)
        return { key: isScalar(key) ? textOf(key.value) : '', line: keyLine, value: read(value, keyLine) }
      })
      return { kind: 'map', line, entries }
    }
    if (isScalar(node)) return { kind: 'text', line: lineOf(node, above), text: textOf(node.value) }
    return { kind: 'text', line: above, text: '' }
  }
  return { root: read(document.contents, 1), faults }
}

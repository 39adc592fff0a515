import { readFile } from 'node:fs/promises'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Scalar } from 'yaml'
import { setUpError } from '../config/set-up-error.ts'
import { fileErrorText } from '../text/file-error.ts'

/** The settings of a file, all as text, and the place of each: `xmas.yaml:4`. */
export type IssueFile = { readonly given: ReadonlyMap<string, string>; readonly placeOf: (setting: string) => string }

/**
 * Reads a YAML mapping of settings. Values stay as they are written, so that a prefix keeps its leading zeros; the items of a
 * list are joined by commas.
 *
 * @throws a set-up error with file and line
 */
export async function readIssueFile(file: string): Promise<IssueFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw setUpError(`${file}: can't be read: ${fileErrorText(error, String(error))}`)
  })
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false })
  const at = (offset: number | undefined): string => `${file}:${lines.linePos(offset ?? 0).line}`
  const [fault] = document.errors
  if (fault !== undefined) throw setUpError(`${at(fault.pos[0])}: ${fault.message}`)
  const root = document.contents
  if (!isMap<Node, Node>(root)) throw setUpError(`${at(0)}: must be a mapping of settings, such as prefix: 629912`)

  const given = new Map<string, string>()
  const places = new Map<string, string>()
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const place = at(key.range?.[0])
    const written = value === null ? '' : textOf(value)
    if (name === '' || written === null) throw setUpError(`${place}: must be a setting and its value`)
    given.set(name, written)
    places.set(name, place)
  }
  return { given, placeOf: (setting) => places.get(setting) ?? file }
}

function textOf(node: Node): string | null {
  if (isScalar(node)) return scalarText(node)
  if (!isSeq<Node>(node)) return null
  const items = node.items.map((item) => (isScalar(item) ? scalarText(item) : null))
  return items.includes(null) ? null : items.join(',')
}

/** The failsafe schema reads every scalar as text; an empty value is null. */
const scalarText = ({ value }: Scalar): string => (typeof value === 'string' ? value : '')

import type { Branch, Fault } from '../scenario/nodes.ts'
import { parseExpectation } from '../scenario/parse-expectation.ts'
import { approval } from '../scenario/parse-expectation.ts'
import type { Expectation } from '../scenario/scenario.ts'
import { SetUpError } from '../set-up-error.ts'

const text = (value: string): Branch => ({ kind: 'text', line: 1, text: value })

/**
 * `--expect 39=00 --expect 44=absent`: the expectation in the notation of scenarios; a list of values means one of them
 * (`39=00,10`). `none`: no answer, `closed`: the end of the line. Null: no expectation. Throws a SetUpError.
 */
export function expectationOf(texts: readonly string[]): Expectation | null {
  const [first] = texts
  if (first === undefined) return null
  const faults: Fault[] = []
  const words = texts.filter((one) => !one.includes('='))
  const branch: Branch =
    words.length > 0
      ? text(texts.length === 1 ? first : texts.join(' '))
      : { kind: 'map', line: 1, entries: texts.map(entryOf) }
  const expectation = parseExpectation(branch, approval, faults)
  if (faults.length > 0) throw new SetUpError(faults.map(({ reason }) => `--${reason}`).join('\n'))
  if (expectation.kind === 'unread' || expectation.kind === 'unsent')
    throw new SetUpError(`--expect ${first}: expected none, closed, or elements as in 39=00`)
  return expectation
}

function entryOf(one: string): { key: string; line: number; value: Branch } {
  const at = one.indexOf('=')
  const value = one.slice(at + 1)
  // A comma within a regular expression belongs to it.
  const items = value.startsWith('/') ? [value] : value.split(',')
  const branch: Branch = items.length === 1 ? text(value) : { kind: 'list', line: 1, items: items.map(text) }
  return { key: one.slice(0, at), line: 1, value: branch }
}

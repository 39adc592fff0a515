import { cardStates } from '../demo/cards.ts'
import { type Branch, type Fault, readBranches } from './nodes.ts'
import { parseStep, type Known } from './parse-step.ts'
import { listOf, mapReader, parseDuration } from './reader.ts'
import type { CardWish, Scenario } from './scenario.ts'
import { sectionNames } from './sections.ts'

const DEFAULT_TIMEOUT_MS = 5_000

function parseCards(branch: Branch | undefined, faults: Fault[]): CardWish[] {
  if (branch === undefined) return []
  if (branch.kind !== 'map') {
    faults.push({ line: branch.line, reason: 'cards has to be a map of names' })
    return []
  }
  return branch.entries.map(({ key, line, value }) => {
    const map = mapReader(value, `card '${key}'`, ['issue', 'state'], faults)
    return { name: key, line, issue: map.text('issue') ?? 'OPEN', state: map.name('state', cardStates, 'sellable') }
  })
}

/** Reads a scenario. Every fault comes as `file:line: reason`, in the order of the file. */
export function parseScenario(
  text: string,
  file: string,
): { ok: true; scenario: Scenario } | { ok: false; faults: string[] } {
  const { root, faults } = readBranches(text)
  const failed = () => {
    const ordered = faults.toSorted((a, b) => a.line - b.line)
    return { ok: false as const, faults: ordered.map(({ line, reason }) => `${file}:${line}: ${reason}`) }
  }
  if (root === null && faults.length === 0) faults.push({ line: 1, reason: 'the file is empty' })
  if (root === null) return failed()
  const map = mapReader(
    root,
    'a scenario',
    ['title', 'description', 'section', 'timeout', 'confirm-timeout', 'cards', 'steps'],
    faults,
  )
  const cards = parseCards(map.branch('cards'), faults)
  const known: Known = { cards: new Set(cards.map(({ name }) => name)), answers: new Set() }
  const steps = listOf(map.branch('steps'))
    .map((one) => parseStep(one, known, faults))
    .filter((step) => step !== null)
  const title = map.need('title')
  const section = map.has('section') ? map.name('section', sectionNames, '3') : null
  const timeoutMs = map.parsed('timeout', parseDuration, 'a duration such as 2s') ?? DEFAULT_TIMEOUT_MS
  const confirmTimeoutMs = map.parsed('confirm-timeout', parseDuration, 'a duration such as 2s')
  if (root.kind === 'map' && listOf(map.branch('steps')).length === 0) map.fault(map.line, 'a scenario has steps')
  return faults.length > 0
    ? failed()
    : { ok: true, scenario: { file, title, section, timeoutMs, confirmTimeoutMs, cards, steps } }
}

import { readBranches } from './nodes.ts'
import { parseCards, parseHosts, parseTerminals } from './parse-cast.ts'
import { parseStep, type Known } from './parse-step.ts'
import { listOf, mapReader, parseDuration } from './reader.ts'
import type { Scenario } from './scenario.ts'
import { sectionNames } from './sections.ts'

const DEFAULT_TIMEOUT_MS = 5_000

export const scenarioKeys = [
  'title',
  'description',
  'section',
  'timeout',
  'confirm-timeout',
  'seed',
  'terminals',
  'hosts',
  'cards',
  'steps',
] as const

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
  const map = mapReader(root, 'a scenario', scenarioKeys, faults)
  const terminals = parseTerminals(map.branch('terminals'), faults)
  const hosts = parseHosts(map.branch('hosts'), faults)
  const hostNames = new Set(hosts.map(({ name }) => name))
  const cards = parseCards(map.branch('cards'), hostNames, faults)
  const known: Known = { cards: new Set(cards.map(({ name }) => name)), hosts: hostNames, answers: new Set() }
  const steps = listOf(map.branch('steps'))
    .map((one) => parseStep(one, known, faults))
    .filter((step) => step !== null)
  const title = map.need('title')
  const section = map.has('section') ? map.name('section', sectionNames, '3') : null
  const timeoutMs = map.parsed('timeout', parseDuration, 'a duration such as 2s') ?? DEFAULT_TIMEOUT_MS
  const confirmTimeoutMs = map.parsed('confirm-timeout', parseDuration, 'a duration such as 2s')
  const seed = map.parsed('seed', (text) => (/^\d{1,10}$/.test(text) ? Number(text) : null), 'a number')
  if (root.kind === 'map' && listOf(map.branch('steps')).length === 0) map.fault(map.line, 'a scenario has steps')
  return faults.length > 0
    ? failed()
    : {
        ok: true,
        scenario: { file, title, section, timeoutMs, confirmTimeoutMs, seed, terminals, hosts, cards, steps },
      }
}

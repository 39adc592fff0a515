/** Parses the steps of a scenario that are not messages: loops, clock, network, host. */

import { keeperStates } from '../control/door-keeper.ts'
import { parseGremlinRules } from '../gremlin/faults.ts'
import { parseHostRules } from '../host/faults.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Branch } from './nodes.ts'
import { listOf, type MapReader, parseDuration } from './reader.ts'
import type { ClockStep, HostStep, LoopStep, NetworkStep, Step } from './scenario.ts'

const MOST_TIMES = 100_000

export function parseLoop(map: MapReader, parseStep: (branch: Branch) => Step | null): LoopStep {
  const whole = (text: string) => (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= MOST_TIMES ? Number(text) : null)
  const steps = listOf(map.branch('steps')).flatMap((one) => parseStep(one) ?? [])
  if (steps.length === 0) map.fault(map.line, 'a loop has steps')
  return {
    kind: 'loop',
    line: map.line,
    title: map.text('title') ?? '',
    times: map.parsed('loop', whole, `a number from 1 to ${MOST_TIMES}`) ?? 1,
    steps,
  }
}

/** `+25h`, `-10m`, `0s`: how much the clock is wrong. */
function parseOffset(text: string): number | null {
  const ms = parseDuration(text.replace(/^[+-]/, ''))
  return ms === null ? null : text.startsWith('-') ? -ms : ms
}

export function parseClock(map: MapReader): ClockStep {
  const terminal = map.text('terminal')
  const offset = map.text('clock') ?? ''
  const title = map.text('title') ?? `the clock of ${terminal ?? 'all terminals'} is wrong by ${offset}`
  const ms = map.parsed('clock', parseOffset, 'how wrong the clock is, such as +25h or -10m') ?? 0
  return { kind: 'clock', line: map.line, title, terminal, ms }
}

const isState = (text: string): boolean => keeperStates.some((state) => text.split(' ')[0] === state)

/** Faults of rules become faults of the file. */
function checkRules(map: MapReader, key: string, parse: () => unknown): void {
  try {
    parse()
  } catch (problem) {
    if (!(problem instanceof SetUpError)) throw problem
    map.fault(map.branch(key)?.line ?? map.line, problem.message)
  }
}

const isNone = (texts: readonly string[]): boolean => texts.length === 1 && texts[0] === 'normal'

export function parseNetwork(map: MapReader): NetworkStep {
  const texts = map.texts('network')
  const [state = null] = texts.filter(isState)
  const rules = isNone(texts) ? [] : texts.filter((text) => !isState(text))
  checkRules(map, 'network', () => parseGremlinRules(rules))
  if (state !== null && rules.length > 0) map.fault(map.line, `network: ${state} or rules, not both`)
  const title = map.text('title') ?? `the network: ${texts.join('; ') || 'normal'}`
  return { kind: 'network', line: map.line, title, rules, state }
}

function parseReceived(map: MapReader): HostStep['received'] {
  const branch = map.branch('received')
  if (branch !== undefined && branch.kind !== 'map')
    map.fault(branch.line, 'received has to be a map of MTIs and numbers')
  return (branch?.kind === 'map' ? branch.entries : []).map(({ key, line, value }) => {
    const texts = listOf(value).map((one) => (one.kind === 'text' ? one.text : ''))
    if (!/^\d{4}$/.test(key) || !texts.every((text) => /^\d+$/.test(text)))
      map.fault(line, `received: '${key}' needs an MTI and a number, or a list of numbers`)
    return { mti: key, counts: texts.map(Number) }
  })
}

export function parseHost(map: MapReader, hosts: ReadonlySet<string>): HostStep {
  const host = map.need('host')
  if (!hosts.has(host)) map.fault(map.line, `host: there is no host called '${host}' under hosts`)
  const texts = map.texts('rules')
  const rules = map.has('rules') ? (isNone(texts) ? [] : texts) : null
  checkRules(map, 'rules', () => parseHostRules(rules ?? []))
  const state = map.parsed('line', (text) => (isState(text) ? text : null), `one of ${keeperStates.join(', ')}`)
  const title =
    map.text('title') ?? `the host ${host}: ${[...texts, state ?? ''].join(' ').trim() || 'what it has got'}`
  return { kind: 'host', line: map.line, title, host, rules, state, received: parseReceived(map) }
}

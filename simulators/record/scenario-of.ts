/** Makes a scenario of a recording. */

import { Document, isMap, isSeq, type Node } from 'yaml'
import { maskNumber } from '../demo/cards.ts'
import { originalMti } from '../terminal/operations.ts'
import { type Earlier, type Names, stepOf, type Written } from './steps.ts'
import { type Asked, numberIn, type Talk } from './talk.ts'

export type RecordSettings = {
  readonly title: string
  /** Where it came from, for the head of the file. */
  readonly source: string
  /** The expectation where no answer was seen: `unread`, or `none`. */
  readonly silence: 'unread' | 'none'
  /** Whether pauses of a second and more are kept. */
  readonly pauses: boolean
}

const PAUSE_MS = 1_000
const MOST_PAUSE_MS = 60_000
const MOST_TOGETHER = 50

/** Names in the order of their first occurrence: `card1`, `card2`. */
function named(values: readonly (string | null | undefined)[], prefix: string): Map<string, string> {
  const known = [...new Set(values.filter((value) => value !== null && value !== undefined))]
  return new Map(known.map((value, i) => [value, `${prefix}${i + 1}`]))
}

const terminalOf = ({ request }: Asked): string => (request.fields[41] ?? '').trimEnd()

function namesIn(talk: Talk): Names {
  const { asked } = talk
  const numbers = asked.flatMap(({ request }) => [numberIn(request.fields), request.fields[103]])
  const lines = new Set(asked.map(({ line }) => line))
  const terminals = new Set(asked.map(terminalOf))
  const pairs = new Set(asked.map((one) => `${one.line} ${terminalOf(one)}`))
  return {
    cards: named(numbers, 'card'),
    terminals: named(asked.map(terminalOf), 'till'),
    // By default each terminal has its own line.
    lines:
      lines.size === terminals.size && pairs.size === lines.size && relevantEnds(talk).length === 0
        ? null
        : named([...lines], 'line'),
  }
}

/** The demo card that stands in for a recorded card, chosen by the first request about it. */
function standIn(number: string, asked: readonly Asked[]): Record<string, string> {
  const first = asked.find(({ request: { fields } }) => numberIn(fields) === number || fields[103] === number)
  const code = first?.request.fields[3]?.slice(0, 2)
  const isNew = first?.request.fields[103] === number || code === '90' || code === '93'
  return { ...(code === '93' && { issue: 'GIFT50' }), state: isNew ? 'sellable' : 'sold' }
}

/** Requests that were under way at the same time. */
function together(asked: readonly Asked[]): Asked[][] {
  const groups: Asked[][] = []
  let until = -Infinity
  for (const one of asked) {
    const group = groups.at(-1)
    const overlaps = one.at < until && group !== undefined && group.length < MOST_TOGETHER
    if (overlaps) group.push(one)
    else {
      groups.push([one])
      until = -Infinity
    }
    until = Math.max(until, one.answeredAt ?? -Infinity)
  }
  return groups
}

const WORDS: Readonly<Record<string, string>> = { '0202': 'confirm', '0400': 'cancel', '0420': 'reverse' }

/** `payment3`: what a request is called, in case a later one refers to it. */
function nameFor(step: Written, request: Asked['request'], place: number): string {
  const verb = step['send'] ?? WORDS[originalMti(request.mti)] ?? 'message'
  return `${typeof verb === 'string' ? verb : 'message'}${place}`
}

/** Lines that ended while the talk went on. */
const relevantEnds = ({ asked, ends }: Talk): Talk['ends'] =>
  ends.filter(({ after, line }) => after < asked.length && asked.slice(0, after).some((one) => one.line === line))

type Group = { readonly before: Written[]; readonly steps: { readonly step: Written; readonly one: Earlier }[] }

/** The events between two groups of requests, told by the places of their first requests: ended lines, and a pause. */
function between(from: number, to: number, talk: Talk, names: Names, { pauses }: RecordSettings): Written[] {
  const ended = relevantEnds(talk).filter(({ after }) => after > from && after <= to)
  const before = talk.asked.slice(from, to).map(({ at }) => at)
  const pause = before.length === 0 ? 0 : (talk.asked[to]?.at ?? 0) - Math.max(...before)
  return [
    ...ended.map(({ line }) => ({ close: names.lines?.get(line) })),
    ...(pauses && pause >= PAUSE_MS ? [{ wait: `${Math.round(Math.min(pause, MOST_PAUSE_MS) / 1_000)}s` }] : []),
  ]
}

function stepsOf(talk: Talk, names: Names, settings: RecordSettings): { steps: Written[]; lost: number[] } {
  const earlier: Earlier[] = []
  const lost = new Set<number>()
  let from = 0
  const groups = together(talk.asked).map((group): Group => {
    const before = between(from, earlier.length, talk, names, settings)
    from = earlier.length
    const steps = group.map((asked) => {
      const found = stepOf(asked, names, earlier, settings.silence)
      found.lost.forEach((de) => lost.add(de))
      const one: Earlier = { asked, name: nameFor(found.step, asked.request, earlier.length + 1), referred: false }
      earlier.push(one)
      return { step: found.step, one }
    })
    return { before, steps }
  })
  // Only now it is known which requests are referred to.
  const steps = groups.flatMap(({ before, steps: own }) => {
    const withNames = own.map(({ step, one }) => (one.referred ? { ...step, as: one.name } : step))
    return [...before, ...(withNames.length > 1 ? [{ together: withNames }] : withNames)]
  })
  return { steps, lost: [...lost].toSorted((x, y) => x - y) }
}

/** Steps stand in one line each, those of `together` too. */
function inLines(node: unknown): void {
  if (!isSeq(node)) return
  for (const item of node.items) {
    if (!isMap(item)) continue
    const inner = item.get('together', true)
    if (isSeq(inner)) inLines(inner)
    else item.flow = true
  }
}

/**
 * A talk as the text of a scenario: cards and terminals are placeholders, times and trace numbers are made anew when it is
 * played. Nothing of a card but its first six and last four digits, and no key, is in it.
 */
export function scenarioOf(talk: Talk, settings: RecordSettings): string {
  const names = namesIn(talk)
  const { steps, lost } = stepsOf(talk, names, settings)
  const confirming = new Set(talk.asked.filter(({ request }) => originalMti(request.mti) === '0202').map(terminalOf))
  const terminals = [...names.terminals].map(([was, name]): [string, Written] => [
    name,
    { was, ...(confirming.has(was) && { confirmation: 'explicit' }) },
  ])
  const cards = [...names.cards].map(([number, name], i): [string, Written] => [
    name,
    { given: i + 1, ...standIn(number, talk.asked) },
  ])
  const document = new Document({
    title: settings.title,
    terminals: Object.fromEntries(terminals),
    ...(cards.length > 0 && { cards: Object.fromEntries(cards) }),
    steps,
  })
  inLines(document.get('steps', true))
  for (const part of ['terminals', 'cards']) {
    const node = document.get(part, true)
    if (isMap(node)) for (const { value } of node.items) (value as Node & { flow?: boolean }).flow = true
  }
  const shown = [...names.cards].map(([number], i) => ` row ${i + 1} of --cards was ${maskNumber(number)}`)
  document.commentBefore = [
    ` Recorded from ${settings.source}: ${talk.asked.length} requests.`,
    ...shown,
    ...(lost.length === 0 ? [] : [` left out, since it may be secret: ${lost.map((de) => `DE${de}`).join(', ')}`]),
    ...(talk.passedOver === 0
      ? []
      : [` ${talk.passedOver} messages were passed over: unreadable, or answers to nothing`]),
  ].join('\n')
  return document.toString({ lineWidth: 0 })
}

import { type FollowUp, operationNames, operations } from '../terminal/operations.ts'
import type { Branch, Fault } from './nodes.ts'
import { parseCasesStep, parseDecideStep } from './parse-cases.ts'
import { approval, parseExpectation, sameAgain } from './parse-expectation.ts'
import { parseDraws } from './parse-draws.ts'
import { parseClock, parseHost, parseLoop, parseNetwork } from './parse-event.ts'
import { parseTotals } from './parse-totals.ts'
import { listOf, mapReader, type MapReader, parseDuration, parseElement } from './reader.ts'
import type { BytesStep, Expectation, Origin, Step, TalkStep, TogetherStep, Value } from './scenario.ts'

/** Names that a step may refer to: cards of the file, answers of the steps before. */
export type Known = { cards: ReadonlySet<string>; hosts: ReadonlySet<string>; answers: Set<string> }

const talkKeys = ['terminal', 'line', 'card', 'onto', 'entry', 'amount', 'currency', 'flags', 'mti', 'fields', 'remove']
const talkKeysToo = ['totals', 'bitmap', 'mac', 'under', 'as', 'timeout', 'expect', 'plain']
export const verbs = [
  'send',
  'confirm',
  'reverse',
  'cancel',
  'repeat',
  'bytes',
  'wait',
  'close',
  'together',
  'cases',
  'decide',
  'clear',
  'loop',
  'clock',
  'network',
  'host',
] as const
type Verb = (typeof verbs)[number]

export const keysOf = {
  send: [...talkKeys, ...talkKeysToo],
  confirm: [...talkKeys, ...talkKeysToo],
  reverse: [...talkKeys, ...talkKeysToo],
  cancel: [...talkKeys, ...talkKeysToo],
  repeat: [...talkKeys, ...talkKeysToo],
  bytes: ['terminal', 'line', 'timeout', 'expect'],
  wait: [],
  close: ['how'],
  together: ['tally'],
  cases: [],
  decide: [],
  clear: [],
  loop: ['steps'],
  clock: ['terminal'],
  network: [],
  host: ['rules', 'line', 'received'],
} satisfies Record<Verb, string[]>

function parseValue(text: string): Value {
  const found = /^\$([\w-]+)(\.request)?\.(\d{1,3})$/.exec(text)
  if (!found) return { kind: 'text', text }
  return { kind: 'field', of: found[1] ?? '', side: found[2] ? 'request' : 'answer', de: Number(found[3]) }
}

function parseFields(branch: Branch | undefined, known: Known, faults: Fault[]): { de: number; value: Value }[] {
  if (branch === undefined) return []
  if (branch.kind !== 'map') {
    faults.push({ line: branch.line, reason: 'fields has to be a map of data elements and values' })
    return []
  }
  return branch.entries.flatMap(({ key, line, value }) => {
    const de = parseElement(key)
    if (de === null || value.kind !== 'text') {
      faults.push({ line, reason: `fields: '${key}' is not a data element (2 to 128) with a value` })
      return []
    }
    const parsed = parseValue(value.text)
    if (parsed.kind === 'field' && !known.answers.has(parsed.of))
      faults.push({ line, reason: `fields: no step before this one is called '${parsed.of}'` })
    return [{ de, value: parsed }]
  })
}

function parseRemoved(branch: Branch | undefined, faults: Fault[]): number[] {
  return listOf(branch).flatMap((item) => {
    const de = item.kind === 'text' ? parseElement(item.text) : null
    if (de === null) faults.push({ line: item.line, reason: 'remove has to list data elements (2 to 128)' })
    return de ?? []
  })
}

/** The step's name if only `mti` and `fields` are given. */
export const MESSAGE = 'message'

function parseOrigin(verb: Verb, map: MapReader, known: Known): Origin {
  if (verb === 'send' && map.text('send') === MESSAGE) return { kind: 'message' }
  if (verb === 'send') return { kind: 'send', operation: map.name('send', operationNames, 'echo') }
  const of = map.need(verb)
  if (!known.answers.has(of))
    map.fault(map.branch(verb)?.line ?? map.line, `${verb}: no step before this one is called '${of}'`)
  if (verb === 'repeat') return { kind: 'repeat', of, plain: map.text('plain') === 'true' }
  return { kind: 'follow', how: verb as FollowUp, of }
}

function parseUnder(map: MapReader, known: Known): string | null {
  const under = map.text('under')
  if (under !== null && !known.answers.has(under))
    map.fault(map.branch('under')?.line ?? map.line, `under: no step before this one is called '${under}'`)
  return under
}

function checkSend(step: TalkStep, map: MapReader): void {
  if (step.origin.kind === 'message' && step.mti === null) map.fault(map.line, 'send: message needs an mti')
  if (step.origin.kind !== 'send' || !map.has('send')) return
  const { amount, card } = operations[step.origin.operation]
  const given = (de: number) => step.fields.some((one) => one.de === de) || step.remove.includes(de)
  if (amount === 'asked' && !map.has('amount') && !given(4)) map.fault(map.line, `${map.text('send')} needs an amount`)
  if (card && !map.has('card') && ![2, 35, 45].some(given)) map.fault(map.line, `${map.text('send')} needs a card`)
  if (step.origin.operation === 'duplicate' && !map.has('onto') && !given(103))
    map.fault(map.line, 'duplicate needs a card that it goes onto')
}

function parseTalk(verb: Verb, map: MapReader, known: Known, faults: Fault[]): TalkStep {
  const otherwise: Expectation = verb === 'repeat' ? sameAgain : approval
  const draws = parseDraws(map, known.cards)
  const onto = map.text('onto')
  if (onto !== null && !known.cards.has(onto))
    map.fault(map.branch('onto')?.line ?? map.line, `no card '${onto}' under cards`)
  const totals = map.branch('totals')
  const step: TalkStep = {
    kind: 'talk',
    line: map.line,
    title: map.text('title') ?? `${verb} ${map.text(verb) ?? ''}`,
    origin: parseOrigin(verb, map, known),
    draws,
    terminal: draws.terminals[0] ?? null,
    wire: map.text('line'),
    card: draws.cards[0] ?? null,
    onto,
    entry: draws.entries[0] ?? 'swipe',
    amount: draws.amount?.least ?? null,
    currency: map.text('currency'),
    flags: map.text('flags'),
    mti: map.parsed('mti', (text) => (/^\d{4}$/.test(text) ? text : null), 'four digits'),
    fields: [
      ...(totals === undefined ? [] : parseTotals(totals, faults)).map(({ de, text }) => ({
        de,
        value: { kind: 'text' as const, text },
      })),
      ...parseFields(map.branch('fields'), known, faults),
    ],
    remove: parseRemoved(map.branch('remove'), faults),
    bitmap: map.name('bitmap', ['single', 'double'], 'single'),
    mac: map.name('mac', ['right', 'wrong', 'left out'], 'right'),
    under: parseUnder(map, known),
    as: map.text('as'),
    timeoutMs: map.parsed('timeout', parseDuration, 'a duration such as 500ms or 2s'),
    expect: parseExpectation(map.branch('expect'), otherwise, faults),
  }
  checkSend(step, map)
  if (step.as !== null) known.answers.add(step.as)
  return step
}

function parseBytes(map: MapReader, faults: Fault[]): BytesStep {
  const hex = (text: string) =>
    /^([0-9a-fA-F]{2}\s*)+$/.test(text) ? Buffer.from(text.replace(/\s/g, ''), 'hex') : null
  return {
    kind: 'bytes',
    line: map.line,
    title: map.text('title') ?? 'bytes as they are',
    bytes: map.parsed('bytes', hex, 'bytes in hex') ?? Buffer.alloc(0),
    terminal: map.text('terminal'),
    wire: map.text('line'),
    timeoutMs: map.parsed('timeout', parseDuration, 'a duration such as 500ms or 2s'),
    expect: parseExpectation(map.branch('expect'), approval, faults),
  }
}

function parseTogether(map: MapReader, known: Known, faults: Fault[]): TogetherStep {
  const steps = listOf(map.branch('together')).flatMap((one) => {
    const step = parseStep(one, known, faults)
    if (step?.kind === 'talk' || step?.kind === 'bytes') return [step]
    if (step) faults.push({ line: step.line, reason: `${step.kind} cannot stand inside together` })
    return []
  })
  const tally = map.branch('tally')
  const counts = tally?.kind === 'map' ? tally.entries : []
  const counted = counts.map(({ key, line, value }) => {
    const texts = listOf(value).map((one) => (one.kind === 'text' ? one.text : ''))
    if (!texts.every((text) => /^\d+$/.test(text)))
      faults.push({ line, reason: `tally: '${key}' needs a number of answers, or a list of numbers` })
    return { code: key, counts: texts.map(Number) }
  })
  return { kind: 'together', line: map.line, title: map.text('title') ?? 'at the same time', steps, tally: counted }
}

/** One step; null when it does nothing that is known. Faults are collected. */
export function parseStep(branch: Branch, known: Known, faults: Fault[]): Step | null {
  const present = branch.kind === 'map' ? verbs.filter((verb) => branch.entries.some(({ key }) => key === verb)) : []
  const [verb, another] = present
  if (verb === undefined || another !== undefined) {
    faults.push({ line: branch.line, reason: `a step has exactly one of: ${verbs.join(', ')}` })
    return null
  }
  const map = mapReader(branch, `step '${verb}'`, ['title', verb, ...keysOf[verb]], faults)
  const { line } = map
  if (verb === 'together') return parseTogether(map, known, faults)
  if (verb === 'bytes') return parseBytes(map, faults)
  if (verb === 'cases') return parseCasesStep(map, known.answers, faults)
  if (verb === 'decide') return parseDecideStep(map, known.answers, faults)
  if (verb === 'clear') {
    const card = map.need('clear')
    if (!known.cards.has(card)) map.fault(line, `clear: there is no card called '${card}'`)
    return { kind: 'clear', line, title: map.text('title') ?? `a clerk clears ${card}`, card }
  }
  if (verb === 'loop') return parseLoop(map, (one) => parseStep(one, known, faults))
  if (verb === 'clock') return parseClock(map)
  if (verb === 'network') return parseNetwork(map)
  if (verb === 'host') return parseHost(map, known.hosts)
  if (verb === 'wait') {
    const ms = map.parsed('wait', parseDuration, 'a duration such as 500ms or 2s') ?? 0
    return { kind: 'wait', line, title: map.text('title') ?? `wait ${map.text('wait') ?? ''}`, ms }
  }
  if (verb === 'close') {
    const wire = map.need('close')
    const how = map.name('how', ['close', 'reset'], 'close')
    return { kind: 'close', line, title: map.text('title') ?? `the line of ${wire} is cut`, wire, how }
  }
  return parseTalk(verb, map, known, faults)
}

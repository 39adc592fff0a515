import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseScenario } from '../../simulators/scenario/parse.ts'
import type { Expectation, Scenario, Step, TalkStep } from '../../simulators/scenario/scenario.ts'
import { entryNames, followUps, operationNames, operations, repeatMti } from '../../simulators/terminal/operations.ts'

/** Response codes and reasons of docs/spec/terminal.md, section 6; the reason of 30 begins with the field. */
const answers = [
  '00', '00 CASE', '10', '03 STORE', '12', '13 AMOUNT', '13 MIN', '13 MAX', '13 STEP', '13 NOMINAL', '14', '21 SPENT',
  '21 DONE', '21 REVERSED', '21 LATE', '25', '30 Fnnn', '41', '43', '51', '54', '55', '75', '57 ENTRY', '57 ISSUE',
  '57 STORE', '57 TOPUP', '57 REFUND', '58 TERMINAL', '58 SIGNON', '61 BALANCE', '61 AMOUNT', '65 COUNT', '62 BLOCKED',
  '63 MAC', '64', '78 UNSOLD', '78 PACK', '78 SOLD', '78 CHECK', '91', '94', '95', '96',
] // prettier-ignore

/** Cases that the demo set or the switch cannot produce yet, with the reason. */
const notYet: Record<string, string> = {
  '13 STEP': 'both demo issues take every amount to 0.01',
  '21 LATE': 'only the first end of day of a calendar day closes one: policy-next.yaml takes either',
  '58 SIGNON': 'no terminal has to sign on yet',
  '65 COUNT': 'the demo issues have no limits of number',
  '91': 'there are no upstream hosts yet',
  '96': 'not to be had by messages alone; the executor’s own tests overload it',
}

/** How each operation that moves money has to end in some scenario. A cashier cannot undo a duplicate or a cancellation. */
const ends = {
  sale: ['confirm', 'reverse', 'cancel'],
  'nominal-sale': ['confirm', 'reverse', 'cancel'],
  payment: ['confirm', 'reverse', 'cancel'],
  'payment in part': ['confirm', 'reverse', 'cancel'],
  'top-up': ['confirm', 'reverse', 'cancel'],
  refund: ['confirm', 'reverse', 'cancel'],
  'refund onto new': ['confirm', 'reverse', 'cancel'],
  'cash-out': ['confirm', 'reverse', 'cancel'],
  duplicate: ['confirm', 'reverse'],
  cancel: ['confirm', 'reverse'],
  'refund-advice': ['cancel'],
} as const

/** Requests of the message table of section 3; each also has to be repeated. */
const messages = ['0100', '0200', '0202', '0220', '0400', '0420', '0500', '0520', '0600', '0800']

const folder = new URL('../../../simulators/scenarios/', import.meta.url)

function read(name: string): Scenario {
  const parsed = parseScenario(readFileSync(new URL(name, folder), 'utf8'), name)
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  return parsed.scenario
}

const talks = (steps: readonly Step[]): TalkStep[] =>
  steps.flatMap((step) => (step.kind === 'together' ? talks(step.steps) : step.kind === 'talk' ? [step] : []))

const matchersOf = (expect: Expectation, de: number) =>
  expect.kind === 'answer' ? (expect.fields.find((field) => field.de === de)?.oneOf ?? []) : []

/** The one text that a field has to be; a choice proves nothing. */
function certain(expect: Expectation, de: number): string | null {
  const [only, ...others] = matchersOf(expect, de)
  if (only === undefined || others.length > 0) return null
  return only.kind === 'text' ? only.value : only.kind === 'pattern' ? only.pattern.source : null
}

/** `21 REVERSED`, `51`, `30 Fnnn`; null where the answer is not certain. */
function answerOf({ expect }: TalkStep): string | null {
  const code = certain(expect, 39)
  const reason = certain(expect, 44)
  if (code === null || matchersOf(expect, 44).length > 1) return null
  if (reason === null) return code
  return code === '30' && /^\^?F\d{3}/.test(reason) ? '30 Fnnn' : `${code} ${reason}`
}

type Seen = Record<'answers' | 'operations' | 'ends' | 'messages' | 'entries', Set<string>>

/** The kind of a request, for the table of ends. */
function whatIs(step: TalkStep): string {
  if (step.origin.kind === 'follow') return step.origin.how
  if (step.origin.kind === 'repeat') return 'repeat'
  if (step.origin.kind === 'message') return 'message'
  const { operation } = step.origin
  if (operation === 'payment' && certain(step.expect, 39) === '10') return 'payment in part'
  if (operation === 'refund' && step.flags?.[1] === 'N') return 'refund onto new'
  return operation
}

function see({ steps }: Scenario, seen: Seen): void {
  const named = new Map<string, { what: string; mti: string }>()
  for (const step of talks(steps)) {
    const { origin } = step
    const of = 'of' in origin ? named.get(origin.of) : undefined
    const plain = origin.kind === 'send' ? operations[origin.operation].mti : null
    const follow = origin.kind === 'follow' ? followUps[origin.how].mti : null
    const again = origin.kind === 'repeat' && !origin.plain ? repeatMti(of?.mti ?? '0000') : (of?.mti ?? '0000')
    const mti = step.mti ?? plain ?? follow ?? again
    const what = origin.kind === 'repeat' ? (of?.what ?? '') : whatIs(step)
    if (step.as !== null) named.set(step.as, { what, mti })
    if (step.expect.kind === 'unsent') continue

    seen.messages.add(mti)
    if (step.card !== null) seen.entries.add(step.entry)
    const answer = answerOf(step)
    if (answer === null) continue
    seen.answers.add(answer)
    if (answer !== '00' && answer !== '10') continue
    if (origin.kind === 'send') seen.operations.add(origin.operation)
    if (origin.kind === 'follow' && of) seen.ends.add(`${of.what}: ${origin.how}`)
  }
}

t.test('the scenarios cover every operation with its ends, every answer, every message', (t) => {
  const seen: Seen = {
    answers: new Set(),
    operations: new Set(),
    ends: new Set(),
    messages: new Set(),
    entries: new Set(),
  }
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.yaml'))) see(read(name), seen)

  const missing = (wanted: readonly string[], had: Set<string>) => wanted.filter((one) => !had.has(one))
  const possible = (all: readonly string[]) => all.filter((one) => notYet[one] === undefined)
  const ofEnds = Object.entries(ends).flatMap(([what, hows]) => hows.map((how) => `${what}: ${how}`))
  t.same(missing(possible(answers), seen.answers), [], 'answers of section 6')
  t.same(missing(possible(operationNames), seen.operations), [], 'operations that are approved')
  t.same(missing(ofEnds, seen.ends), [], 'operations confirmed, reversed, cancelled')
  t.same(missing([...messages, ...messages.map(repeatMti)], seen.messages), [], 'messages and their repeats')
  t.same(missing(entryNames, seen.entries), [], 'ways of entry')

  const meanwhile = Object.keys(notYet).filter((one) => seen.answers.has(one) || seen.operations.has(one))
  t.same(meanwhile, [], 'what could not occur does by now: take it off the list')
  const known = new Set([...answers, ...operationNames])
  t.same(missing([...Object.keys(notYet), ...seen.answers], known), [], 'answers that section 6 does not have')
  t.end()
})

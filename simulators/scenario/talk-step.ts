import { matchKey, type Reply } from '../terminal/line.ts'
import { buildTalk, type Cast, terminalOf } from './build-talk.ts'
import type { Exchange } from './exchange.ts'
import { answerProblems } from './expectations.ts'
import type { Lines } from './lines.ts'
import type { Talk } from './outcome.ts'
import type { BytesStep, Expectation, TalkStep } from './scenario.ts'

export type Stage = Cast & { lines: Lines; timeoutMs: number }

/** A step ready to go: `fire` writes in the same turn, `check` is asked when everything that was fired has ended. */
export type Armed = { fire: () => Promise<Reply | null>; check: (reply: Reply | null) => Talk }

/** How long nothing has to come where no answer is expected. */
const QUIET_MS = 1_000

function patience(step: TalkStep | BytesStep, otherwise: number): number {
  return step.timeoutMs ?? (step.expect.kind === 'none' ? QUIET_MS : otherwise)
}

function failed(step: TalkStep | BytesStep, reason: string): Armed {
  const talk = { title: step.title, line: step.line, sent: null, answer: null, ms: 0, problems: [reason] }
  return { fire: async () => null, check: () => talk }
}

const inWords = {
  answer: 'an answer',
  none: 'no answer',
  closed: 'the end of the line',
  unread: 'nothing',
  unsent: 'nothing',
} as const
const cameInWords = { answer: 'an answer', silence: 'silence', closed: 'the end of the line' } as const
const fitting = { answer: 'answer', none: 'silence', closed: 'closed', unread: null, unsent: null } as const

/** The fault; null when an answer, a silence or an end came as expected. */
function wrongKind(expect: Expectation, reply: Reply | null): string | null {
  if (reply === null || fitting[expect.kind] === reply.kind) return null
  return `expected ${inWords[expect.kind]}, came ${cameInWords[reply.kind]} (after ${Math.round(reply.ms)} ms)`
}

function checkTalk(
  step: TalkStep,
  { wire }: Stage,
  exchange: Exchange,
  before: Exchange | null,
  reply: Reply | null,
): Talk {
  const talk: Talk = {
    title: step.title,
    line: step.line,
    sent: exchange.sent,
    answer: null,
    ms: reply?.ms ?? 0,
    problems: [],
  }
  const wrong = wrongKind(step.expect, reply)
  if (wrong !== null) talk.problems.push(wrong)
  if (reply?.kind !== 'answer') return talk
  if (!exchange.answer) {
    const read = wire.read(reply.bytes)
    talk.problems.push(read.ok ? 'the answer was not kept' : `the answer cannot be read: ${read.reason}`)
    return talk
  }
  talk.answer = exchange.answer.message
  if (step.expect.kind === 'answer')
    talk.problems.push(...answerProblems(wire, step.expect, exchange, exchange.answer, before))
  return talk
}

async function armTalk(step: TalkStep, stage: Stage): Promise<Armed> {
  const built = buildTalk(step, stage)
  if (!built.ok) return failed(step, built.reason)
  const { exchange, bytes, before } = built
  if (step.as !== null) stage.memory.set(step.as, exchange)
  if (step.expect.kind === 'unsent') {
    const talk = { title: step.title, line: step.line, sent: null, answer: null, ms: 0, problems: [] }
    return { fire: async () => null, check: () => talk }
  }
  const opened = await stage.lines.get(step.wire ?? exchange.terminal.terminal)
  if (!opened.ok) return failed(step, opened.reason)
  const key = matchKey(exchange.request.fields)
  return {
    fire: async () => {
      if (step.expect.kind === 'unread') {
        opened.line.tell(bytes, key)
        return null
      }
      const reply = await opened.line.ask(bytes, key, patience(step, stage.timeoutMs))
      const read = reply.kind === 'answer' ? stage.wire.read(reply.bytes) : null
      if (reply.kind === 'answer' && read?.ok)
        exchange.answer = { message: read.message, bytes: reply.bytes, ms: reply.ms }
      return reply
    },
    check: (reply) => {
      const talk = checkTalk(step, stage, exchange, before, reply)
      const why = reply === null || talk.problems.length === 0 ? [] : stage.lines.why(opened.line, bytes, reply)
      return { ...talk, problems: [...talk.problems, ...why] }
    },
  }
}

async function armBytes(step: BytesStep, stage: Stage): Promise<Armed> {
  const terminal = terminalOf(step.terminal, null, stage.terminals, stage.aliases)
  if (typeof terminal === 'string') return failed(step, terminal)
  const opened = await stage.lines.get(step.wire ?? terminal.terminal)
  if (!opened.ok) return failed(step, opened.reason)
  return {
    fire: () => opened.line.raw(step.bytes, patience(step, stage.timeoutMs)),
    check: (reply) => {
      const talk: Talk = {
        title: step.title,
        line: step.line,
        sent: null,
        answer: null,
        ms: reply?.ms ?? 0,
        problems: [],
      }
      const wrong = wrongKind(step.expect, reply)
      if (wrong !== null) talk.problems.push(wrong)
      if (reply?.kind !== 'answer') return talk
      const read = stage.wire.read(reply.bytes)
      if (!read.ok) return { ...talk, problems: [...talk.problems, `the answer cannot be read: ${read.reason}`] }
      talk.answer = read.message
      if (step.expect.kind !== 'answer') return talk
      // Nothing readable was sent, so there is nothing to echo: the answer is compared with itself.
      const request = { mti: step.expect.mti === null ? requestMtiOf(read.message.mti) : '0000', fields: {} }
      const exchange: Exchange = { terminal, request, sent: request, answer: null }
      const answer = { message: read.message, bytes: reply.bytes, ms: reply.ms }
      talk.problems.push(...answerProblems(stage.wire, { ...step.expect, identical: false }, exchange, answer, null))
      return talk
    },
  }
}

/** The request that an answer's MTI belongs to: 0210 → 0200. */
function requestMtiOf(answer: string): string {
  return `${answer.slice(0, 2)}${Number(answer[2]) - 1}${answer.slice(3)}`
}

/** Builds a step's message and opens its line, without sending yet. */
export function arm(step: TalkStep | BytesStep, stage: Stage): Promise<Armed> {
  return step.kind === 'talk' ? armTalk(step, stage) : armBytes(step, stage)
}

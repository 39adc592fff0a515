import type { Message } from '../terminal/message.ts'
import { toAmountField } from '../terminal/amount.ts'
import type { HostFault, HostRule } from './faults.ts'

/** One request that the host has received, and what can be done with it. */
export type Turn = {
  readonly rule: HostRule
  /** Decides and books; null if it is not a request. Called once. */
  readonly answer: () => Message | null
  /** An answer that books nothing. */
  readonly decline: (code: string) => Message | null
  readonly send: (message: Message | null) => void
  readonly sendHalf: (message: Message | null) => void
  /** A complete frame with a truncated message. */
  readonly sendGarbage: (message: Message | null) => void
  readonly close: () => void
  /** Calls `what` after `ms`, unless the host was stopped. */
  readonly later: (ms: number, what: () => void) => void
  /** Holds an answer back on its line; returns the one that was held before, which is released. */
  readonly hold: (message: Message, ms: number) => Message | null
}

function changed(message: Message | null, de: number, change: (value: string) => string): Message | null {
  const value = message?.fields[de]
  return message === null || value === undefined
    ? message
    : { ...message, fields: { ...message.fields, [de]: change(value) } }
}

const oneMore = (value: string): string => String((Number(value) + 1) % 10 ** value.length).padStart(value.length, '0')

const otherTerminal = (value: string): string => (value.startsWith('X') ? 'Y' : 'X') + value.slice(1)

/** Two answers go out, each with the trace number of the other. */
function cross(first: Message, second: Message, send: Turn['send']): void {
  const { 11: traceOfFirst = '' } = first.fields
  const { 11: traceOfSecond = '' } = second.fields
  send({ ...first, fields: { ...first.fields, 11: traceOfSecond } })
  send({ ...second, fields: { ...second.fields, 11: traceOfFirst } })
}

/** The behaviour of a host under each fault. */
export const acts = {
  normal: ({ send, answer }) => send(answer()),
  slow: ({ rule, later, send, answer }) => later(rule.ms, () => send(answer())),
  late: ({ rule, later, send, answer }) => {
    const decided = answer()
    later(rule.ms, () => send(decided))
  },
  silent: ({ answer }) => void answer(),
  deaf: () => undefined,
  decline: ({ rule, send, decline }) => send(decline(rule.code)),
  'wrong-amount': ({ send, answer }) => send(changed(answer(), 4, (value) => toAmountField(Number(value) + 1))),
  'wrong-stan': ({ send, answer }) => send(changed(answer(), 11, oneMore)),
  'wrong-terminal': ({ send, answer }) => send(changed(answer(), 41, otherTerminal)),
  double: ({ send, answer }) => {
    const decided = answer()
    send(decided)
    send(decided)
  },
  crossed: ({ rule, send, answer, hold }) => {
    const decided = answer()
    const other = decided === null ? null : hold(decided, rule.ms)
    if (decided !== null && other !== null) cross(other, decided, send)
  },
  half: ({ sendHalf, answer }) => sendHalf(answer()),
  garbage: ({ sendGarbage, answer }) => sendGarbage(answer()),
  'hang-up': ({ answer, close }) => {
    answer()
    close()
  },
  drop: ({ close }) => close(),
} satisfies Record<HostFault, (turn: Turn) => void>

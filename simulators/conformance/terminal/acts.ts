/** The ways in which the judging host answers, or fails to answer, the tested terminal. */

import { decline } from '../../host/respond.ts'
import { toAmountField } from '../../terminal/amount.ts'
import type { Message } from '../../terminal/message.ts'
import { originalMti } from '../../terminal/operations.ts'
import type { Act } from './situations.ts'

export const MONEY: ReadonlySet<string> = new Set(['0200', '0220'])

/** The context of an act: the message, and ways to answer it. */
export type Turn = {
  readonly message: Message
  /** The request that the situation is about. */
  readonly original: Message | null
  /** A counter that makes references unique. */
  readonly number: number
  readonly slowMs: number
  /** Packs an answer and sends its bytes in the given way; `what` names the deliberate fault. */
  readonly put: (answer: Message | null, what: string, how: 'send' | 'half' | 'spoil' | 'cut short') => void
  readonly close: () => void
  readonly later: (ms: number, what: () => void) => void
  readonly say: (what: string) => void
}

/** An approval of the whole amount or half of it. A message without an amount is answered 00. */
function approval(message: Message, number: number, part: boolean): Message | null {
  const echo = decline(message, part ? '10' : '00')
  if (echo === null || !MONEY.has(originalMti(message.mti))) return echo
  const asked = Number(message.fields[4] ?? 0)
  const amount = message.fields[4] === undefined ? {} : { 4: toAmountField(part ? Math.max(1, asked >> 1) : asked) }
  const reference = message.fields[37] ?? `J${String(number).padStart(11, '0')}`
  return { mti: echo.mti, fields: { ...echo.fields, ...amount, 37: reference, 38: 'J0DGE1' } }
}

const FAR = 500_000
const TRACES = 1_000_000

const withOtherTrace = (answer: Message | null): Message | null =>
  answer && {
    mti: answer.mti,
    fields: { ...answer.fields, 11: String((Number(answer.fields[11] ?? 0) + FAR) % TRACES).padStart(6, '0') },
  }

const right = ({ message, number }: Turn): Message | null => approval(message, number, false)

export const perform = {
  answer: (turn) => turn.put(right(turn), '', 'send'),
  decline: ({ message, put }) => put(decline(message, '51'), '', 'send'),
  'try again': ({ message, put }) => put(decline(message, '96'), '', 'send'),
  slow: (turn) => turn.later(turn.slowMs, () => turn.put(right(turn), `after ${turn.slowMs} ms`, 'send')),
  silent: ({ say }) => say('no answer is given'),
  half: (turn) => turn.put(right(turn), 'half of it, then the line ends', 'half'),
  cut: ({ close }) => close(),
  garbage: (turn) => turn.put(right(turn), 'a message that is cut', 'cut short'),
  another: (turn) => turn.put(withOtherTrace(right(turn)), 'with another DE11', 'send'),
  'wrong mac': (turn) => turn.put(right(turn), 'with a wrong MAC', 'spoil'),
  part: ({ message, number, put }) =>
    put(approval(message, number, message.fields[48]?.startsWith('P') === true), '', 'send'),
  late: (turn) => {
    if (turn.original !== null) turn.put(approval(turn.original, turn.number, false), 'late', 'send')
    turn.put(right(turn), '', 'send')
  },
} satisfies Record<Act, (turn: Turn) => void>

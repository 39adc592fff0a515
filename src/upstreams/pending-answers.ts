import type { Fields, Message } from '../iso8583/message.ts'

/** The outcome of sending a message. Only if `sent` is false is it certain that the host received nothing. */
export type Exchange =
  | { readonly sent: false; readonly why: string }
  | { readonly sent: true; readonly answer: Message }
  | { readonly sent: true; readonly answer: null; readonly why: string }

type Waiting = {
  readonly sent: Fields
  readonly settle: (exchange: Exchange) => void
  readonly late: (answer: Message) => void
}

/** The messages of one link that wait for their answers, by `keyOf` of the answer. */
export type PendingAnswers = {
  readonly has: (key: string) => boolean
  readonly add: (key: string, waiting: Waiting) => void
  /** Matches an answer to its request. */
  readonly take: (answer: Message) => void
  /** Notes an answer that belongs to no request. */
  readonly noteUnmatched: (message: Message) => void
  /** The request is no longer waited for; null: it was answered. */
  readonly expire: (key: string) => { readonly settle: (exchange: Exchange) => void; readonly near: string } | null
  /** The link is lost: settles every waiting request. */
  readonly end: (exchangeOf: (key: string) => Exchange) => void
  readonly size: () => number
}

// Answers that came too late or matched nothing, kept for the log line of the next time-out.
const NEAR_MISSES = 8
// The number of timed-out requests whose late answers are still recognised.
const EXPIRED = 1_000

/**
 * @param unmatched called with an unexpected answer, as `0210 000017 DEMO0001`: late, duplicate, or with a wrong number
 */
export function createPendingAnswers(unmatched: (what: string) => void): PendingAnswers {
  const waiting = new Map<string, Waiting>()
  const expired = new Map<string, Waiting>()
  const nearMisses: string[] = []

  const noteUnmatched = (message: Message): void => {
    const what = nameOf(message)
    if (nearMisses.push(what) > NEAR_MISSES) nearMisses.shift()
    unmatched(what)
  }

  return {
    has: (key) => waiting.has(key),
    add: (key, one) => void waiting.set(key, one),
    take(answer) {
      const key = keyOf(answer)
      const found = waiting.get(key)
      if (found !== undefined && answers(found.sent, answer)) {
        waiting.delete(key)
        return found.settle({ sent: true, answer })
      }
      const late = expired.get(key)
      if (late !== undefined && answers(late.sent, answer)) {
        expired.delete(key)
        late.late(answer)
      }
      noteUnmatched(answer)
    },
    noteUnmatched,
    expire(key) {
      const silent = waiting.get(key)
      if (silent === undefined) return null
      waiting.delete(key)
      expired.set(key, silent)
      for (const oldest of expired.keys()) if (expired.size > EXPIRED) expired.delete(oldest)
      const near = nearMisses.length === 0 ? '' : `; unmatched meanwhile: ${nearMisses.join(', ')}`
      return { settle: silent.settle, near }
    },
    end(exchangeOf) {
      for (const [key, { settle }] of waiting) settle(exchangeOf(key))
      waiting.clear()
    },
    size: () => waiting.size,
  }
}

/** Trace numbers towards hosts are ours and never twice in flight; an 0430 is no answer to an 0200. */
export const keyOf = ({ mti, fields }: Message): string => `${mti} ${fields[11] ?? ''}`

/** For the log, without card data. */
const nameOf = (message: Message): string =>
  `${keyOf(message)} ${message.fields[41]?.trimEnd() ?? 'no terminal'} sent ${message.fields[7] ?? '?'}`

// The elements that a host returns unaltered, if it returns them.
const ECHOED = [7, 12, 13, 37, 41, 42, 49] as const

/** The trace number matches; do the other elements match too? */
const answers = (sent: Fields, { fields }: Message): boolean =>
  ECHOED.every((de) => {
    const [asked, given] = [sent[de]?.trimEnd(), fields[de]?.trimEnd()]
    return asked === undefined || given === undefined || asked === given
  })

import type { Fields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import { originalMti, responseMti } from '../terminal/operations.ts'

/** Something that was seen on a line between terminals and a switch. */
export type Seen = {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The connection. */
  readonly line: string
  readonly what:
    | { readonly kind: 'message'; readonly message: Message }
    | { readonly kind: 'ended' }
    | { readonly kind: 'unreadable' }
}

/** A request and its answer. */
export type Asked = {
  readonly at: number
  readonly line: string
  readonly request: Message
  readonly answer: Message | null
  /** Milliseconds since 1970; null without an answer. */
  readonly answeredAt: number | null
}

export type Talk = {
  readonly asked: readonly Asked[]
  /**
   * Lines that ended, and how many requests came before the end. Milliseconds do not order them: a host hangs up in the same
   * one.
   */
  readonly ends: readonly { readonly after: number; readonly line: string }[]
  /** Messages that could not be read, and answers to nothing. */
  readonly passedOver: number
}

/** A response has an odd third digit. */
const isRequest = ({ mti }: Message): boolean => Number(mti[2]) % 2 === 0

/** The key by which an answer is matched. */
const keyOf = ({ fields }: Message): string => `${(fields[41] ?? '').trimEnd()}/${fields[11] ?? ''}`

/** The messages as requests and answers. An answer belongs to the last matching request on its line. */
export function talkIn(seen: readonly Seen[]): Talk {
  const asked: (Asked & { answer: Message | null; answeredAt: number | null })[] = []
  const ends: Talk['ends'][number][] = []
  let passedOver = 0
  for (const { at, line, what } of seen) {
    if (what.kind === 'ended') ends.push({ after: asked.length, line })
    else if (what.kind === 'unreadable') passedOver++
    else if (isRequest(what.message)) asked.push({ at, line, request: what.message, answer: null, answeredAt: null })
    else {
      const { message } = what
      const whose = asked.findLast(
        (one) =>
          one.line === line &&
          one.answer === null &&
          keyOf(one.request) === keyOf(message) &&
          responseMti(one.request.mti) === message.mti,
      )
      if (whose === undefined) passedOver++
      else Object.assign(whose, { answer: message, answeredAt: at })
    }
  }
  return { asked, ends, passedOver }
}

/** Whether two requests are the same by the rules of the interface. */
export const sameKey = (a: Message, b: Message): boolean =>
  originalMti(a.mti) === originalMti(b.mti) && [7, 11, 41, 42].every((de) => a.fields[de] === b.fields[de])

/** The number of the card that a message shows; null: none. */
export const numberIn = (fields: Fields): string | null =>
  fields[2] ??
  /^;?(\d{12,19})[=D]/.exec(fields[35] ?? '')?.[1] ??
  /^%?B(\d{12,19})\^/.exec(fields[45] ?? '')?.[1] ??
  null

import pc from 'picocolors'
import { describeFields, describeHead, describeResult } from '../terminal/describe.ts'
import type { Message } from '../terminal/message.ts'
import { type Model, say } from './model.ts'

/** Events on the line. */
export type Event =
  | { readonly kind: 'line'; readonly up: boolean; readonly words: string }
  | { readonly kind: 'said'; readonly id: number; readonly message: Message; readonly bytes: number }
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly message: Message
      readonly bytes: number
      readonly ms: number
      /** The fault of its MAC; null: none. */
      readonly doubt: string | null
    }
  | { readonly kind: 'nothing'; readonly id: number; readonly words: string }

/** Words on a line of their own stand far to the right, for a whole screen; here half of one is left. */
const fieldLines = (message: Message): string[] =>
  describeFields(message).map((line) => line.replace(/^ {40,}/, ' '.repeat(23)))

const clock = (ms: number): string => new Date(ms).toTimeString().slice(0, 8)

/** Puts what happened into words, decoded field by field. */
export function onEvent(model: Model, event: Event, now: number): Model {
  const at = pc.dim(clock(now))
  switch (event.kind) {
    case 'line':
      return say({ ...model, lineUp: event.up }, [`${at} ${event.up ? pc.green(event.words) : pc.yellow(event.words)}`])
    case 'said':
      return say(model, [
        '',
        `${describeHead(event.message, '→')}  ${pc.dim(`${event.bytes} bytes`)}  ${at}`,
        ...fieldLines(event.message),
      ])
    case 'answer': {
      const { message, bytes, ms, doubt } = event
      // An answer with a wrong MAC is dropped: the outcome is unknown.
      const sent =
        doubt !== null
          ? model.sent
          : model.sent.map((one) => (one.id === event.id ? { ...one, answer: message.fields } : one))
      return say({ ...model, sent }, [
        `${describeHead(message, '←')}  ${pc.dim(`${bytes} bytes, ${ms.toFixed(1)} ms`)}  ${at}`,
        ...fieldLines(message),
        `  ${describeResult(message.fields)}`,
        ...(doubt === null ? [] : [`  ${pc.red(`dropped, not to be believed: ${doubt}`)}`]),
      ])
    }
    case 'nothing':
      return say(model, [`  ${pc.yellow(event.words)}  ${at}`])
  }
}

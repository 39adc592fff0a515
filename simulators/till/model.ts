import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { Fields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import type { Entry } from '../terminal/operations.ts'
import type { Stamp } from '../terminal/stamp.ts'
import type { Choice } from './menu.ts'

/** A request that was sent, and its outcome so far. */
export type Sent = {
  readonly id: number
  readonly what: string
  readonly terminal: DemoTerminal
  readonly request: Message
  readonly answer: Fields | null
}

/** Lists to choose from. */
export type ListName = 'card' | 'onto' | 'terminal' | 'entry' | 'condition' | 'subject'

/** The present use of the keyboard. */
export type Mode =
  | { readonly kind: 'menu' }
  | { readonly kind: 'list'; readonly list: ListName; readonly at: number; readonly filter: string }
  | { readonly kind: 'amount'; readonly text: string; readonly fault: string | null }

/** An operation whose details are being asked for. Amount in minor units; null until it was asked for. */
export type Draft = {
  readonly choice: Choice
  readonly onto: DemoCard | null
  readonly condition: string | null
  readonly amount: number | null
  /** The amount was left out on purpose. */
  readonly amountAsked: boolean
}

/** All that the screen shows. */
export type Model = {
  readonly demo: Demo
  readonly target: string
  readonly terminal: DemoTerminal
  readonly card: DemoCard | null
  readonly entry: Entry
  readonly item: number
  readonly mode: Mode
  readonly draft: Draft | null
  readonly lastAmount: string
  /** DE48: takes partial approvals; the card is a new one. DE37 of a refund: that of the subject. */
  readonly partial: boolean
  readonly newCard: boolean
  readonly withReceipt: boolean
  /** The line is cut as soon as the next request is out. */
  readonly cutAfter: boolean
  readonly lineUp: boolean
  readonly sent: readonly Sent[]
  /** The subject of confirm, cancel, reverse and repeat: an id of `sent`. */
  readonly subject: number | null
  /** Lines of the talk, coloured. */
  readonly talk: readonly string[]
  /** Lines that it is scrolled back. */
  readonly back: number
}

/** An effect outside of the model. */
export type Effect =
  | {
      readonly kind: 'send'
      readonly id: number
      readonly message: Message
      readonly terminal: DemoTerminal
      readonly cut: boolean
    }
  | { readonly kind: 'cut'; readonly how: 'close' | 'reset' }
  | { readonly kind: 'connect' }
  | { readonly kind: 'quit' }

export type Step = { readonly model: Model; readonly effects: readonly Effect[] }

/** Values that the model gets from outside: time and trace numbers. */
export type Around = { readonly stamp: (terminal: string) => Stamp; readonly currency: string }

const MOST_TALK = 2_000
const MOST_SENT = 200

export function firstModel(demo: Demo, target: string, terminal: DemoTerminal): Model {
  return {
    demo,
    target,
    terminal,
    card: demo.cards.find(({ issue, state }) => issue === 'OPEN' && state === 'sold') ?? demo.cards[0] ?? null,
    entry: 'swipe',
    item: 0,
    mode: { kind: 'menu' },
    draft: null,
    lastAmount: '10.00',
    partial: false,
    newCard: false,
    withReceipt: false,
    cutAfter: false,
    lineUp: false,
    sent: [],
    subject: null,
    talk: [],
    back: 0,
  }
}

export const say = (model: Model, lines: readonly string[]): Model => ({
  ...model,
  talk: [...model.talk, ...lines].slice(-MOST_TALK),
  back: 0,
})

export const remember = (model: Model, sent: Sent): Model => ({
  ...model,
  sent: [...model.sent, sent].slice(-MOST_SENT),
  subject: sent.id,
})

export const subjectOf = ({ sent, subject }: Model): Sent | null => sent.find(({ id }) => id === subject) ?? null

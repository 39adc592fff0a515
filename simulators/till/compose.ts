/** Builds the message of a till from what its user has chosen. */

import { followUpOf, type Message, repeatOf, requestFor } from '../terminal/message.ts'
import { type Operation, operations } from '../terminal/operations.ts'
import { totalsFields } from './day-end.ts'
import type { Choice } from './menu.ts'
import {
  type Around,
  type Draft,
  type Effect,
  type Mode,
  type Model,
  remember,
  say,
  type Step,
  subjectOf,
} from './model.ts'

export const draftOf = (choice: Choice): Draft => ({
  choice,
  onto: null,
  condition: null,
  amount: null,
  amountAsked: false,
})

/** The next question before the draft can be sent; null: none. */
function question(model: Model, { choice, onto, condition, amountAsked }: Draft): Mode | null {
  if (choice.kind !== 'operation') return null
  const operation: Operation = operations[choice.name]
  const list = (name: 'card' | 'onto' | 'condition'): Mode => ({ kind: 'list', list: name, at: 0, filter: '' })
  if (operation.card && model.card === null) return list('card')
  if (choice.name === 'duplicate' && onto === null) return list('onto')
  if (choice.name === 'block' && condition === null) return list('condition')
  if (operation.amount !== 'none' && !amountAsked) return { kind: 'amount', text: model.lastAmount, fault: null }
  return null
}

/** `P` and `N` in their places; null where neither is on. */
const flagsOf = ({ partial, newCard }: Model): string | null =>
  partial || newCard ? `${partial ? 'P' : ' '}${newCard ? 'N' : ''}` : null

type Composed = { readonly what: string; readonly message: Message; readonly terminal: Model['terminal'] }

function compose(
  model: Model,
  { choice, onto, condition, amount }: Draft,
  { stamp, currency }: Around,
): Composed | string {
  const { terminal, card, entry } = model
  const subject = subjectOf(model)
  switch (choice.kind) {
    case 'operation': {
      const ask = { operation: choice.name, card, entry, amount, currency, flags: flagsOf(model) }
      const message = requestFor(ask, terminal, stamp(terminal.terminal))
      if (onto !== null) message.fields[103] = onto.number
      if (condition !== null) message.fields[25] = condition
      const receipt = subject?.answer?.[37]
      if (choice.name === 'refund' && model.withReceipt && receipt !== undefined) message.fields[37] = receipt
      return { what: choice.name, message, terminal }
    }
    case 'day-end': {
      const message = requestFor(
        { operation: 'end-of-day', card: null, entry, amount: null, currency, flags: null },
        terminal,
        stamp(terminal.terminal),
      )
      const totals = choice.mti === '0500' ? totalsFields(model.sent, terminal) : {}
      return { what: 'end of day', message: { mti: choice.mti, fields: { ...message.fields, ...totals } }, terminal }
    }
    case 'follow':
    case 'repeat': {
      if (subject === null) return 'nothing was sent yet that this could be about'
      const about = subject.terminal
      if (choice.kind === 'repeat')
        return { what: `${subject.what} again`, message: repeatOf(subject.request, choice.plain), terminal: about }
      const message = followUpOf(choice.how, subject.request, about, stamp(about.terminal))
      return { what: `${choice.how} ${subject.what}`, message, terminal: about }
    }
  }
}

/** Asks the next question of a draft, or sends it. */
export function proceed(model: Model, draft: Draft, around: Around): Step {
  const mode = question(model, draft)
  if (mode !== null) return { model: { ...model, mode, draft }, effects: [] }
  const done: Model = { ...model, mode: { kind: 'menu' }, draft: null }
  const composed = compose(done, draft, around)
  if (typeof composed === 'string') return { model: say(done, [composed]), effects: [] }
  const { what, message, terminal } = composed
  const id = (model.sent.at(-1)?.id ?? 0) + 1
  const isNew = draft.choice.kind === 'operation' || draft.choice.kind === 'follow'
  const sent = { id, what, terminal, request: message, answer: null }
  // A confirmation, a reversal or a repeat keeps the present subject.
  const keeps = !isNew || (draft.choice.kind === 'follow' && draft.choice.how !== 'cancel')
  const remembered = remember(done, sent)
  const effect: Effect = { kind: 'send', id, message, terminal, cut: model.cutAfter }
  return {
    model: { ...remembered, cutAfter: false, subject: keeps ? model.subject : id },
    effects: [effect],
  }
}

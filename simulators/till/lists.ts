import { cardStates, maskNumber } from '../demo/cards.ts'
import { formatAmount } from '../terminal/amount.ts'
import { blockMeanings, responseMeanings } from '../terminal/meanings.ts'
import { entries, entryNames } from '../terminal/operations.ts'
import type { ListName, Model } from './model.ts'

/** A row of a list, and what choosing it does to the model. */
export type Row = { readonly label: string; readonly choose: (model: Model) => Model }

const withDraft = (model: Model, change: Partial<NonNullable<Model['draft']>>): Model =>
  model.draft === null ? model : { ...model, draft: { ...model.draft, ...change } }

const cardLabel = ({ number, issue, state, balance }: Model['demo']['cards'][number]): string =>
  `${maskNumber(number)}  ${issue.padEnd(7)} ${state.padEnd(9)} ${formatAmount(balance)}`

const rows = {
  card: ({ demo }) => demo.cards.map((card) => ({ label: cardLabel(card), choose: (model) => ({ ...model, card }) })),
  onto: ({ demo }) =>
    demo.cards.map((onto) => ({ label: cardLabel(onto), choose: (model) => withDraft(model, { onto }) })),
  terminal: ({ demo }) =>
    demo.terminals.map((terminal) => ({
      label: `${terminal.terminal}  store ${terminal.store}  ${terminal.confirmation.padEnd(8)} MAC ${terminal.mac}`,
      choose: (model) => ({ ...model, terminal }),
    })),
  entry: () =>
    entryNames.map((entry) => ({
      label: `${entry.padEnd(13)} DE22 ${entries[entry]}`,
      choose: (model) => ({ ...model, entry }),
    })),
  condition: () =>
    Object.entries(blockMeanings)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([condition, words]) => ({
        label: `${condition}  ${words}`,
        choose: (model) => withDraft(model, { condition }),
      })),
  subject: ({ sent }) =>
    sent.toReversed().map(({ id, what, terminal, request, answer }) => {
      const code = answer?.[39]
      const came = code === undefined ? 'no answer' : `${code} ${responseMeanings[code] ?? ''}`
      return {
        label: `${request.mti} ${what.padEnd(16)} ${terminal.terminal} ${request.fields[11] ?? ''}  ${came}`,
        choose: (model) => ({ ...model, subject: id }),
      }
    }),
} satisfies Record<ListName, (model: Model) => Row[]>

export const listTitles: Readonly<Record<ListName, string>> = {
  card: `Which card? Type to search: ${cardStates.join(', ')}, OPEN …`,
  onto: 'Onto which card?',
  terminal: 'Which terminal?',
  entry: 'How does the card get into the till?',
  condition: 'Why is it blocked?',
  subject: 'Which request are confirm, cancel, reverse and repeat about?',
}

/** The rows of a list that have all the words of the filter. */
export function rowsOf(model: Model, list: ListName, filter: string): readonly Row[] {
  const words = filter.toLowerCase().split(' ')
  return rows[list](model).filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
}

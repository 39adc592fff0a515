import { parseAmount } from '../terminal/amount.ts'
import { operations } from '../terminal/operations.ts'
import { draftOf, proceed } from './compose.ts'
import { rowsOf } from './lists.ts'
import { menu, nextItem } from './menu.ts'
import type { Around, ListName, Mode, Model, Step } from './model.ts'

/** A key as node:readline tells it: `up`, `return`, a character. */
export type Key = { readonly name: string; readonly character: string; readonly ctrl: boolean }

const stay = (model: Model): Step => ({ model, effects: [] })
const toMenu = (model: Model): Step => stay({ ...model, mode: { kind: 'menu' }, draft: null })
const toList =
  (list: ListName) =>
  (model: Model): Step =>
    stay({ ...model, mode: { kind: 'list', list, at: 0, filter: '' }, draft: null })

const PAGE = 10

const scrolled = (model: Model, by: number): Step =>
  stay({ ...model, back: Math.max(0, Math.min(model.talk.length - 1, model.back + by)) })

/** The single-key commands of the menu. */
export const commands: Readonly<
  Record<string, { readonly words: string; readonly act: (model: Model) => Step } | undefined>
> = {
  c: { words: 'card', act: toList('card') },
  e: { words: 'entry', act: toList('entry') },
  t: { words: 'terminal', act: toList('terminal') },
  o: { words: 'original', act: toList('subject') },
  p: { words: 'partial', act: (model) => stay({ ...model, partial: !model.partial }) },
  n: { words: 'new card', act: (model) => stay({ ...model, newCard: !model.newCard }) },
  w: { words: 'with receipt', act: (model) => stay({ ...model, withReceipt: !model.withReceipt }) },
  k: { words: 'cut after next', act: (model) => stay({ ...model, cutAfter: !model.cutAfter }) },
  x: { words: 'cut line', act: (model) => ({ model, effects: [{ kind: 'cut', how: 'close' }] }) },
  r: { words: 'reset line', act: (model) => ({ model, effects: [{ kind: 'cut', how: 'reset' }] }) },
  l: { words: 'connect', act: (model) => ({ model, effects: [{ kind: 'connect' }] }) },
  q: { words: 'quit', act: (model) => ({ model, effects: [{ kind: 'quit' }] }) },
}

function onMenu(model: Model, key: Key, around: Around): Step {
  switch (key.name) {
    case 'up':
      return stay({ ...model, item: nextItem(model.item, -1) })
    case 'down':
      return stay({ ...model, item: nextItem(model.item, 1) })
    case 'pageup':
      return scrolled(model, PAGE)
    case 'pagedown':
      return scrolled(model, -PAGE)
    case 'return': {
      const chosen = menu[model.item]
      return chosen === null || chosen === undefined ? stay(model) : proceed(model, draftOf(chosen.choice), around)
    }
    default:
      return commands[key.name]?.act(model) ?? stay(model)
  }
}

function onList(model: Model, mode: Extract<Mode, { kind: 'list' }>, key: Key, around: Around): Step {
  const rows = rowsOf(model, mode.list, mode.filter)
  const moved = (by: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, mode.at + by))
    return stay({ ...model, mode: { ...mode, at } })
  }
  const filtered = (filter: string) => stay({ ...model, mode: { ...mode, filter, at: 0 } })
  switch (key.name) {
    case 'up':
      return moved(-1)
    case 'down':
      return moved(1)
    case 'pageup':
      return moved(-PAGE)
    case 'pagedown':
      return moved(PAGE)
    case 'escape':
      return toMenu(model)
    case 'backspace':
      return filtered(mode.filter.slice(0, -1))
    case 'return': {
      const chosen = rows[mode.at]?.choose({ ...model, mode: { kind: 'menu' } })
      if (chosen === undefined) return stay(model)
      return chosen.draft === null ? stay(chosen) : proceed(chosen, chosen.draft, around)
    }
    default:
      return /^[ -~]$/.test(key.character) ? filtered(mode.filter + key.character) : stay(model)
  }
}

const LONGEST_AMOUNT = 13

function onAmount(model: Model, mode: Extract<Mode, { kind: 'amount' }>, key: Key, around: Around): Step {
  const { draft } = model
  const typed = (text: string) => stay({ ...model, mode: { kind: 'amount', text, fault: null } })
  if (draft === null || key.name === 'escape') return toMenu(model)
  if (key.name === 'backspace') return typed(mode.text.slice(0, -1))
  if (/^[0-9.]$/.test(key.character)) return typed((mode.text + key.character).slice(0, LONGEST_AMOUNT))
  if (key.name !== 'return') return stay(model)
  const { choice } = draft
  const mayLack = choice.kind === 'operation' && operations[choice.name].amount === 'optional'
  if (mode.text === '' && mayLack) return proceed(model, { ...draft, amount: null, amountAsked: true }, around)
  const amount = parseAmount(mode.text)
  if (amount === null) return stay({ ...model, mode: { ...mode, fault: 'expected an amount such as 12.50' } })
  return proceed({ ...model, lastAmount: mode.text }, { ...draft, amount, amountAsked: true }, around)
}

/** The reaction to a key. */
export function onKey(model: Model, key: Key, around: Around): Step {
  if (key.ctrl && key.name === 'c') return { model, effects: [{ kind: 'quit' }] }
  const { mode } = model
  switch (mode.kind) {
    case 'menu':
      return onMenu(model, key, around)
    case 'list':
      return onList(model, mode, key, around)
    case 'amount':
      return onAmount(model, mode, key, around)
  }
}

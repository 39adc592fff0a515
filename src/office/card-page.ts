/** One card with its history and the actions that this person may take. */

import { selectBesideCard, selectStory, toCardEntry, type CardEntryRow, type StoryPlace } from '../db/sql/card-page.ts'
import { cardOrder, selectFoundCards, toFoundCard, type FoundCard } from '../db/sql/card-search.ts'
import { fromInstant, instant } from '../db/sql/literal.ts'
import type { Actor } from './actor.ts'
import { asksSecond } from './card-changes.ts'
import { cardFor } from './card-finding.ts'
import type { CardView } from './cards.ts'
import type { Page } from './card-lists.ts'
import { cursorOf } from './list-place.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'
import { storesOf } from './rights.ts'
import type { Right } from './rights-table.ts'

export type { CardEntryRow, FoundCard }

export const CARD_ACTIONS = ['block', 'unblock', 'duplicate', 'extend', 'adjust', 'reveal', 'clear'] as const
export type CardAction = (typeof CARD_ACTIONS)[number]

/** The right for each action on a card, and the reason if the card's state forbids it. */
const ACTIONS: Readonly<Record<CardAction, { right: Right; against: (card: FoundCard) => Words | null }>> = {
  block: {
    right: 'cards.block',
    against: ({ block }) => (block === null ? null : { en: 'It is blocked already.', pl: 'Jest już zablokowana.' }),
  },
  unblock: {
    right: 'cards.unblock',
    against: ({ block }) => (block === null ? { en: 'It is not blocked.', pl: 'Nie jest zablokowana.' } : null),
  },
  duplicate: { right: 'cards.duplicate', against: onlySold },
  extend: {
    right: 'cards.extend',
    against: ({ state, validUntil }) =>
      validUntil === null || (state !== 'sold' && state !== 'expired')
        ? { en: 'It has no last day.', pl: 'Nie ma ostatniego dnia ważności.' }
        : null,
  },
  adjust: { right: 'cards.adjust', against: onlySold },
  reveal: { right: 'cards.reveal', against: () => null },
  clear: {
    right: 'cards.clear',
    against: ({ suspectedAt }) =>
      suspectedAt === null ? { en: 'Nothing is suspected.', pl: 'Nie ma podejrzenia.' } : null,
  },
}

function onlySold({ state }: FoundCard): Words | null {
  return state === 'sold' ? null : { en: 'Only a sold card.', pl: 'Tylko sprzedana karta.' }
}

export type CardPage = {
  readonly card: FoundCard
  readonly view: CardView
  readonly waiting: readonly {
    readonly id: number
    readonly operation: string
    readonly amount: number
    readonly terminal: string
    readonly confirmBy: number | null
  }[]
  readonly openCases: readonly number[]
  readonly replaces: number | null
  readonly recipient: { readonly kind: 'store' | 'counterparty'; readonly code: string; readonly name: string } | null
  readonly packState: string | null
  readonly actions: readonly {
    readonly action: CardAction
    readonly refused: Words | null
    readonly secondPerson: boolean
  }[]
}

/** The page of a card, read from the books and not from projections, so it is never behind. */
export async function showCardPage(office: Office, actor: Actor, id: number): Promise<CardPage | Refused> {
  const view = await cardFor(office, actor, 'cards.find', { by: 'id', id })
  if (isRefused(view)) return view
  const sql = `${selectFoundCards({ ids: [id] }, cardOrder('sold', true), null, 1)};${selectBesideCard(id, view.packId)}`
  const [[row] = [], waiting = [], cases = [], [before] = [], [pack] = []] = await office.db.use((connection) =>
    connection.send(sql),
  )
  if (row === undefined) return refused('no_such_card', { card: id })
  const card = toFoundCard(row)
  return {
    card,
    view,
    waiting: waiting.map((one) => {
      const [waits, operation, amount, terminal, confirmBy, credits] = one as [
        number,
        string,
        number,
        string,
        string | null,
        number,
      ]
      return {
        id: waits,
        operation,
        amount: credits === 1 ? amount : -amount,
        terminal,
        confirmBy: confirmBy === null || confirmBy.startsWith('9999') ? null : fromInstant(confirmBy),
      }
    }),
    openCases: cases.map(([one]) => Number(one)),
    replaces: before === undefined ? null : Number(before[0]),
    recipient: recipientOf(pack),
    packState: pack === undefined ? null : String(pack[3]),
    actions: actionsOf(actor, card),
  }
}

function recipientOf(pack: readonly unknown[] | undefined): CardPage['recipient'] {
  if (pack === undefined) return null
  const [store, counterparty, name] = pack as [string | null, string | null, string | null]
  const code = store ?? counterparty ?? ''
  return { kind: store === null ? 'counterparty' : 'store', code, name: name ?? code }
}

/** Actions that the role lacks are hidden; actions that the card's state forbids are shown with the reason. */
const actionsOf = (actor: Actor, card: FoundCard): CardPage['actions'] =>
  CARD_ACTIONS.flatMap((action) => {
    const { right, against } = ACTIONS[action]
    if (!actor.rights.has(right)) return []
    return [{ action, refused: against(card), secondPerson: needsSecond(actor, card, action) }]
  })

const needsSecond = (actor: Actor, card: FoundCard, action: CardAction): boolean => {
  if (action === 'duplicate' || action === 'extend' || action === 'unblock') return asksSecond(actor, card, action)
  return action === 'adjust'
}

/** Everything that happened to a card, newest first. */
export async function cardStory(
  office: Office,
  actor: Actor,
  { id, limit, cursor }: { readonly id: number; readonly limit: number; readonly cursor: string | null },
): Promise<(Page<CardEntryRow> & { readonly currency: number }) | Refused> {
  const view = await cardFor(office, actor, 'cards.find', { by: 'id', id })
  if (isRefused(view)) return view
  const before = cursor === null ? null : placeOf(cursor)
  if (isRefused(before)) return before
  const stores = storesOf(actor, 'transactions.find')
  const [rows = []] = await office.db.use((connection) => connection.send(selectStory(view, stores, before, limit + 1)))
  const items = rows.slice(0, limit).map(toCardEntry)
  const last = items.at(-1)
  const next = rows.length > limit && last !== undefined ? cursorOf(`${last.at} ${last.kind}`, last.id) : null
  return { items, next, currency: view.currency }
}

function placeOf(cursor: string): StoryPlace | Refused {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number]
    const [at, kind = ''] = value.split(' ')
    const isPlace = Number.isSafeInteger(Number(at)) && Number.isSafeInteger(id) && /^[a-z]{1,20}$/u.test(kind)
    return isPlace ? { at: instant(Number(at)), id, kind } : refused('wrong_cursor')
  } catch {
    return refused('wrong_cursor')
  }
}

import type { Block } from '../core/card.ts'
import {
  type CardEventView,
  type CardTransactionView,
  type CardView,
  selectCardEvents,
  selectCardTransactions,
  selectStandingExpiry,
  toCardEventView,
  toCardTransactionView,
  toExpiryKey,
} from '../db/sql/card-views.ts'
import type { Actor } from './actor.ts'
import { cardFor, cardNamed } from './card-finding.ts'
import { type CardRef, readCardName } from './card-name.ts'
import { askEngine, type ClerkWish } from './clerk-request.ts'
import { dateIn } from './clock.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { storesOf } from './rights.ts'
import type { Right } from './rights-table.ts'

export type { CardView }

export type CardHistory = {
  readonly events: readonly CardEventView[]
  /** The latest ones first; of an actor with own stores only what happened there. */
  readonly transactions: readonly CardTransactionView[]
}

const LATEST = 20

export async function showCard(
  office: Office,
  actor: Actor,
  { card: ref, latest = LATEST }: { readonly card: CardRef; readonly latest?: number },
): Promise<{ readonly card: CardView; readonly history: CardHistory } | Refused> {
  const card = await cardFor(office, actor, 'cards.find', ref)
  if (isRefused(card)) return card
  const stores = storesOf(actor, 'transactions.find')
  const [events = [], transactions = []] = await office.db.use((connection) =>
    connection.send(`${selectCardEvents(card.id)};${selectCardTransactions(card.id, stores, latest)}`),
  )
  return {
    card,
    history: { events: events.map(toCardEventView), transactions: transactions.map(toCardTransactionView) },
  }
}

/** Which card, and why. */
export type CardWish = { readonly card: CardRef; readonly reason: string }

/** What is asked of a card that this actor may do it with; the card as it was before. */
async function askFor(
  office: Office,
  actor: Actor,
  right: Right,
  { card: ref, reason }: CardWish,
  wish: Omit<ClerkWish, 'right' | 'card' | 'reason'>,
  against: (card: CardView) => Refused | null = () => null,
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, right, ref)
  if (isRefused(card)) return card
  const no = against(card)
  if (no !== null) return no
  return (await askEngine(office, actor, office.clock(), { right, card, reason, ...wish })) ?? card
}

/** It is declined everywhere until it is unblocked. */
export const blockCard = (office: Office, actor: Actor, wish: CardWish & { readonly block: Block }) =>
  askFor(office, actor, 'cards.block', wish, { operation: 'block', block: wish.block })

export const unblockCard = (office: Office, actor: Actor, wish: CardWish) =>
  askFor(office, actor, 'cards.unblock', wish, { operation: 'unblock' }, ({ block, packState, shown }) =>
    // The cards of a pack that was killed are blocked by their pack.
    block === null && packState !== 'killed' ? refused('card_is_not_blocked', { card: shown }) : null,
  )

/** It may be sold again: nobody is waiting to drain it. */
export const clearCard = (office: Office, actor: Actor, wish: CardWish) =>
  askFor(office, actor, 'cards.clear', wish, { operation: 'clear' }, ({ suspectedAt, shown }) =>
    suspectedAt === null ? refused('card_is_not_suspected', { card: shown }) : null,
  )

/** The card's account gets another number: `onto`, a card that may be sold. Returns that card. */
export async function duplicateCard(
  office: Office,
  actor: Actor,
  { onto, ...wish }: CardWish & { readonly onto: CardRef },
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, 'cards.duplicate', wish.card)
  if (isRefused(card)) return card
  const name = readCardName(office.keys, onto)
  const successor = isRefused(name) ? name : await cardNamed(office, name)
  if (isRefused(successor)) return successor
  const { numberHash, numberKey } = successor
  const declined = await askEngine(office, actor, office.clock(), {
    right: 'cards.duplicate',
    operation: 'duplicate',
    card,
    reason: wish.reason,
    successor: { numberHash, otherHash: null, newestKey: numberKey },
  })
  return declined ?? successor
}

/** A new last day, YYYY-MM-DD; an expired card gets back what its expiry took. Returns the card as it is then. */
export async function extendCard(
  office: Office,
  actor: Actor,
  { until, ...wish }: CardWish & { readonly until: string },
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, 'cards.extend', wish.card)
  if (isRefused(card)) return card
  const at = office.clock()
  if (until < dateIn(office.timeZone, at)) return refused('date_past', { date: until })
  const order = await extensionOf(office, card, until)
  const declined = await askEngine(office, actor, at, { right: 'cards.extend', card, reason: wish.reason, ...order })
  return declined ?? cardNamed(office, { by: 'id', id: card.id })
}

/** What the engine is asked for; an expired card's expiry is what it undoes. */
export async function extensionOf(
  office: Pick<Office, 'db'>,
  card: Pick<CardView, 'id' | 'state'>,
  until: string,
): Promise<Pick<ClerkWish, 'operation' | 'against' | 'office'>> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectStandingExpiry(card.id)))
  const expiry = card.state === 'expired' && row !== undefined ? toExpiryKey(row) : null
  return { operation: 'extension', against: 'issuer_breakage', office: { validUntil: until, expiry } }
}

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
import { askEngine, type ClerkInput } from './clerk-request.ts'
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

/** A card and the reason. */
export type CardInput = { readonly card: CardRef; readonly reason: string }

/** Asks the engine about a card that this actor may act on; returns the card as it was before. */
async function askFor(
  office: Office,
  actor: Actor,
  right: Right,
  { card: ref, reason }: CardInput,
  input: Omit<ClerkInput, 'right' | 'card' | 'reason'>,
  against: (card: CardView) => Refused | null = () => null,
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, right, ref)
  if (isRefused(card)) return card
  const no = against(card)
  if (no !== null) return no
  return (await askEngine(office, actor, office.clock(), { right, card, reason, ...input })) ?? card
}

/** It is declined everywhere until it is unblocked. */
export const blockCard = (office: Office, actor: Actor, input: CardInput & { readonly block: Block }) =>
  askFor(office, actor, 'cards.block', input, { operation: 'block', block: input.block })

export const unblockCard = (office: Office, actor: Actor, input: CardInput) =>
  askFor(office, actor, 'cards.unblock', input, { operation: 'unblock' }, ({ block, packState, shown }) =>
    // The cards of a pack that was killed are blocked by their pack.
    block === null && packState !== 'killed' ? refused('card_is_not_blocked', { card: shown }) : null,
  )

/** Removes the mark of suspicion: the card may be sold again. */
export const clearCard = (office: Office, actor: Actor, input: CardInput) =>
  askFor(office, actor, 'cards.clear', input, { operation: 'clear' }, ({ suspectedAt, shown }) =>
    suspectedAt === null ? refused('card_is_not_suspected', { card: shown }) : null,
  )

/** The card's account gets another number: `onto`, a card that may be sold. Returns that card. */
export async function duplicateCard(
  office: Office,
  actor: Actor,
  { onto, ...input }: CardInput & { readonly onto: CardRef },
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, 'cards.duplicate', input.card)
  if (isRefused(card)) return card
  const name = readCardName(office.keys, onto)
  const successor = isRefused(name) ? name : await cardNamed(office, name)
  if (isRefused(successor)) return successor
  const { numberHash, numberKey } = successor
  const declined = await askEngine(office, actor, office.clock(), {
    right: 'cards.duplicate',
    operation: 'duplicate',
    card,
    reason: input.reason,
    successor: { numberHash, otherHash: null, newestKey: numberKey },
  })
  return declined ?? successor
}

/** A new last day, YYYY-MM-DD; an expired card gets back what its expiry took. Returns the card as it is then. */
export async function extendCard(
  office: Office,
  actor: Actor,
  { until, ...input }: CardInput & { readonly until: string },
): Promise<CardView | Refused> {
  const card = await cardFor(office, actor, 'cards.extend', input.card)
  if (isRefused(card)) return card
  const at = office.clock()
  if (until < dateIn(office.timeZone, at)) return refused('date_past', { date: until })
  const order = await extensionOf(office, card, until)
  const declined = await askEngine(office, actor, at, { right: 'cards.extend', card, reason: input.reason, ...order })
  return declined ?? cardNamed(office, { by: 'id', id: card.id })
}

/** The engine's request for an extension; for an expired card it undoes the expiry. */
export async function extensionOf(
  office: Pick<Office, 'db'>,
  card: Pick<CardView, 'id' | 'state'>,
  until: string,
): Promise<Pick<ClerkInput, 'operation' | 'against' | 'office'>> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectStandingExpiry(card.id)))
  const expiry = card.state === 'expired' && row !== undefined ? toExpiryKey(row) : null
  return { operation: 'extension', against: 'issuer_breakage', office: { validUntil: until, expiry } }
}

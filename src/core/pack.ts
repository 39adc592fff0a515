import type { Block, Card, CardState } from './card.ts'
import type { Issue, IssueState } from './issue.ts'

/**
 * `made` is put together; `active`: a store may sell its cards, a counterparty's can be sold whole. `selling` has its
 * loads booked one by one, none of them good before all are: then it is `sold`. `returned` cards may go into another
 * pack, `killed` ones are stolen for good.
 */
export const PACK_STATES = [
  'made',
  'dispatched',
  'received',
  'active',
  'selling',
  'sold',
  'returned',
  'killed',
] as const
export type PackState = (typeof PACK_STATES)[number]

/**
 * The attributes of a pack that apply to its cards: one row, read with them, so that a step of 100,000 cards changes
 * one row.
 */
export type Pack = {
  readonly id: number
  readonly recipient: 'store' | 'counterparty'
  readonly state: PackState
  /** A second person has authorised its cards for sale. */
  readonly authorised: boolean
}

const UNSOLD = ['made', 'dispatched', 'received', 'active'] as const

/**
 * The steps of a pack and the states from which each is allowed; `authorise` leaves it active. `skips`: further states
 * from which the step is allowed on explicit request, and the steps that are then left out.
 */
export const PACK_STEPS = {
  dispatch: { from: ['made'], skips: {}, to: 'dispatched', only: null },
  receive: { from: ['dispatched'], skips: { made: ['dispatch'] }, to: 'received', only: null },
  activate: {
    from: ['received'],
    skips: { made: ['dispatch', 'receive'], dispatched: ['receive'] },
    to: 'active',
    only: null,
  },
  authorise: { from: ['active'], skips: {}, to: 'active', only: null },
  sell: { from: ['active'], skips: {}, to: 'selling', only: 'counterparty' },
  return: { from: UNSOLD, skips: {}, to: 'returned', only: null },
  kill: { from: [...UNSOLD, 'sold'], skips: {}, to: 'killed', only: null },
} as const satisfies Record<string, StepRule>
export type PackStep = keyof typeof PACK_STEPS

type StepRule = {
  readonly from: readonly PackState[]
  readonly skips: { readonly [State in PackState]?: readonly string[] }
  readonly to: PackState
  readonly only: Pack['recipient'] | null
}

/** The steps that a pack would leave out by this one; none where it is next, null where it cannot be taken at all. */
export function skippedBy(step: PackStep, state: PackState): readonly string[] | null {
  const { from, skips }: StepRule = PACK_STEPS[step]
  return from.includes(state) ? [] : (skips[state] ?? null)
}

/** Never sold, or sold and undone since. */
export const isUnsold = ({ state }: Pick<Card, 'state'>): boolean => state === 'inactive' || state === 'sellable'

/**
 * Whether its pack determines what the card may do: while it is unsold, and after its sale with the pack as long as it
 * is unused.
 */
export const heedsPack = (card: Card): boolean => card.packId !== null && (isUnsold(card) || card.bound)

/**
 * The effective state. The row of an unsold card is not enough: its pack decides whether it may be sold, or its issue
 * if the issue is not distributed in packs. A card that is loaded with its pack is not sold before the pack is.
 */
export function standingOf(card: Card, issue: Issue, pack: Pack | null): CardState {
  if (!isUnsold(card)) return card.bound && pack?.state === 'selling' ? 'inactive' : card.state
  return isForSale(card, issue, pack) ? 'sellable' : 'inactive'
}

/** Before its activation an issue has no cards to sell; after its closing no more, which is an answer of its own (57). */
const IN_SHOPS = {
  draft: false,
  generated: false,
  exported: false,
  activated: true,
  closed: true,
} as const satisfies Record<IssueState, boolean>

function isForSale(card: Card, issue: Issue, pack: Pack | null): boolean {
  if (!IN_SHOPS[issue.state]) return false
  if (pack !== null) {
    return pack.state === 'active' && pack.recipient === 'store' && (pack.authorised || !issue.saleAuthorisation)
  }
  return issue.packs ? card.state === 'sellable' : issue.authorised || !issue.saleAuthorisation
}

/** The effective block: the unsold cards of a killed pack count as stolen, whatever their rows say. */
export const blockIn = (card: Card, pack: Pack | null): Block | null => (isKilled(card, pack) ? 'stolen' : card.block)

export const isKilled = (card: Card, pack: Pack | null): boolean =>
  pack?.state === 'killed' && (isUnsold(card) || card.bound)

/**
 * The acts of two shops and a till on some cards, by the contract of the HTTP API (docs/spec/web.md), as simple as
 * possible and without a line of the product: the state under each Idempotency-Key, the balance of each card, and the
 * shops' knowledge. Time is counted in minutes and moves only when the history says so.
 */

export const SHOPS = ['A', 'B'] as const
export type ShopName = (typeof SHOPS)[number]

/** A key of a shop, which is also the name of what it made: `A:k1`. */
export type Name = string
/** `p0` and `p1` are plastic cards; a virtual card has the name of its sale. */
export type CardName = string

export type Presenting = 'number' | 'lower' | 'token' | 'wrong'

type OfCard = { readonly card: CardName; readonly by: Presenting }
type Keyed = { readonly shop: ShopName; readonly key: string }

/** A request in the model's words. `of` names the result of a key. */
export type Input =
  | ({ readonly act: 'pay'; readonly amount: number; readonly partial: boolean } & Booking & OfCard)
  | ({ readonly act: 'top_up'; readonly amount: number } & Booking & OfCard)
  | (Keyed & { readonly act: 'sell'; readonly amount: number; readonly order: string | null })
  | { readonly act: 'confirm'; readonly shop: ShopName; readonly of: Name; readonly amount: number | null }
  | (Keyed & { readonly act: 'cancel'; readonly of: Name })
  | (Keyed & { readonly act: 'refund'; readonly of: Name; readonly amount: number })
  | { readonly act: 'reverse'; readonly shop: ShopName; readonly of: string }
  | { readonly act: 'show'; readonly shop: ShopName; readonly of: Name }
  | { readonly act: 'request'; readonly shop: ShopName; readonly of: string }
  | { readonly act: 'list'; readonly shop: ShopName; readonly kind: ThingKind }
  | ({ readonly act: 'balance' | 'history'; readonly shop: ShopName } & OfCard)
  | { readonly act: 'till'; readonly operation: 'payment' | 'top_up'; readonly card: CardName; readonly amount: number }

type Booking = Keyed & {
  readonly final: boolean
  /** Minutes; null: the shop's setting. */
  readonly within: number | null
  readonly order: string | null
}

export type ThingKind = 'payment' | 'top_up' | 'sale'

/** `timer`: reversed because it was not confirmed. `cancelled` and `reversed` are the shop's own undoings. */
export type Fate = 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed' | 'timer' | 'declined'

/** The result under a key. */
export type Thing = {
  readonly kind: ThingKind | 'refund' | 'cancel'
  readonly shop: ShopName
  /** The identity of a request. */
  readonly asks: string
  /** The first answer. */
  readonly told: string
  readonly card: CardName
  /** A refund's payment, or what a cancellation cancels. */
  readonly of: Name
  readonly final: boolean
  readonly asked: number
  readonly taken: number
  readonly order: string | null
  readonly at: number
  readonly within: number
  fate: Fate
  rebooked: boolean
  /** Given back of a payment, what its confirmation left out included. */
  returned: number
  released: number
  /** The day on which a load became final. */
  day: number
}

/** Requests that were reversed before they arrived. */
export type Tombstone = { readonly kind: 'tombstone' }

export type Card = { ledger: number; available: number; closed: boolean; readonly moves: string[] }

export type World = {
  now: number
  readonly cards: Record<CardName, Card>
  readonly things: Record<Name, Thing | Tombstone>
  /** By shop and card, in order. */
  readonly events: Record<string, string[]>
  /** Minutes at which the cards' tokens were made. */
  readonly tokensAt: number
}

/** The first day begins at ten. */
export const TEN_O_CLOCK = 600
export const DAY = 1_440

export const openWorld = (openings: readonly number[]): World => ({
  now: TEN_O_CLOCK,
  tokensAt: TEN_O_CLOCK,
  cards: Object.fromEntries(
    openings.map((amount, i) => [
      `p${i}`,
      { ledger: amount, available: amount, closed: false, moves: [`sale ${amount}`] },
    ]),
  ),
  things: {},
  events: {},
})

export const copyOf = ({ now, tokensAt, cards, things, events }: World): World => ({
  now,
  tokensAt,
  cards: Object.fromEntries(Object.entries(cards).map(([name, card]) => [name, { ...card, moves: [...card.moves] }])),
  things: Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, { ...thing }])),
  events: Object.fromEntries(Object.entries(events).map(([name, list]) => [name, [...list]])),
})

export const nameOf = (shop: ShopName, key: string): Name => `${shop}:${key}`
export const shopOf = (name: Name): ShopName => (name.startsWith('A') ? 'A' : 'B')

export function thingAt({ things }: World, name: Name): Thing | undefined {
  const thing = things[name]
  return thing === undefined || thing.kind === 'tombstone' ? undefined : thing
}

export function cardAt({ cards }: World, name: CardName): Card {
  const card = cards[name]
  if (card === undefined) throw new Error(`the model knows no card ${name}`)
  return card
}

/** Has been taken back and not booked again. */
export const isGone = ({ fate }: Thing): boolean => fate === 'reversed' || fate === 'timer'

export const isThing = (kind: Thing['kind']): kind is ThingKind => kind !== 'refund' && kind !== 'cancel'

export const balanceOf = ({ ledger, available }: Card): string => `${ledger}/${available}`

const STATUS = {
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  cancelled: 'cancelled',
  reversed: 'reversed',
  timer: 'reversed',
  declined: 'declined',
} as const satisfies Record<Fate, string>

export const statusOf = ({ fate }: Thing): string => STATUS[fate]

/** The visible part of a payment, a top-up or a sale; the player reads answers into the same form. */
export type View = {
  readonly kind: ThingKind
  readonly name: Name
  readonly status: string
  readonly amount: number
  /** Of payments. */
  readonly asked: number | null
  readonly refunded: number | null
  readonly order: string | null
  readonly card: string
  readonly balance: string | null
  /** A time until which it waits. */
  readonly waits: boolean
}

export const said = ({ kind, name, status, amount, asked, refunded, order, card, balance, waits }: View): string =>
  `${kind} ${name} ${status} ${amount}${asked === null ? '' : ` of ${asked}`}${refunded === null ? '' : ` back ${refunded}`} ` +
  `${order ?? '-'} on ${card} ${balance ?? '-'}${waits ? ' waits' : ''}`

/** A sale's own card is named by whether number and eCode are shown. */
export const SHOWN = '(shown)'
export const HIDDEN = '(hidden)'

export function viewOf(name: Name, thing: Thing, more: Partial<View> = {}): string {
  const isPayment = thing.kind === 'payment'
  return said({
    kind: isThing(thing.kind) ? thing.kind : 'payment',
    name,
    status: statusOf(thing),
    amount: thing.taken,
    asked: isPayment ? thing.asked : null,
    refunded: isPayment ? thing.returned : null,
    order: thing.order,
    card: thing.kind === 'sale' ? HIDDEN : thing.card,
    balance: null,
    waits: (more.status ?? statusOf(thing)) === 'unconfirmed',
    ...more,
  })
}

/** The model of the HTTP API: what each request must answer. */

import {
  balanceOf,
  type Card,
  cardAt,
  copyOf,
  DAY,
  HIDDEN,
  isGone,
  isThing,
  nameOf,
  type Name,
  type ShopName,
  shopOf,
  SHOWN,
  statusOf,
  type Thing,
  thingAt,
  viewOf,
  type Input,
  type World,
} from './api-world.ts'
import { cancelThing, confirmThing, moved, reverseThing, told } from './api-undoing.ts'

const MAXIMUM = 200_000
const TOP_UP = { minimum: 1_000, maximum: 100_000 }
const SALE = { minimum: 1_000, maximum: 50_000 }
export const WITHIN = 15

/** An input played on a world: the world after it, and the expected answer. */
export type Step = { readonly world: World; readonly answer: string }

export function play(before: World, input: Input): Step {
  const world = copyOf(before)
  const answer = ANSWERS[input.act](world, input as never)
  return { world, answer }
}

type Answers = { readonly [Act in Input['act']]: (world: World, input: Extract<Input, { act: Act }>) => string }

const ANSWERS: Answers = {
  pay: (world, input) =>
    keyed(world, input.shop, input.key, asksOf(input), () => {
      const { card: named, amount, partial } = input
      const card = cardAt(world, named)
      if (!isBelieved(world, card, input.by)) return decline('402 card_not_recognised')
      if (amount > card.available && !(partial && card.available > 0))
        return decline(`402 insufficient_funds ${balanceOf(card)}`)
      const taken = Math.min(amount, card.available)
      return book(world, input, 'payment', taken, (thing) => moved(card, 'payment', -taken, thing))
    }),
  top_up: (world, input) =>
    keyed(world, input.shop, input.key, asksOf(input), () => {
      const { amount } = input
      const card = cardAt(world, input.card)
      if (!isBelieved(world, card, input.by)) return decline('402 card_not_recognised')
      if (amount < TOP_UP.minimum || amount > TOP_UP.maximum)
        return decline(`402 amount_invalid ${balanceOf(card)} ${TOP_UP.minimum}-${TOP_UP.maximum}`)
      if (card.ledger + amount > MAXIMUM) return decline(`402 limit_exceeded ${balanceOf(card)}`)
      return book(world, input, 'top_up', amount, (thing) => moved(card, 'top_up', amount, thing))
    }),
  sell(world, input) {
    const { shop, key, amount, order } = input
    const name = nameOf(shop, key)
    return keyed(world, shop, key, `/sales ${amount} ${order}`, () => {
      if (amount < SALE.minimum || amount > SALE.maximum)
        return decline(`402 amount_invalid ${SALE.minimum}-${SALE.maximum}`)
      world.cards[name] = { ledger: 0, available: 0, closed: false, moves: [] }
      const asked = { ...input, card: name, final: false, within: null }
      return book(world, asked, 'sale', amount, (thing) => moved(cardAt(world, name), 'sale', amount, thing))
    })
  },
  confirm: (world, { shop, of, amount }) => {
    const thing = ownThing(world, shop, of)
    return thing === undefined ? '404 not_found' : confirmThing(world, of, thing, amount)
  },
  cancel(world, { shop, key, of }) {
    const thing = ownThing(world, shop, of)
    if (thing === undefined) return '404 not_found'
    return keyed(world, shop, key, `/${of}/cancel`, () => cancelThing(world, of, thing))
  },
  refund(world, { shop, key, of, amount }) {
    const thing = ownThing(world, shop, of)
    // A sale under the key is no payment, even if a payment was requested under the same key later.
    if (thing?.kind !== 'payment') return '404 not_found'
    if (thing.fate === 'unconfirmed') return '409 not_confirmed'
    return keyed(world, shop, key, `/${of}/refunds ${amount}`, () => {
      const left = thing.fate === 'confirmed' ? thing.taken - thing.returned : 0
      const card = cardAt(world, thing.card)
      if (amount > left) return decline('409 refund_exceeds_payment')
      moved(card, 'refund', amount, { fate: 'confirmed' })
      thing.returned += amount
      tell(world, of, thing, 'refunded')
      return { kind: 'refund', card: thing.card, of, taken: amount, told: `201 refund of ${of} ${amount}` }
    })
  },
  reverse: (world, { shop, of }) => `200 ${reverseThing(world, nameOf(shop, of))}`,
  show(world, { shop, of }) {
    const thing = ownThing(world, shop, of)
    return thing === undefined ? '404 not_found' : `200 ${viewOf(of, thing)}`
  },
  request(world, { shop, of }) {
    const thing = thingAt(world, nameOf(shop, of))
    if (thing === undefined) return '404 not_found'
    const path = thing.asks.split(' ')[0] ?? ''
    return `200 POST ${path} ${isGone(thing) ? '409 reversed' : thing.told.replace(SHOWN, HIDDEN)}`
  },
  list(world, { shop, kind }) {
    const own = Object.entries(world.things).filter(
      ([name, thing]) => shopOf(name) === shop && thing.kind === kind && thing.fate !== 'declined',
    )
    return `200 ${own.map(([, thing]) => statusOf(thing as Thing)).sort().join(' ')}` // prettier-ignore
  },
  balance(world, { card: named, by }) {
    const card = cardAt(world, named)
    return isBelieved(world, card, by) ? `200 active ${balanceOf(card)}` : '402 card_not_recognised'
  },
  history(world, { card: named, by }) {
    const card = cardAt(world, named)
    return isBelieved(world, card, by) ? `200 ${card.moves.join(', ')}` : '402 card_not_recognised'
  },
  till(world, { operation, card: named, amount }) {
    const card = cardAt(world, named)
    if (operation === 'payment' && amount > card.available) return `exceeds_balance ${balanceOf(card)}`
    if (operation === 'top_up' && card.ledger + amount > MAXIMUM) return `exceeds_maximum_balance ${balanceOf(card)}`
    moved(card, operation, operation === 'payment' ? -amount : amount, { fate: 'confirmed' })
    return `approved ${balanceOf(card)}`
  },
}

/** What makes two requests the same: method, path and body after defaults, and the card's number, however the card is presented. */
function asksOf(input: Extract<Input, { act: 'pay' | 'top_up' }>): string {
  const path = input.act === 'pay' ? '/payments' : '/top-ups'
  const partial = input.act === 'pay' && input.partial
  return `${path} ${input.card} ${input.amount} ${partial} ${input.final} ${input.within} ${input.order}`
}

const isBelieved = (world: World, card: Card, by: string): boolean =>
  !card.closed && by !== 'wrong' && (by !== 'token' || world.now - world.tokensAt < WITHIN)

/** A payment, top-up or sale of this shop. */
function ownThing(world: World, shop: ShopName, name: Name): Thing | undefined {
  const thing = thingAt(world, name)
  return thing === undefined || thing.shop !== shop || thing.fate === 'declined' || !isThing(thing.kind)
    ? undefined
    : thing
}

type Made = Partial<Thing> & Pick<Thing, 'told'>

const decline = (told: string): Made => ({ told, fate: 'declined' })

/** One key has one effect and one answer; an undone success is not repeated as if it stood. */
function keyed(world: World, shop: ShopName, key: string, asks: string, decide: () => Made): string {
  const name = nameOf(shop, key)
  const there = world.things[name]
  if (there?.kind === 'tombstone') return '409 reversed'
  if (there === undefined) {
    const made = decide()
    world.things[name] = thingOf(world, shop, asks, made)
    return made.told
  }
  if (there.asks !== asks) return '422 idempotency_key_reused'
  if (isGone(there)) return '409 reversed'
  const isShown = there.kind === 'sale' && there.fate === 'unconfirmed'
  return `${isShown ? there.told : there.told.replace(SHOWN, HIDDEN)} again`
}

const thingOf = (world: World, shop: ShopName, asks: string, made: Made): Thing => ({
  kind: 'cancel',
  shop,
  asks,
  card: '',
  of: '',
  final: true,
  asked: 0,
  taken: 0,
  order: null,
  at: world.now,
  within: 0,
  fate: 'confirmed',
  rebooked: false,
  returned: 0,
  released: 0,
  day: Math.floor(world.now / DAY),
  ...made,
})

type Asked = {
  readonly shop: ShopName
  readonly key: string
  readonly card: string
  readonly amount: number
  readonly final: boolean
  readonly within: number | null
  readonly order: string | null
}

function book(
  world: World,
  input: Asked,
  kind: 'payment' | 'top_up' | 'sale',
  taken: number,
  move: (thing: Pick<Thing, 'fate'>) => void,
): Made {
  const name = nameOf(input.shop, input.key)
  const fate = input.final ? 'confirmed' : 'unconfirmed'
  const within = input.within ?? WITHIN
  const made = {
    kind,
    card: input.card,
    final: input.final,
    asked: input.amount,
    taken,
    order: input.order,
    within,
    fate,
  }
  const thing = thingOf(world, input.shop, '', { ...made, told: '' } as Made)
  move(thing)
  tell(world, name, thing, 'created')
  if (input.final) tell(world, name, thing, 'confirmed')
  // A sale presents no card, and is shown no balance.
  const balance = kind === 'sale' ? null : balanceOf(cardAt(world, input.card))
  const card = kind === 'sale' ? SHOWN : input.card
  return { ...made, told: `201 ${viewOf(name, thing, { balance, card })}` } as Made
}

const tell = told

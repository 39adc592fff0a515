import {
  type Card,
  cardAt,
  DAY,
  isThing,
  type Name,
  statusOf,
  type Thing,
  thingAt,
  viewOf,
  type World,
} from './api-world.ts'

const LATE = 24 * 60
const SECOND_THOUGHTS = 15
const MAXIMUM = 200_000

type SubjectChange = 'created' | 'confirmed' | 'cancelled' | 'reversed' | 'refunded'

/** Adds an event for the shop, in the order of the card. */
export function told(world: World, name: Name, thing: Thing, change: SubjectChange): void {
  const list = (world.events[`${thing.shop} ${thing.card}`] ??= [])
  list.push(`${thing.kind}.${change} ${name} ${thing.taken}`)
}

/** Moves money from or to a card; an unconfirmed credit is not available yet. */
export function moved(card: Card, kind: string, value: number, { fate }: Pick<Thing, 'fate'>): void {
  card.ledger += value
  if (value < 0 || fate !== 'unconfirmed') card.available += value
  card.moves.push(`${kind} ${value}`)
}

/** The net effect of a transaction on its card; negative for debits. */
const effectOf = ({ kind, taken, released }: Thing): number =>
  kind === 'payment' ? -(taken - released) : kind === 'cancel' ? 0 : taken

/** Undoes the effect of a transaction. A credit that was never available is not taken from the available balance. */
function takeBack(card: Card, thing: Thing): void {
  const value = -effectOf(thing)
  card.ledger += value
  if (value > 0 || thing.fate !== 'unconfirmed') card.available += value
  card.moves.push(`undo ${value}`)
  if (thing.kind === 'sale') card.closed = true
}

export function confirmThing(world: World, name: Name, thing: Thing, amount: number | null): string {
  if (amount !== null && amount > thing.taken) return '400 invalid_request'
  const kept = amount ?? thing.taken
  switch (thing.fate) {
    case 'unconfirmed':
      confirmNow(world, thing, kept)
      break
    case 'confirmed':
      if (amount !== null && amount !== thing.taken - thing.released) return '409 already_undone'
      return `200 ${viewOf(name, thing)}`
    case 'timer':
      if (!rebook(world, thing, kept)) return '409 reversed'
      break
    case 'cancelled':
      return '409 already_undone'
    case 'reversed':
    case 'declined':
      return '409 reversed'
  }
  thing.fate = 'confirmed'
  thing.day = Math.floor(world.now / DAY)
  told(world, name, thing, 'confirmed')
  return `200 ${viewOf(name, thing)}`
}

function confirmNow(world: World, thing: Thing, kept: number): void {
  const card = cardAt(world, thing.card)
  if (thing.kind !== 'payment') {
    card.available += thing.taken
    return
  }
  thing.released = thing.returned = thing.taken - kept
  if (thing.released === 0) return
  card.ledger += thing.released
  card.available += thing.released
  card.moves.push(`undo ${thing.released}`)
}

/** Late, but within a day and such that the card can bear it: booked once more. */
function rebook(world: World, thing: Thing, kept: number): boolean {
  const card = cardAt(world, thing.card)
  if (world.now > thing.at + thing.within + LATE || card.closed) return false
  if (thing.kind === 'payment' ? kept > card.available : card.ledger + thing.taken > MAXIMUM) return false
  thing.rebooked = true
  thing.released = thing.returned = thing.kind === 'payment' ? thing.taken - kept : 0
  moved(card, thing.kind, effectOf(thing), { fate: 'confirmed' })
  return true
}

type Undone = Partial<Thing> & Pick<Thing, 'told'>

/** In full, and final at once. */
export function cancelThing(world: World, name: Name, thing: Thing): Undone {
  const no = (answer: string): Undone => ({ told: answer, fate: 'declined' })
  if (thing.fate === 'timer') return no('409 reversed')
  // A shop that took it back by /reversals has undone it all the same.
  if (thing.fate === 'reversed') return no(thing.final || thing.rebooked ? '409 already_undone' : '409 reversed')
  if (thing.fate === 'cancelled') return no('409 already_undone')
  const card = cardAt(world, thing.card)
  const isLoad = thing.kind !== 'payment'
  if (isLoad && thing.fate === 'confirmed' && thing.day !== Math.floor(world.now / DAY)) return no('409 too_late')
  if (!canBear(card, thing)) return no('409 spent')
  takeBack(card, thing)
  thing.fate = 'cancelled'
  told(world, name, thing, 'cancelled')
  const view = viewOf(name, thing, { refunded: thing.kind === 'payment' ? thing.released : null })
  return { kind: 'cancel', of: name, card: thing.card, taken: Math.abs(effectOf(thing)), told: `200 ${view}` }
}

/** Whether nothing depends on it: no part was refunded or spent, and a sold card still has exactly the amount of its sale. */
function canBear(card: Card, thing: Thing): boolean {
  if (thing.kind === 'payment') return thing.returned <= thing.released
  if (thing.kind === 'sale' && card.ledger !== thing.taken) return false
  return thing.fate === 'unconfirmed' || thing.taken <= card.available
}

/** A shop reverses every request whose outcome it does not know. */
export function reverseThing(world: World, name: Name): 'reversed' | 'nothing_to_reverse' | 'case' {
  const thing = world.things[name]
  if (thing === undefined) world.things[name] = { kind: 'tombstone' }
  if (thing === undefined || thing.kind === 'tombstone') return 'nothing_to_reverse'
  switch (thing.fate) {
    case 'declined':
    case 'cancelled':
      return 'nothing_to_reverse'
    case 'timer':
    case 'reversed':
      thing.fate = 'reversed'
      return 'reversed'
    case 'unconfirmed':
      break
    case 'confirmed':
      if (!thing.final || world.now - thing.at >= SECOND_THOUGHTS || !canTakeBack(world, thing)) return 'case'
  }
  if (thing.kind === 'cancel') reinstate(world, thing)
  else takeBack(cardAt(world, thing.card), thing)
  thing.fate = 'reversed'
  if (isThing(thing.kind)) told(world, name, thing, 'reversed')
  if (thing.kind === 'refund') {
    const payment = thingAt(world, thing.of)
    if (payment !== undefined) {
      payment.returned -= thing.taken
      told(world, thing.of, payment, 'refunded')
    }
  }
  return 'reversed'
}

function canTakeBack(world: World, thing: Thing): boolean {
  const card = cardAt(world, thing.card)
  if (thing.kind !== 'cancel') return canBear(card, thing)
  const undone = thingAt(world, thing.of)
  if (undone === undefined || undone.kind === 'sale') return false
  return undone.kind === 'top_up' || thing.taken <= card.available
}

/** An undone cancellation: what it cancelled stands, confirmed. */
function reinstate(world: World, { of, card: named }: Thing): void {
  const undone = thingAt(world, of)
  if (undone === undefined) return
  const value = effectOf(undone)
  const card = cardAt(world, named)
  card.ledger += value
  card.available += value
  card.moves.push(`undo ${value}`)
  undone.fate = 'confirmed'
  told(world, of, undone, 'confirmed')
}

/** Names of what nobody confirmed in time. */
export const due = ({ things, now }: World): Name[] =>
  Object.entries(things).flatMap(([name, thing]) =>
    thing.kind !== 'tombstone' && thing.fate === 'unconfirmed' && thing.at + thing.within <= now ? [name] : [],
  )

/** Akart reverses it and sends an event. */
export function timedOut(world: World, name: Name): void {
  const thing = thingAt(world, name)
  if (thing === undefined || statusOf(thing) !== 'unconfirmed') throw new Error(`${name} waits for nothing`)
  takeBack(cardAt(world, thing.card), thing)
  thing.fate = 'timer'
  told(world, name, thing, 'reversed')
}

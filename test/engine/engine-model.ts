/**
 * The expected books, as simple as possible and without a line of the product: a card's ledger balance is its initial
 * one and its standing operations, its available balance that less unconfirmed credits. The stories have one store,
 * genuine stripes, amounts within all limits, and one business day.
 */

export type Policy = 'explicit' | 'next' | 'none'

/** A message, as the model sees it. `of` names the operation or cancellation that it is about. */
export type Command = { readonly key: string; readonly terminal: string; readonly policy: Policy } & (
  | {
      readonly act: 'operation'
      readonly operation: 'sale' | 'top_up' | 'payment' | 'refund'
      readonly card: number
      readonly amount: number
      readonly partial: boolean
      readonly ontoNew: boolean
      readonly receipt: string | null
    }
  | { readonly act: 'confirm' | 'cancel' | 'reverse' | 'timer'; readonly of: string }
)

type Status = 'unconfirmed' | 'confirmed' | 'reversed' | 'timer' | 'rebooked' | 'cancelled' | 'declined' | 'forestalled'

type Happened = {
  status: Status
  /** The answer, with the card's balances. */
  answer: string
  /** The amount that was asked for: another one under the same key is another request. Null: a cancellation. */
  readonly asked: number | null
  readonly terminal: string
  readonly policy: Policy
  /** A cancellation: what it cancels. A refund on a receipt: the payment. */
  readonly of: string | null
  readonly isCancellation: boolean
  readonly card: number
  /** Its effect on the card while it stands; 0 for cancellations, whose effect is that of the original's absence. */
  readonly delta: number
  readonly sells: boolean
  /** For a payment that the timer could only reverse in part: the earlier refunds. */
  kept: number
}

export type World = {
  readonly opening: readonly number[]
  readonly sold: boolean[]
  /** By key. */
  readonly happened: Record<string, Happened>
  /** Answers of what leaves no operation behind (confirmations, reversals). */
  readonly said: Record<string, string>
  /** Operations and cancellations with an open case. */
  readonly cases: Record<string, true>
}

const MAXIMUM = 200_000

export const openWorld = (opening: readonly number[]): World => ({
  opening,
  sold: opening.map((amount) => amount > 0),
  happened: {},
  said: {},
  cases: {},
})

/** Ten times as fast as `structuredClone`, and orders are many. */
export const copyOf = ({ opening, sold, happened, said, cases }: World): World => ({
  opening,
  sold: [...sold],
  happened: Object.fromEntries(Object.entries(happened).map(([key, one]) => [key, { ...one }])),
  said: { ...said },
  cases: { ...cases },
})

const stands = ({ status }: Happened): boolean =>
  status === 'unconfirmed' || status === 'confirmed' || status === 'rebooked'

export function ledger(world: World, card: number): number {
  let sum = world.opening[card] ?? 0
  for (const one of Object.values(world.happened)) {
    if (one.card === card && !one.isCancellation) sum += stands(one) ? one.delta : -one.kept
  }
  return sum
}

export function available(world: World, card: number): number {
  let sum = ledger(world, card)
  for (const one of Object.values(world.happened)) {
    if (one.card !== card || one.status !== 'unconfirmed') continue
    const original = one.isCancellation ? world.happened[one.of ?? ''] : undefined
    if (original === undefined) sum -= Math.max(0, one.delta)
    else sum -= Math.max(0, -original.delta)
  }
  return sum
}

const refunded = (world: World, payment: string): number =>
  Object.values(world.happened)
    .filter((one) => one.of === payment && !one.isCancellation && stands(one))
    .reduce((sum, { delta }) => sum + delta, 0)

/** The amount that can still be refunded on this receipt. */
export function left(world: World, payment: string): number {
  const paid = world.happened[payment]
  return paid === undefined || !stands(paid) ? 0 : -paid.delta - refunded(world, payment)
}

/** The balances that an answer shows, where it is about a card that is there. */
const withBalances = (world: World, result: string, card: number): string =>
  card < 0 ? result : spoken(result, ledger(world, card), available(world, card))

/** How result and balances of an answer are written here. */
export const spoken = (result: string, ledger: number, available: number): string => `${result} ${ledger}/${available}`

/** Plays one message on the world, and returns the expected answer with the balances that it shows. */
export function play(world: World, command: Command): string {
  const earlier = world.happened[command.key]
  if (earlier !== undefined) {
    if (command.act === 'operation' && earlier.asked !== command.amount && earlier.status !== 'forestalled') {
      return 'key_reused'
    }
    const isGone =
      earlier.status === 'reversed' ||
      earlier.status === 'timer' ||
      earlier.status === 'rebooked' ||
      earlier.status === 'forestalled'
    return isGone ? withBalances(world, 'original_reversed', earlier.card) : earlier.answer
  }
  const said = world.said[command.key]
  if (said !== undefined) return said

  if (command.policy === 'next' && (command.act === 'operation' || command.act === 'cancel')) {
    for (const one of Object.values(world.happened)) {
      if (one.terminal === command.terminal && one.policy === 'next' && one.status === 'unconfirmed') {
        one.status = 'confirmed'
      }
    }
  }
  switch (command.act) {
    case 'operation':
      return operate(world, command)
    case 'cancel':
      return cancel(world, command.of, command)
    case 'confirm':
      return (world.said[command.key] = confirm(world, command.of))
    case 'reverse':
      return (world.said[command.key] = reverse(world, command.of, command))
    case 'timer':
      return timer(world, command.of)
  }
}

function operate(world: World, command: Extract<Command, { act: 'operation' }>): string {
  const { operation, card, amount, receipt, key } = command
  const note = (result: string, delta: number, sells: boolean): string => {
    const isApproved = result === 'approved' || result === 'approved_partially'
    const happened: Happened = {
      status: isApproved ? (command.policy === 'none' ? 'confirmed' : 'unconfirmed') : 'declined',
      answer: '',
      asked: amount,
      terminal: command.terminal,
      policy: command.policy,
      of: isApproved && paid !== null ? paid : null,
      isCancellation: false,
      card,
      delta,
      sells,
      kept: 0,
    }
    world.happened[key] = happened
    if (sells) world.sold[card] = true
    return (happened.answer = withBalances(world, result, card))
  }
  const isSold = world.sold[card] === true
  // A receipt is one only if that payment was approved, by whichever card; else it is a mere reference.
  const payment = receipt === null ? undefined : world.happened[receipt]
  const paid = payment !== undefined && payment.delta < 0 ? receipt : null

  if (operation === 'payment') {
    if (!isSold) return note('card_unsold', 0, false)
    const there = available(world, card)
    if (amount <= there) return note('approved', -amount, false)
    return command.partial && there > 0 ? note('approved_partially', -there, false) : note('exceeds_balance', 0, false)
  }
  if (paid !== null && amount > left(world, paid)) return note('amount_differs', 0, false)
  const wantsNew = operation === 'sale' || command.ontoNew
  if (wantsNew === isSold) return note(isSold ? 'card_sold' : 'card_unsold', 0, false)
  return note('approved', amount, wantsNew)
}

function confirm(world: World, key: string): string {
  const original = world.happened[key]
  if (original === undefined) return 'original_not_found'
  const dispute = (result: string): string => {
    world.cases[key] = true
    return result
  }
  switch (original.status) {
    case 'declined':
      return dispute('original_not_found')
    case 'unconfirmed':
      original.status = 'confirmed'
      return 'approved'
    case 'confirmed':
    case 'cancelled':
    case 'rebooked':
      return 'approved'
    case 'reversed':
    case 'forestalled':
      return dispute('original_reversed')
    case 'timer':
      if (!rebook(world, original)) return dispute('original_reversed')
      original.status = 'rebooked'
      delete world.cases[key]
      return 'approved'
  }
}

/** Late, but true: is the card still such that it can be booked? */
function rebook(world: World, one: Happened): boolean {
  const isSold = world.sold[one.card] === true
  if (one.isCancellation) {
    const original = world.happened[one.of ?? '']
    return original?.status === 'confirmed' && undo(world, one.of ?? '', original)
  }
  if (one.kept > 0) return false
  if (one.delta < 0) return isSold && -one.delta <= available(world, one.card)
  if (one.of !== null && one.delta > left(world, one.of)) return false
  if (isSold === one.sells || ledger(world, one.card) + one.delta > MAXIMUM) return false
  if (one.sells) world.sold[one.card] = true
  return true
}

/** The cashier's undoing, if the card can bear it. */
function undo(world: World, key: string, original: Happened): boolean {
  const { card, delta, sells, status } = original
  if (refunded(world, key) > 0) return false
  const waiting = status === 'unconfirmed' ? delta : 0
  if (delta > available(world, card) + waiting) return false
  if (sells && !holdsJust(world, card, delta)) return false
  original.status = 'cancelled'
  world.sold[card] = sells ? false : delta < 0 || world.sold[card] === true
  return true
}

const holdsJust = (world: World, card: number, amount: number): boolean =>
  world.sold[card] === true && ledger(world, card) === amount

function cancel(world: World, key: string, { key: own, terminal, policy }: Command): string {
  const original = world.happened[key]
  const note = (result: string, shows = original?.card ?? -1): string => {
    const happened: Happened = {
      status: result !== 'approved' ? 'declined' : policy === 'none' ? 'confirmed' : 'unconfirmed',
      answer: '',
      asked: null,
      terminal,
      policy,
      of: key,
      isCancellation: true,
      card: original?.card ?? -1,
      delta: 0,
      sells: false,
      kept: 0,
    }
    world.happened[own] = happened
    return (happened.answer = withBalances(world, result, shows))
  }
  if (original?.status === 'forestalled') return note('original_reversed')
  if (original === undefined || original.isCancellation) return note('original_not_found', -1)
  if (original.status === 'reversed' || original.status === 'timer') return note('original_reversed')
  if (original.status === 'cancelled' || original.status === 'declined') return note('original_done')
  return note(undo(world, key, original) ? 'approved' : 'original_spent')
}

function reverse(world: World, key: string, { terminal, policy }: Command): string {
  const original = world.happened[key]
  if (original === undefined) {
    world.happened[key] = {
      status: 'forestalled',
      answer: 'original_reversed',
      asked: null,
      terminal,
      policy,
      of: null,
      isCancellation: false,
      card: -1,
      delta: 0,
      sells: false,
      kept: 0,
    }
    return 'approved'
  }
  const tooLate = (): string => {
    world.cases[key] = true
    return 'approved_with_case'
  }
  switch (original.status) {
    case 'declined':
    case 'forestalled':
    case 'reversed':
      return 'approved'
    case 'timer':
      original.status = 'reversed'
      delete world.cases[key]
      return 'approved'
    case 'confirmed':
    case 'cancelled':
    case 'rebooked':
      return tooLate()
    case 'unconfirmed':
      if (!takeBack(world, key, original)) return tooLate()
      original.status = 'reversed'
      return 'approved'
  }
}

function timer(world: World, key: string): string {
  const original = world.happened[key]
  if (original?.status !== 'unconfirmed') return 'approved'
  world.cases[key] = true
  if (takeBack(world, key, original)) {
    original.status = 'timer'
  } else if (original.isCancellation) {
    original.status = 'confirmed'
  } else {
    // The card was used since: this money comes back, less earlier refunds, and nothing else changes.
    original.kept = refunded(world, key)
    original.status = 'timer'
    if (original.delta < 0) world.sold[original.card] = true
  }
  return 'approved'
}

/** Undoes an unconfirmed transaction completely; false if the card was used since. */
function takeBack(world: World, key: string, one: Happened): boolean {
  const { card, delta, sells } = one
  if (!one.isCancellation) {
    if (refunded(world, key) > 0 || (sells && !holdsJust(world, card, delta))) return false
    if (sells) world.sold[card] = false
    if (delta < 0) world.sold[card] = true
    return true
  }
  const original = world.happened[one.of ?? '']
  if (original === undefined || (original.sells && world.sold[card] === true)) return false
  if (original.of !== null && original.delta > left(world, original.of)) return false
  original.status = 'confirmed'
  if (original.delta > 0) world.sold[card] = true
  return true
}

/** The words of the database for a status. */
export const WORDS = {
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  reversed: 'reversed',
  timer: 'reversed',
  rebooked: 'reversed',
  cancelled: 'cancelled',
  declined: 'declined',
  forestalled: 'reversed',
} as const satisfies Record<Status, string>

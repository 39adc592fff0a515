import type { Fact } from '../../../src/core/reports/fact.ts'
import { COIN } from './portion-world.ts'

/*
 * A second implementation of the rules of portions, coin by coin, while the history happens. Each coin keeps its identity: it
 * is in a card's purse, or in the stack of the operation that took it or will give it. Slow and simple, so that it is easy to
 * check.
 */

/** Back to the card that it was carried from. */
function sendHome(coin: Coin): void {
  if (coin.gifts.length > 1) coin.gifts.pop()
  else coin.gifts.splice(0, 1, { place: Infinity })
}

/** How a coin came to a card: coins of one gift are alike, and are spent in the order in which gifts arrived. */
type Gift = { place: number }
/** `batch`: of an employer's load; null: of no known batch; undefined: of none. */
type Coin = { readonly origin: string; readonly batch?: number | null; readonly gifts: Gift[] }

type Deed = {
  readonly fact: Fact
  readonly coins: Coin[]
  readonly spentIn: string | null
  readonly undoes: Deed | null
  arrived: boolean
}

export type Telling = {
  readonly day: string
  readonly origin: string
  readonly spentIn: string
  readonly currency: number
  readonly amount: number
}

const isCard = (account: number): boolean => account > 1_000_000
const giftOf = (coin: Coin): Gift => coin.gifts.at(-1) ?? { place: Infinity }

/** A recall takes what its counterparty has loaded, of a batch only that one's, before anything else. */
function recalledFirst({ operation, contra, batch }: Fact): ((coin: Coin) => boolean) | null {
  if (operation !== 'welfare_recall') return null
  return (coin) => coin.batch !== undefined && coin.origin === contra?.owner && (batch === null || coin.batch === batch)
}

export function coinBooks() {
  const purses = new Map<number, Set<Coin>>()
  const deeds = new Map<number, Deed>()
  const spendings: Deed[] = []
  const expiries = new Map<number, Deed>()
  const tellings: Telling[] = []
  let arrivals = 0

  const purse = (card: number): Set<Coin> => {
    const known = purses.get(card) ?? new Set()
    purses.set(card, known)
    return known
  }
  const oldest = (
    card: number,
    but: Gift | null = null,
    is: (coin: Coin) => boolean = () => true,
  ): Coin | undefined => {
    let first: Coin | undefined
    for (const coin of purse(card)) {
      if (giftOf(coin) === but || !is(coin)) continue
      if (first === undefined || giftOf(coin).place < giftOf(first).place) first = coin
    }
    return first
  }
  const tell = (fact: Fact, { origin }: Coin, spentIn: string | null, amount: number): void => {
    if (spentIn !== null) tellings.push({ day: fact.day, origin, spentIn, currency: fact.currency, amount })
  }
  const coined = (origin: string, { operation, batch, amount }: Fact): Coin[] => {
    const gift = { place: Infinity }
    const of = operation === 'welfare_load' ? { batch } : {}
    return Array.from({ length: amount / COIN }, () => ({ origin, ...of, gifts: [gift] }))
  }
  const spend = (card: number, amount: number, isFirst: ((coin: Coin) => boolean) | null = null): Coin[] =>
    Array.from({ length: amount / COIN }, () => {
      const coin = (isFirst === null ? undefined : oldest(card, null, isFirst)) ?? oldest(card)
      if (coin === undefined) throw new Error(`card ${card} has not got ${amount}`)
      purse(card).delete(coin)
      return coin
    })
  /** To another card: coins of one gift that lie together stay one gift there. */
  const carry = (coins: readonly Coin[]): void => {
    let [last, gift]: [Gift | null, Gift] = [null, { place: Infinity }]
    for (const coin of coins) {
      if (giftOf(coin) !== last) gift = { place: Infinity }
      last = giftOf(coin)
      coin.gifts.push(gift)
    }
  }
  const enter = (fact: Fact, coins: Coin[], spentIn: string | null, undoes: Deed | null): Deed => {
    const deed = { fact, coins, spentIn, undoes, arrived: false }
    deeds.set(fact.id, deed)
    if (fact.role === 'rebooks' && fact.originalId !== null) deeds.set(fact.originalId, deed)
    return deed
  }

  /** The last coins of a deed, the last first; what it had undone itself is restored. */
  const lose = (deed: Deed, amount: number, meet: (coin: Coin) => Coin = (coin) => coin): Coin[] => {
    const count = amount / COIN
    if (deed.coins.length < count) throw new Error(`${deed.fact.id} has not got ${amount}`)
    const coins = deed.coins
      .splice(deed.coins.length - count)
      .reverse()
      .map(meet)
    const { undoes } = deed
    if (undoes !== null) {
      const wasCarried = deed.fact.operation === 'refund' && !deed.fact.undoes && undoes.fact.debit !== deed.fact.credit
      if (wasCarried) for (const coin of coins) sendHome(coin)
      regain(undoes, [...coins].reverse())
    }
    return coins
  }
  const regain = (deed: Deed, coins: readonly Coin[]): void => {
    deed.coins.push(...coins)
    const { undoes } = deed
    if (undoes === null) return
    const wasCarried = deed.fact.operation === 'refund' && !deed.fact.undoes && undoes.fact.debit !== deed.fact.credit
    if (wasCarried) carry(coins)
    for (const coin of coins) undoes.coins.splice(undoes.coins.lastIndexOf(coin), undoes.coins.includes(coin) ? 1 : 0)
  }
  /** A coin of the same gift from the purse; else one from whoever spent one last, who gets the oldest of another gift. */
  const takeBack = (fact: Fact, card: number, coin: Coin): Coin => {
    const gift = giftOf(coin)
    const own = [...purse(card)].find((one) => giftOf(one) === gift)
    if (own !== undefined) {
      purse(card).delete(own)
      return own
    }
    const other = oldest(card, gift)
    if (other === undefined) throw new Error(`card ${card} cannot bear ${fact.id}`)
    purse(card).delete(other)
    for (const spender of [...spendings].reverse()) {
      const at = spender.coins.findLastIndex((one) => giftOf(one) === gift)
      const spent = spender.coins[at]
      if (spent === undefined) continue
      spender.coins[at] = other
      tell(fact, spent, spender.spentIn, -COIN)
      tell(fact, other, spender.spentIn, COIN)
      return spent
    }
    // Nothing of the gift is left anywhere, since it was undone itself: the oldest is taken in its place.
    return other
  }

  const bookGift = (fact: Fact): void => {
    const { operation, credit, store, contra, originalId, role, amount } = fact
    const first = originalId === null ? undefined : deeds.get(originalId)
    const source =
      operation === 'extension'
        ? expiries.get(credit)
        : operation !== 'refund'
          ? undefined
          : role === 'rebooks'
            ? first?.undoes
            : first
    const spentIn = operation === 'refund' ? store : null
    const origin =
      operation === 'refund' ? store : contra?.kind === 'issuer_adjustments' ? 'adjustments' : (contra?.owner ?? '')
    const coins = source === undefined || source === null ? coined(origin, fact) : lose(source, amount)
    if (source !== undefined && source !== null && source.fact.debit !== credit) carry(coins)
    const deed = enter(fact, coins, spentIn, source ?? null)
    for (const coin of coins) tell(fact, coin, deed.spentIn, -COIN)
  }

  return {
    tellings,
    left: (): number => [...purses.values()].reduce((sum, coins) => sum + coins.size * COIN, 0),
    book(fact: Fact): void {
      const { operation, debit, store, contra, amount } = fact
      if (operation === 'duplicate') {
        const coins = spend(debit, amount)
        carry(coins)
        enter(fact, coins, null, null)
        return
      }
      if (!isCard(debit)) return bookGift(fact)
      const deed = enter(
        fact,
        spend(debit, amount, recalledFirst(fact)),
        contra?.kind === 'store_payable' ? store : null,
        null,
      )
      spendings.push(deed)
      if (operation === 'expiry') expiries.set(debit, deed)
      for (const coin of deed.coins) tell(fact, coin, deed.spentIn, COIN)
    },
    undo(fact: Fact): void {
      const { debit, credit, originalId, role, amount } = fact
      const first = originalId === null ? undefined : deeds.get(originalId)
      const target = role === 'rebooks' ? first?.undoes : first
      if (target === undefined || target === null) throw new Error(`what ${fact.id} undoes is not known`)
      const meet = isCard(debit) && target.arrived ? (coin: Coin): Coin => takeBack(fact, debit, coin) : undefined
      const told = (coin: Coin): Coin => {
        const met = meet === undefined ? coin : meet(coin)
        tell(fact, met, target.spentIn, isCard(debit) ? COIN : -COIN)
        return met
      }
      const coins = lose(target, amount, told)
      if (isCard(debit) && isCard(credit)) for (const coin of coins) sendHome(coin)
      enter(fact, coins, target.spentIn, target)
    },
    arrive(id: number): void {
      const deed = deeds.get(id)
      if (deed === undefined || deed.arrived || !isCard(deed.fact.credit)) return
      deed.arrived = true
      for (const coin of deed.coins) {
        const gift = giftOf(coin)
        if (gift.place === Infinity) gift.place = arrivals += 1
        purse(deed.fact.credit).add(coin)
      }
    },
  }
}

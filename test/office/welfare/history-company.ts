/** A model of an employer for random histories. */

import type { Result } from '../../../src/core/result.ts'
import { importEmployees } from '../../../src/office/welfare/import-employees.ts'
import { dateIn } from '../../../src/office/clock.ts'
import { linkCard } from '../../../src/office/welfare/employees.ts'
import { makeEmployer } from '../../../src/office/welfare/employers.ts'
import { KIND } from '../../../src/core/key.ts'
import { ok } from '../test-office.ts'
import { csv, employer, type NumberedCard, OLA, type WelfareSetting } from './welfare-setting.ts'

export const PEOPLE = 4
/** Two or three batches of the larger amounts. */
export const YEARLY = 600_00
export const MAXIMUM = 1_200_00
/** On a card before its employee has it: the holder's own, and of another employer's batch. */
const OWN = 50_00
const FOREIGN = 30_00

type Portion = { readonly from: 'own' | 'foreign' | number; left: number }

/** A person with a card, in the model. */
export class Member {
  linked = true
  left = false
  blocked = false
  /** Past its last day, and that was booked. */
  expired = false
  closed = false
  replaced = 0
  loaded = 0
  recalled = 0
  private portions: Portion[]
  /** The balances of the cards that they had before this one. */
  private readonly former: Portion[][] = []
  private year = 0

  readonly number: string
  /** The one that is linked, be it that it was replaced. */
  first: NumberedCard
  card: NumberedCard

  constructor(number: string, card: NumberedCard, portions: readonly Portion[]) {
    this.number = number
    this.first = card
    this.card = card
    this.portions = portions.map((portion) => ({ ...portion }))
  }

  balance = (): number => leftOf(this.portions)
  /** Does the card take and give at all? */
  isGood = (): boolean => !this.blocked && !this.isDead()
  isDead = (): boolean => this.expired || this.closed

  /** Does a row of the list stand for them? */
  takes(amount: number): boolean {
    return (
      this.linked && !this.left && this.isGood() && this.year + amount <= YEARLY && this.balance() + amount <= MAXIMUM
    )
  }

  load(batch: number, amount: number): void {
    this.year += amount
    this.loaded += amount
    this.give(batch, amount)
  }

  give(from: Portion['from'], amount: number): void {
    this.portions.push({ from, left: amount })
  }

  spend(amount: number): void {
    this.take(amount, () => true)
  }

  private take(amount: number, isMeant: (portion: Portion) => boolean, portions = this.portions): number {
    let rest = amount
    for (const portion of portions.filter(isMeant)) {
      const part = Math.min(rest, portion.left)
      portion.left -= part
      rest -= part
    }
    return amount - rest
  }

  /** Of the employer's loads, card by card. */
  unspent = (batch: number | null): readonly number[] =>
    [...this.former, this.portions].map((portions) => leftOf(portions.filter(isOf(batch))))

  recall(batch: number | null, most: readonly number[]): number {
    const taken = [...this.former, this.portions].map((portions, i) => this.take(most[i] ?? 0, isOf(batch), portions))
    this.recalled += sum(taken)
    return sum(taken)
  }

  another(card: NumberedCard, amount: number): void {
    this.former.push(this.portions)
    this.portions = [{ from: 'own', left: amount }]
    this.card = card
    this.first = card
    this.replaced = 0
    this.blocked = false
    this.expired = false
    this.closed = false
  }

  replacedBy(card: NumberedCard): void {
    this.card = card
    this.replaced += 1
  }
}

export const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0)
const leftOf = (portions: readonly Portion[]): number => sum(portions.map(({ left }) => left))

const isOf =
  (batch: number | null) =>
  ({ from }: Portion): boolean =>
    batch === null ? typeof from === 'number' : from === batch

/** Changes of cards, as columns of the roll-forward. */
export type Moved = { welfare: number; recalled: number; paid: number; expired: number }

/** The clock of the histories, and what they have moved on each day. Each begins at the same hour. */
export class Times {
  static readonly BEGIN = Date.parse('2026-10-01T09:00:00Z')
  now = Times.BEGIN
  readonly days = new Map<string, Moved>()

  day = (): string => dateIn('Europe/Warsaw', this.now)

  today(): Moved {
    const moved = this.days.get(this.day()) ?? { welfare: 0, recalled: 0, paid: 0, expired: 0 }
    this.days.set(this.day(), moved)
    return moved
  }
}

/** An employer of its own for each history, and one before it whose money lies on the same cards. */
export class Company {
  readonly lists = new Set<string>()
  readonly batches: number[] = []

  readonly world: WelfareSetting
  readonly code: string
  readonly members: readonly Member[]
  readonly times: Times

  private constructor(world: WelfareSetting, code: string, members: readonly Member[], times: Times) {
    this.times = times
    this.world = world
    this.code = code
    this.members = members
  }

  static async founded(world: WelfareSetting, history: number, times: Times): Promise<Company> {
    const [code, earlier] = [`NOW${history}`, `BEFORE${history}`]
    const { office } = world
    for (const one of [code, earlier]) {
      await world.rows(`INSERT INTO counterparties (code, name, state) VALUES ('${one}', '${one}', 'open')`)
      await ok(makeEmployer(office, OLA, { ...employer(one), yearlyLimit: YEARLY }))
    }
    const cards = await world.soldCards(PEOPLE, OWN)
    const people = (of: string) => cards.map(({ number }, i) => `${of}${i},Person ${i},${number}`)
    const listed = (of: string) => csv('people.csv', 'employee,name,card', ...people(of))
    await ok(importEmployees(office, OLA, { employer: earlier, file: listed('B') }))
    const loads = cards.map((_, i) => `B${i},${FOREIGN / 100}`)
    await world.booked(csv('before.csv', 'employee,amount', ...loads), ['all_amounts_equal'], earlier)
    for (const i of cards.keys()) await ok(linkCard(office, OLA, { employer: earlier, number: `B${i}`, card: null }))
    await ok(importEmployees(office, OLA, { employer: code, file: listed('N') }))
    const members = cards.map(
      (card, i) =>
        new Member(`N${i}`, card, [
          { from: 'own', left: OWN },
          { from: 'foreign', left: FOREIGN },
        ]),
    )
    times.today().welfare += PEOPLE * FOREIGN
    return new Company(world, code, members, times)
  }

  of(who: number): Member {
    const member = this.members[who]
    if (member === undefined) throw new Error(`nobody is number ${who}`)
    return member
  }

  private stan = 0
  async topUp({ card }: Member, amount: number): Promise<Result> {
    const { setting, office, dated } = this.world
    const about = {
      kind: KIND.financial,
      terminal: `T${this.code}`,
      stan: ++this.stan,
      confirmation: 'none',
    } as const
    return (await office.submit(dated(setting.request(setting.operation('top_up', card, amount), about)))).result
  }
}

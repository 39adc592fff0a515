import type { Fact } from '../../../../src/core/reports/fact.ts'
import type { Journal, Noted } from './proof-journal.ts'
import type { Paid, Welfare } from './proof-people.ts'

/*
 * Computes every report from the journal of messages, row by row and as simply as possible. Keys are the words of a row,
 * values its figures; rows of zeros are left out.
 */

export type Figures = Readonly<Record<string, readonly number[]>>

const LETTERS: Readonly<Record<number, string>> = { 985: 'PLN', 978: 'EUR' }
export const lettersOf = (currency: number): string => LETTERS[currency] ?? String(currency)

type Line = readonly [key: string, values: readonly number[]]

/** Sums under a key, without what is all zero. */
function sums(items: Iterable<Line>): Figures {
  const all = new Map<string, number[]>()
  for (const [key, values] of items) {
    const before = all.get(key)
    all.set(key, before === undefined ? [...values] : before.map((value, i) => value + (values[i] ?? 0)))
  }
  const kept = [...all].filter(([, values]) => values.some((value) => value !== 0))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export type Period = { readonly from: string; readonly to: string; readonly stores?: readonly string[] | null }
const isIn = ({ from, to }: Period, day: string): boolean => day >= from && day <= to
const isOf = ({ stores }: Period, store: string): boolean => stores == null || stores.includes(store)

const AT_TILLS = new Set(['sale', 'payment', 'top_up', 'refund', 'cash_out'])
const RECEIVABLE = new Set(['sale', 'top_up'])
const GIVES = new Set(['sale', 'top_up', 'refund'])

const issueOf = (journal: Journal, fact: Fact): string => journal.cards.get(fact.card?.id ?? 0)?.issue ?? ''

/** The presented card's gain. */
const gain = ({ operation, card, credit, debit, amount }: Fact): number =>
  operation === 'duplicate' ? 0 : credit === card?.id ? amount : debit === card?.id ? -amount : 0

/** Does an undoing take back, or bring back what was taken back? */
const undoneBy = (fact: Fact): number => (gain(fact) > 0 !== GIVES.has(fact.operation) ? 1 : -1)

export function activity(journal: Journal, period: Period, byOriginalDay = false): Figures {
  return sums(
    journal.facts.flatMap((fact): Line[] => {
      const { operation, store, channel, currency, undoes, role, amount } = fact
      const day = byOriginalDay ? fact.originalDay : fact.day
      if (!AT_TILLS.has(operation) || !isIn(period, day) || !isOf(period, store)) return []
      const key = [day, store, issueOf(journal, fact), channel, operation, lettersOf(currency)].join(' ')
      if (!undoes) return [[key, [1, amount, 0, 0]]]
      const sign = undoneBy(fact)
      return [[key, [0, 0, role === 'confirms' ? 0 : sign, sign * amount]]]
    }),
  )
}

const COLUMNS = {
  sale: 0, top_up: 1, refund: 2, pack_sale: 3, welfare_load: 4, welfare_recall: 5, payment: 6, cash_out: 7, expiry: 8, extension: 8,
  adjustment_credit: 9, adjustment_debit: 9,
} as const satisfies Partial<Record<Fact['operation'], number>> // prettier-ignore

/** opening, ten steps, closing. */
export function rollForward(journal: Journal, period: Period): Figures {
  const { from, to } = period
  return sums(
    journal.facts.flatMap((fact): Line[] => {
      if (fact.day > to || !isOf(period, fact.sale?.store ?? '')) return []
      const values = Array.from({ length: 12 }, () => 0)
      const [amount, column] = [gain(fact), COLUMNS[fact.operation as keyof typeof COLUMNS]]
      if (column === undefined) return []
      values[fact.day < from ? 0 : column + 1] = amount
      values[11] = amount
      return [[`${issueOf(journal, fact)} ${lettersOf(fact.currency)}`, values]]
    }),
  )
}

const AGES = [30, 90, 180, 365, 730] as const
export function age(from: string | null, to: string): string {
  if (from === null) return ''
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
  const most = AGES.find((bound) => days <= bound)
  return most === undefined ? '>730' : `≤${most}`
}

type Standing = { ledger: number; waiting: number; last: string; sale: Noted['sale'] }

/** Each card at the end of a day. */
function standings(journal: Journal, day: string): Map<number, Standing> {
  const all = new Map<number, Standing>()
  const of = (card: number): Standing => {
    const known = all.get(card) ?? { ledger: 0, waiting: 0, last: '', sale: null }
    all.set(card, known)
    return known
  }
  for (const fact of journal.facts) {
    if (fact.day > day) continue
    for (const [card, sign] of [[fact.credit, 1], [fact.debit, -1]] as const) {
      if (card < 1_000_000) continue
      const one = of(card)
      one.ledger += sign * fact.amount
      if (fact.day > one.last) one.last = fact.day
      if (fact.card?.id === card) one.sale = fact.sale
      else if (fact.operation === 'duplicate' && sign === 1 && fact.sells) one.sale = fact.sale
    }
  } // prettier-ignore
  for (const { card, amount, day: from, until } of journal.waits) {
    if (from <= day && (until === null || until > day)) of(card).waiting += amount
  }
  return all
}

/** ledger, unconfirmed, cards by issue, store of sale, currency and age. */
export function liability(journal: Journal, day: string, by: 'sale' | 'activity' | 'validity'): Figures {
  return sums(
    [...standings(journal, day)].flatMap(([id, { ledger, waiting, last, sale }]): Line[] => {
      const card = journal.cards.get(id)
      if (card === undefined || ledger === 0) return []
      const from = by === 'sale' ? (sale?.on ?? null) : last
      const old = by === 'validity' ? (card.validUntil === null ? '' : age(day, card.validUntil)) : age(from, day)
      return [[[card.issue, sale?.store ?? '', lettersOf(card.currency), old].join(' '), [ledger, waiting, 1]]]
    }),
  )
}

/** receivable, payable, net by store and currency. */
export function settlement(journal: Journal, period: Period): Figures {
  return sums(
    journal.facts.flatMap((fact): Line[] => {
      const { operation, day, store, currency } = fact
      if (!AT_TILLS.has(operation) || !isIn(period, day) || !isOf(period, store)) return []
      const amount = gain(fact)
      const values = RECEIVABLE.has(operation) ? [amount, 0, amount] : [0, -amount, amount]
      return [[`${store} ${lettersOf(currency)}`, values]]
    }),
  )
}

/** The debts of counterparties: opening, packs, welfare, recalled, payments, balance. */
export function counterparties(journal: Journal, paid: readonly Paid[], { from, to }: Period): Figures {
  const columns: Readonly<Record<string, number>> = { pack_sale: 1, welfare_load: 2, welfare_recall: 3 }
  const row = (day: string, column: number, amount: number): readonly number[] => {
    const values = [0, 0, 0, 0, 0, amount]
    values[day < from ? 0 : column] = amount
    return values
  }
  return sums([
    ...journal.facts.flatMap((fact): Line[] => {
      const column = columns[fact.operation]
      if (column === undefined || fact.day > to) return []
      return [[`${fact.store} ${lettersOf(fact.currency)}`, row(fact.day, column, gain(fact))]]
    }),
    ...paid.filter(({ day }) => day <= to).map(({ day, amount }) => ['ACME PLN', row(day, 4, -amount)] as const),
  ])
}

/** cards, loaded, recalled by batch and recall. */
export const welfare = (all: readonly Welfare[], period: Period): Figures =>
  sums(
    all.filter(({ day }) => isIn(period, day)).map(({ batch, recall, day, count, loaded, recalled }) => [
      `ACME ${batch ?? ''} ${recall ?? ''} ${day} PLN`,
      [count, loaded, recalled],
    ] as const),
  ) // prettier-ignore

export const declines = (journal: Journal, period: Period): Figures =>
  sums(
    journal.declines.filter(({ day }) => isIn(period, day)).map(({ store, terminal, reason }) => [
      `${reason} ${store} ${terminal}`,
      [1],
    ] as const),
  ) // prettier-ignore

/** By the timer, cases opened and cleared; `now`: what is open too, with its amount. */
export function unconfirmed(journal: Journal, period: Period): Figures {
  const at = ({ request, card }: { request: { key: { store: string; terminal: string } }; card: { currency: number } }) =>
    `${request.key.store} ${request.key.terminal} ${lettersOf(card.currency)}`
  const open = [...journal.entries.values()].filter(({ status }) => status === 'unconfirmed')
  return sums([
    ...open.map((entry) => [at(entry), [1, entry.fact.amount, 0, 0, 0]] as const),
    ...journal.facts
      .filter(({ role, channel, day }) => role === 'reverses' && channel === 'job' && isIn(period, day))
      .flatMap(({ originalId }): Line[] => {
        const entry = journal.entries.get(originalId ?? 0)
        return entry === undefined ? [] : [[at(entry), [0, 0, 1, 0, 0]]]
      }),
    ...journal.cases.flatMap(({ entry, opened, closed }) => [
      [at(entry), [0, 0, 0, isIn(period, opened) ? 1 : 0, closed !== null && isIn(period, closed) ? 1 : 0]] as const,
    ]),
  ])
} // prettier-ignore

/** refunds, cancellations, keyed by store, terminal and hour. */
export function cashiers(journal: Journal, day: string, offsetMs: number): Figures {
  const all = new Map<string, number[]>()
  for (const { day: on, at, store, terminal, what } of journal.acts) {
    // Hours without a refund or a cancellation are left out.
    if (on !== day || (what !== 'refund' && what !== 'cancel')) continue
    const hour = new Date(at + offsetMs).toISOString().slice(11, 13)
    const key = `${store} ${terminal} ${hour}`
    const before = all.get(key) ?? [0, 0, 0]
    all.set(key, [(before[0] ?? 0) + Number(what === 'refund'), (before[1] ?? 0) + Number(what === 'cancel'), 0])
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Payments of a year, net, by currency: number and amount. */
export function network(journal: Journal, day: string): Figures {
  const from = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`
  return sums(
    journal.facts.flatMap(({ operation, undoes, role, amount, currency, day: on, ...fact }): Line[] => {
      if (operation !== 'payment' || on > day || on <= from) return []
      if (!undoes) return [[lettersOf(currency), [1, amount]]]
      const sign = undoneBy({ ...fact, operation, undoes, role, amount, currency, day: on })
      return [[lettersOf(currency), [role === 'confirms' ? 0 : -sign, -sign * amount]]]
    }),
  )
}

const USED = new Set(['payment', 'cash_out', 'refund'])

/** loaded, used, used within 1, 3, 6, 12 months, expired, released, remaining by issue and month of sale. */
export function breakage(journal: Journal, day: string): Figures {
  return sums(
    journal.facts.flatMap((fact): Line[] => {
      const { operation, sale, currency, day: on } = fact
      const amount = gain(fact)
      if (on > day || sale === null || amount === 0) return []
      const key = `${issueOf(journal, fact)} ${lettersOf(currency)} ${sale.on.slice(0, 7)}`
      const months = monthsBetween(sale.on, on)
      const used = USED.has(operation) ? -amount : 0
      const within = [1, 3, 6, 12].map((by) => (months < by ? used : 0))
      const [expired, released] = [operation === 'expiry' ? -amount : 0, operation === 'extension' ? amount : 0]
      const loaded = used === 0 && expired === 0 && released === 0 ? amount : 0
      return [[key, [loaded, used, ...within, expired, released, amount]]]
    }),
  )
}

/** Whole months, as calendars count them. */
function monthsBetween(from: string, to: string): number {
  const [a = 0, b = 0, c = 0] = from.split('-').map(Number)
  const [d = 0, e = 0, f = 0] = to.split('-').map(Number)
  return (d - a) * 12 + (e - b) - (f < c ? 1 : 0)
}

/** Cards by issue, state: number and ledger. */
export const cards = (journal: Journal): Figures =>
  sums([...journal.cards.values()].map(({ issue, state, ledger }) => [`${issue} ${state}`, [1, ledger]] as const))

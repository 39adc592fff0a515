import type { Fact } from '../../core/reports/fact.ts'
import { salesUntil } from '../../db/reports/sales-until.ts'
import {
  AGE_BOUNDS,
  type AgedSum,
  type CardAt,
  selectCardsAt,
  selectDaySums,
  selectKeptSums,
  selectMovedSums,
  selectSoldLater,
  selectWaiting,
  selectWaitingSoldLater,
  toAgedSum,
  toCardAt,
} from '../../db/sql/card-ages.ts'
import { selectBaseOf } from '../../db/sql/month-ends.ts'
import { lastKeptDay } from './card-days.ts'
import {
  column,
  type Definition,
  grouped,
  isIn,
  issueCode,
  issueCurrency,
  type Question,
  type ReportOptions,
  sortedBy,
} from './definition.ts'
import type { Figures } from './report.ts'
import type { Snapshot } from './snapshot.ts'

export const LIABILITY: Definition = {
  title: { en: 'Liability', pl: 'Zobowiązania z kart' },
  about: {
    en: 'What cards hold at the end of a day, by issue, store of sale and age; unconfirmed money is part of the ledger balance and not available.',
    pl: 'Co jest na kartach na koniec dnia, według emisji, sklepu sprzedaży i wieku; środki niepotwierdzone są w saldzie księgowym, a nie są dostępne.',
  },
  definition: 1,
  ownStores: false,
  time: 'day',
  filters: ['stores', 'issues'],
  columns: [
    column('issue', 'text', 'Issue', 'Emisja'),
    column('store', 'text', 'Store of sale', 'Sklep sprzedaży'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('age', 'text', 'Age in days', 'Wiek w dniach'),
    column('ledger', 'money', 'Ledger', 'Saldo księgowe'),
    column('unconfirmed', 'money', 'Unconfirmed', 'Niepotwierdzone'),
    column('cards', 'count', 'Cards', 'Karty'),
  ],
  chart: { by: 'age', value: 'ledger' },
  figures,
}

/** In their order. */
const AGES: readonly string[] = ['', ...AGE_BOUNDS.map((most) => `≤${most}`), '>730']

/** `≤30` … `≤730`, `>730`; empty where nothing is known that it could be counted from. */
function ageOf(from: string | null, asOf: string): string {
  if (from === null) return ''
  const days = Math.round((Date.parse(asOf) - Date.parse(from)) / 86_400_000)
  const bound = AGE_BOUNDS.find((most) => days <= most)
  return bound === undefined ? '>730' : `≤${bound}`
}

type AgeBy = ReportOptions['ageBy']

async function figures({ office, snapshot, filter, scope, options }: Question): Promise<Figures> {
  const asOf = filter.asOf ?? snapshot.exactAsOf.at.slice(0, 10)
  const sums = await agedSumsAt(snapshot, { asOf, ageBy: options.ageBy, issues: scope.issues })
  const rows = grouped(
    sums.filter(({ soldIn }) => isIn(scope.stores, soldIn)),
    ({ issueId, soldIn, age }) => [issueId, soldIn, age].join('\n'),
    ({ issueId, soldIn, age }) => ({
      issue: issueCode(office, issueId),
      store: soldIn,
      currency: issueCurrency(office, issueId),
      age,
      ledger: 0,
      unconfirmed: 0,
      cards: 0,
    }),
    (row, { ledger, unconfirmed, cards }) => ({
      ...row,
      ledger: row.ledger + ledger,
      unconfirmed: row.unconfirmed + unconfirmed,
      cards: row.cards + cards,
    }),
  )
  const some = rows.filter(({ ledger, unconfirmed, cards }) => ledger !== 0 || unconfirmed !== 0 || cards !== 0)
  const byAge = some.toSorted((a, b) => AGES.indexOf(a.age) - AGES.indexOf(b.age))
  return { rows: sortedBy(byAge, 'issue', 'store') }
}

/** The days that ages are counted from. */
type Dates = Pick<CardAt, 'soldOn' | 'movedOn' | 'validUntil'>

const ageIn = ({ soldOn, movedOn, validUntil }: Dates, { asOf, ageBy }: Pick<Aged, 'asOf' | 'ageBy'>): string =>
  ageBy === 'sale'
    ? ageOf(soldOn, asOf)
    : ageBy === 'activity'
      ? ageOf(movedOn, asOf)
      : validUntil === null
        ? ''
        : ageOf(asOf, validUntil)

type Aged = { readonly asOf: string; readonly ageBy: AgeBy; readonly issues: readonly number[] | null }

/**
 * What cards held at the end of a day, by age: as at the latest end of a month that is kept, what the days since that are kept
 * changed, and what moved on the one or two last ones. Cards that
 * something moves which is not folded yet are told one by one, so that a movement of a moment ago counts like any other.
 */
async function agedSumsAt({ connection, unfolded, lastDay }: Snapshot, selection: Aged): Promise<AgedSum[]> {
  const { asOf } = selection
  const late = lateMoves(unfolded.facts, asOf)
  const fresh = new Map(unfolded.sales.filter(({ soldOn }) => soldOn <= asOf).map((sale) => [sale.cardId, sale]))
  const singles = [...new Set([...late.keys(), ...unfolded.sales.map(({ cardId }) => cardId)])]
  const [[base] = []] = await connection.send(selectBaseOf(asOf))
  const month = typeof base?.[0] === 'string' ? base[0] : null
  const at = { ...selection, base: month, until: await lastKeptDay(connection, month, asOf) }
  const isNow = lastDay === null || asOf >= lastDay
  const [kept = [], after = [], before = [], moved = [], waiting = []] = await connection.send(
    [selectKeptSums(at), ...selectDaySums(at), selectMovedSums(at, singles), selectWaiting(at, isNow, singles)].join(
      ';',
    ),
  )
  const isSoldLater = (row: readonly unknown[]): boolean => Number(row[6]) === 1
  const sums = [...kept, ...after, ...before, ...[...moved, ...waiting].filter((row) => !isSoldLater(row))].map(
    toAgedSum,
  )
  const [again = []] = moved.some(isSoldLater) ? await connection.send(selectSoldLater(at, singles)) : []
  const [waitingAgain = []] = waiting.some(isSoldLater)
    ? await connection.send(selectWaitingSoldLater(at, isNow, singles))
    : []
  const movedAgain = new Set(again.map(([card]) => Number(card)))
  const cards = [...new Set([...singles, ...movedAgain, ...waitingAgain.map(([card]) => Number(card))])]
  const single = new Set(singles)
  for (let i = 0; i < cards.length; i += LOT) {
    const [rows = []] = await connection.send(selectCardsAt(at, isNow, cards.slice(i, i + LOT)))
    const read = rows.map(toCardAt)
    const later = read.filter(({ cardId, soldOn }) => !fresh.has(cardId) && soldOn !== null && soldOn > asOf)
    const earlier = await salesUntil(connection, later.map(({ cardId }) => cardId), asOf) // prettier-ignore
    for (const { cardId, issueId, before, ...now } of read) {
      const more = late.get(cardId)
      const { soldIn, soldOn } = fresh.get(cardId) ?? earlier.get(cardId) ?? now
      const movedOn = more === undefined || more.day < (now.movedOn ?? '') ? now.movedOn : more.day
      const age = ageIn({ soldOn, movedOn, validUntil: now.validUntil }, at)
      const ledger = now.ledger + (more?.amount ?? 0)
      const { unconfirmed } = now
      if (!single.has(cardId) && !movedAgain.has(cardId)) {
        // Its money is already in the sums of the kept figures.
        sums.push({ issueId, soldIn, age, ledger: 0, unconfirmed, cards: 0 })
        continue
      }
      if (before !== null && single.has(cardId)) {
        sums.push({ issueId, soldIn: before.soldIn, age: ageIn(before, at), ledger: -before.ledger, unconfirmed: 0, cards: before.ledger === 0 ? 0 : -1 }) // prettier-ignore
      }
      if (ledger !== 0) sums.push({ issueId, soldIn, age, ledger, unconfirmed, cards: 1 })
    }
  }
  return sums
}

/** Movements of cards until a day that are not folded yet: their amount, and the last day. */
function lateMoves(
  facts: readonly Fact[],
  asOf: string,
): Map<number, { readonly amount: number; readonly day: string }> {
  const late = new Map<number, { amount: number; day: string }>()
  const move = (card: number, amount: number, day: string): void => {
    const known = late.get(card) ?? { amount: 0, day: '' }
    if (card > FIRST_CARD) late.set(card, { amount: known.amount + amount, day: day > known.day ? day : known.day })
  }
  for (const { day, credit, debit, amount } of facts) {
    if (day > asOf) continue
    move(credit, amount, day)
    move(debit, -amount, day)
  }
  return late
}

const FIRST_CARD = 1_000_000
const LOT = 5_000

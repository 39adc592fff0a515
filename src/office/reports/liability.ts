import { readFacts } from '../../db/reports/sums.ts'
import type { CardSale } from '../../db/sql/report-facts.ts'
import {
  type CardSum,
  selectCardSums,
  selectSoldAgainAfter,
  selectTransfersOf,
  toCardSum,
} from '../../db/sql/report-queries.ts'
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

const BOUNDS = [30, 90, 180, 365, 730] as const

/** `≤30` … `≤730`, `>730`; empty where nothing is known that it could be counted from. */
export function ageOf(from: string | null, asOf: string): string {
  if (from === null) return ''
  const days = Math.round((Date.parse(asOf) - Date.parse(from)) / 86_400_000)
  const bound = BOUNDS.find((most) => days <= most)
  return bound === undefined ? '>730' : `≤${bound}`
}

async function figures({ office, snapshot, filter, scope, options }: Question): Promise<Figures> {
  const asOf = filter.asOf ?? snapshot.exactAsOf.at.slice(0, 10)
  const sums = await cardSumsAt(snapshot, asOf, scope.issues, options.ageBy === 'activity')
  const rows = grouped(
    sums.filter(({ soldIn }) => isIn(scope.stores, soldIn)),
    ({ issueId, soldIn, ...sum }) => [issueId, soldIn, ageIn(sum, asOf, options.ageBy)].join('\n'),
    (sum) => ({
      issue: issueCode(office, sum.issueId),
      store: sum.soldIn,
      currency: issueCurrency(office, sum.issueId),
      age: ageIn(sum, asOf, options.ageBy),
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
  return { rows: sortedBy(rows, 'issue', 'store', 'age') }
}

type Dates = Pick<CardSum, 'soldOn' | 'movedOn' | 'validUntil'>
type AgeBy = ReportOptions['ageBy']

/** Days since the sale or the last transfer, or days that the card is still valid. */
const AGES = {
  sale: ({ soldOn }, asOf) => ageOf(soldOn, asOf),
  activity: ({ movedOn }, asOf) => ageOf(movedOn, asOf),
  validity: ({ validUntil }, asOf) => (validUntil === null ? '' : ageOf(asOf, validUntil)),
} as const satisfies Record<AgeBy, (dates: Dates, asOf: string) => string>

const ageIn = (dates: Dates, asOf: string, by: AgeBy): string => AGES[by](dates, asOf)

/**
 * Cards with money at the end of a day. Unfolded transactions are applied card by card, so that recent ones count too.
 * `withMoves`: with the day of the last transfer, which requires reading all transfers.
 */
export async function cardSumsAt(
  { connection, unfolded, lastDay, bookedLoads }: Snapshot,
  asOf: string,
  issues: readonly number[] | null,
  withMoves = false,
): Promise<CardSum[]> {
  const day = lastDay !== null && asOf < lastDay ? asOf : null
  const resold = new Map(unfolded.sales.map((sale) => [sale.cardId, sale]))
  const moved = new Map<number, number>()
  const movedOn = new Map<number, string>()
  const add = (card: number, amount: number): void => {
    if (card > FIRST_CARD) moved.set(card, (moved.get(card) ?? 0) + amount)
  }
  for (const fact of unfolded.facts) {
    // A booked load is not on its card yet; an unfolded one is, but was not at the end of an earlier day.
    const sign = (fact.day <= asOf ? 0 : -1) + (bookedLoads.has(fact.id) ? 1 : 0)
    add(fact.credit, sign * fact.amount)
    add(fact.debit, -sign * fact.amount)
    if (fact.day <= asOf) {
      for (const card of [fact.credit, fact.debit]) movedOn.set(card, latest(movedOn.get(card), fact.day))
    }
  }
  const [again = []] = day === null ? [] : await connection.send(selectSoldAgainAfter(day))
  const singles = [...new Set([...resold.keys(), ...moved.keys(), ...again.map(([id]) => Number(id))])]
  const [many = []] = await connection.send(selectCardSums(day, { issues, but: singles, moved: withMoves }))
  const sums = many.map(toCardSum)
  for (let i = 0; i < singles.length; i += LOT) {
    const [rows = []] = await connection.send(
      selectCardSums(day, { issues, only: singles.slice(i, i + LOT), moved: withMoves }),
    )
    const single = rows.map(toCardSum).map((sum) => {
      const fresh = resold.get(sum.firstCard)
      return fresh !== undefined && fresh.soldOn <= asOf ? { ...sum, ...saleOf(fresh) } : sum
    })
    const later = single.filter(({ soldOn }) => soldOn !== null && soldOn > asOf).map(({ firstCard }) => firstCard)
    const earlier = await salesUntil(connection, later, asOf)
    for (const sum of single) {
      const ledger = sum.ledger + (moved.get(sum.firstCard) ?? 0)
      const sold = saleOf(earlier.get(sum.firstCard))
      const last = latest(sum.movedOn ?? undefined, movedOn.get(sum.firstCard) ?? '') || null
      if (ledger !== 0) sums.push({ ...sum, ...sold, movedOn: withMoves ? last : null, ledger, cards: 1 })
    }
  }
  return sums
}

const saleOf = (sale: CardSale | undefined): Partial<Pick<CardSum, 'soldIn' | 'soldOn'>> =>
  sale === undefined ? {} : { soldIn: sale.soldIn, soldOn: sale.soldOn }

/** The sales of cards that stood at the end of a day, of those that were sold again since too. */
async function salesUntil(
  connection: Snapshot['connection'],
  cards: readonly number[],
  day: string,
): Promise<Map<number, CardSale>> {
  const last = new Map<number, { readonly seq: number; readonly sale: CardSale }>()
  for (let i = 0; i < cards.length; i += LOT) {
    const [rows = []] = await connection.send(selectTransfersOf(cards.slice(i, i + LOT), day))
    const { facts, sales } = await readFacts(connection, { ids: rows.map(([id]) => Number(id)) })
    for (const fact of facts) {
      const sale = sales.ofFact(fact)
      if (fact.card === null || sale === null || fact.card.seq < (last.get(fact.card.id)?.seq ?? 0)) continue
      last.set(fact.card.id, { seq: fact.card.seq, sale })
    }
  }
  return new Map([...last].map(([card, { sale }]) => [card, sale]))
}

const latest = (a = '', b: string): string => (a > b ? a : b)

const FIRST_CARD = 1_000_000
const LOT = 5_000

import { shownNumber } from '../cards/number.ts'
import { currencyOf } from '../core/currency.ts'
import { selectFoundCards, cardOrder, countFoundCards, toFoundCard } from '../db/sql/card-search.ts'
import type { Row } from '../db/sql/row.ts'
import {
  countFoundTransactions,
  selectFoundTransactions,
  toFoundTransaction,
  transactionOrder,
} from '../db/sql/transaction-search.ts'
import type { CardCriteria, CardOrder, FoundCard } from './card-lists.ts'
import { responseOf } from './result-codes.ts'
import type { FoundTransaction, TransactionCriteria, TransactionOrder } from './transaction-lists.ts'
import { plainText, type Cell } from './xlsx.ts'

const decimal = (value: number, currency: number): number => value / 10 ** currencyOf(currency).exponent
const instantText = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** `serials`: the person may see serials that reveal the number. */
type Column<Item> = { readonly head: string; readonly cell: (item: Item, serials: boolean) => Cell }

/** By the ids that the screen gives its columns; money stands beside its currency. */
const CARD_COLUMNS: Readonly<Record<string, Column<FoundCard>>> = {
  card: { head: 'Card', cell: ({ firstSix, lastFour }) => shownNumber(firstSix, lastFour) },
  issue: { head: 'Issue', cell: ({ issue }) => issue },
  serial: { head: 'Serial', cell: ({ serial, sequential }, serials) => (serials || !sequential ? serial : null) },
  pack: { head: 'Pack', cell: ({ pack }) => pack },
  state: { head: 'State', cell: ({ state, block }) => (block === null ? state : `${state}, blocked: ${block}`) },
  balance: { head: 'Balance', cell: ({ ledger, currency }) => decimal(ledger, currency) },
  available: { head: 'Available', cell: ({ available, currency }) => decimal(available, currency) },
  sold: { head: 'Sold', cell: ({ soldAt }) => instantText(soldAt) },
  soldIn: { head: 'Sold in', cell: ({ soldIn }) => soldIn },
  used: { head: 'Last used', cell: ({ usedAt }) => instantText(usedAt) },
  validUntil: { head: 'Valid until', cell: ({ validUntil }) => validUntil },
  suspected: { head: 'Suspected', cell: ({ suspectedAt }) => instantText(suspectedAt) },
}

const TRANSACTION_COLUMNS: Readonly<Record<string, Column<FoundTransaction>>> = {
  time: { head: 'Time', cell: ({ at }) => instantText(at) },
  store: { head: 'Store', cell: ({ store }) => store },
  terminal: { head: 'Terminal', cell: ({ terminal }) => terminal },
  operation: { head: 'Operation', cell: ({ operation, role }) => operation ?? role },
  card: {
    head: 'Card',
    cell: ({ firstSix, lastFour }) => shownNumber(firstSix, lastFour),
  },
  amount: {
    head: 'Amount',
    cell: ({ amount, credits, currency }) => (currency === null ? null : decimal(credits ? amount : -amount, currency)),
  },
  response: { head: 'Response', cell: ({ result }) => responseOf(result) },
  state: { head: 'State', cell: ({ state }) => state },
  reference: { head: 'Reference', cell: ({ rrn }) => rrn },
  day: { head: 'Business day', cell: ({ businessDate }) => businessDate },
  approvalCode: { head: 'Approval code', cell: ({ approvalCode }) => approvalCode },
  stan: { head: 'STAN', cell: ({ stan }) => stan },
  entryMode: { head: 'Entry mode', cell: ({ entryMode }) => entryMode },
  channel: { head: 'Channel', cell: ({ channel }) => channel },
  who: { head: 'Who', cell: ({ who }) => who },
  hasCase: { head: 'Has a case', cell: ({ hasCase }) => (hasCase ? 'yes' : '') },
}

/** Criteria and order of a list, as far as the person may see it. */
export type ListInput = { readonly descending: boolean } & (
  | { readonly list: 'cards'; readonly criteria: CardCriteria; readonly order: CardOrder }
  | { readonly list: 'transactions'; readonly criteria: TransactionCriteria; readonly order: TransactionOrder }
)

export const selectListed = (input: ListInput, most: number): string =>
  input.list === 'cards'
    ? selectFoundCards(input.criteria, cardOrder(input.order, input.descending), null, most)
    : selectFoundTransactions(input.criteria, transactionOrder(input.order, input.descending), null, most)

export const countListed = (input: ListInput, most: number): string =>
  input.list === 'cards' ? countFoundCards(input.criteria, most) : countFoundTransactions(input.criteria, most)

/** Rows of the database as rows of a file, and the sums of their money for each currency. */
export type ListTable = {
  readonly head: readonly Cell[]
  readonly cells: (rows: readonly Row[]) => Cell[][]
  readonly sums: () => { readonly currency: number; readonly value: number }[]
}

export function listTable(
  list: ListInput['list'],
  wanted: readonly string[],
  { serials }: { readonly serials: boolean },
): ListTable {
  return list === 'cards'
    ? tableOf(CARD_COLUMNS, wanted, serials, toFoundCard, ({ available }) => available)
    : tableOf(TRANSACTION_COLUMNS, wanted, serials, toFoundTransaction, ({ amount, credits }) =>
        credits ? amount : -amount,
      )
}

function tableOf<Item extends { readonly currency: number | null }>(
  known: Readonly<Record<string, Column<Item>>>,
  wanted: readonly string[],
  serials: boolean,
  read: (row: Row) => Item,
  moneyOf: (item: Item) => number,
): ListTable {
  const ids = wanted.filter((id) => Object.hasOwn(known, id))
  const columns = (ids.length === 0 ? Object.keys(known) : ids).flatMap((id) => known[id] ?? [])
  const sums = new Map<number, number>()
  const cellsOf = (row: Row): Cell[] => {
    const item = read(row)
    const { currency } = item
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0) + moneyOf(item))
    const letters = currency === null ? null : currencyOf(currency).letters
    return [...columns.map(({ cell }) => plainText(cell(item, serials))), letters]
  }
  return {
    head: [...columns.map(({ head }) => head), 'Currency'],
    cells: (rows) => rows.map(cellsOf),
    sums: () => [...sums].map(([currency, value]) => ({ currency, value })),
  }
}

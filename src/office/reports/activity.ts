import { STORE_OPERATIONS } from '../../core/operations.ts'
import { selectActivity, selectActivityRows, selectVoucherKinds, toVoucherKind } from '../../db/sql/report-queries.ts'
import {
  byDay,
  column,
  type Definition,
  grouped,
  inTurns,
  isIn,
  issueCode,
  isWithin,
  letters,
  type Question,
  sortedBy,
} from './definition.ts'
import type { Figures, ReportRow } from './report.ts'

type Cell = {
  readonly day: string
  readonly store: string
  readonly issueId: number
  readonly operation: string
  readonly channel: string
  readonly currency: number
  readonly count: number
  readonly amount: number
  readonly undoneCount: number
  readonly undoneAmount: number
}

export const ACTIVITY: Definition = {
  title: { en: 'Activity', pl: 'Obroty' },
  about: {
    en: 'Sales, payments, top-ups, refunds and cash-outs by booking day, store, issue and channel; what was taken back stands beside what was booked. With sales and top-ups: whether the cards are single-purpose (with the VAT rate) or multi-purpose vouchers.',
    pl: 'Sprzedaż, płatności, doładowania, zwroty i wypłaty według dnia księgowania, sklepu, emisji i kanału; obok tego, co zaksięgowano, stoi to, co cofnięto. Przy sprzedaży i doładowaniach: czy karty są bonami jednego przeznaczenia (ze stawką VAT), czy różnego przeznaczenia.',
  },
  definition: 2,
  changed: {
    en: 'Definition 2, November 2026: with the kind of voucher and its VAT rate; no figure has changed.',
    pl: 'Definicja 2, listopad 2026: z rodzajem bonu i stawką VAT; żadna kwota się nie zmieniła.',
  },
  ownStores: true,
  time: 'period',
  filters: ['stores', 'issues'],
  columns: [
    column('day', 'day', 'Day', 'Dzień'),
    column('store', 'text', 'Store', 'Sklep'),
    column('issue', 'text', 'Issue', 'Emisja'),
    column('channel', 'text', 'Channel', 'Kanał'),
    column('operation', 'text', 'Operation', 'Operacja'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('count', 'count', 'Number', 'Liczba'),
    column('amount', 'money', 'Amount', 'Kwota'),
    column('undoneCount', 'count', 'Undone, number', 'Cofnięte, liczba'),
    column('undoneAmount', 'money', 'Undone, amount', 'Cofnięte, kwota'),
    column('voucher', 'text', 'Kind of voucher', 'Rodzaj bonu'),
    column('vatRate', 'text', 'VAT rate, %', 'Stawka VAT, %'),
  ],
  kinds: { by: 'operation', order: [...STORE_OPERATIONS.keys()] },
  chart: { by: 'day', value: 'amount' },
  figures,
}

/** The operations that are a supply of vouchers. */
const LOADS: ReadonlySet<string> = new Set(['sale', 'top_up'])

async function figures(question: Question): Promise<Figures> {
  const { office, snapshot, scope, options } = question
  const operations = [...STORE_OPERATIONS.keys()]
  const [rows = [], kinds = []] = await snapshot.connection.send(
    `${options.byOriginalDay ? selectActivity(scope, 'original_day', operations) : selectActivityRows(scope, operations)};${selectVoucherKinds}`,
  )
  const days = new Map<string, Cell[]>()
  await inTurns(rows, LOT, (row) => addCell(days, row as KeptRow))
  for (const [day, cells] of byDay(unfoldedCells(question))) {
    // They are added to an existing sum, so no sum is there twice.
    days.set(day, together([...(days.get(day) ?? []), ...cells]))
  }
  const codes = new Map([...office.registry().issues.values()].map(({ id, code }) => [id, code]))
  const lettersOf = new Map([...office.registry().issues.values()].map(({ currency }) => [currency, letters(currency)]))
  const voucherOf = new Map(kinds.map(toVoucherKind).map((kind) => [kind.issueId, kind]))
  // Written out, because spreading the figures of a million rows took as long as all the other work on them.
  const told = (cell: Cell) => {
    const voucher = LOADS.has(cell.operation) ? voucherOf.get(cell.issueId) : undefined
    return {
      day: cell.day,
      store: cell.store,
      issue: codes.get(cell.issueId) ?? issueCode(office, cell.issueId),
      channel: cell.channel,
      operation: cell.operation,
      currency: lettersOf.get(cell.currency) ?? letters(cell.currency),
      count: cell.count,
      amount: cell.amount,
      undoneCount: cell.undoneCount,
      undoneAmount: cell.undoneAmount,
      voucher: voucher?.voucher ?? '',
      vatRate: voucher?.vatRate ?? '',
    }
  }
  // Day by day: the rows of a day are a thousandth of those of three years.
  const sorted: ReportRow[] = []
  await inTurns(
    [...days].sort(([a], [b]) => (a < b ? -1 : 1)),
    LOT_DAYS,
    ([, cells]) => {
      for (const row of sortedBy(cells.map(told), 'store', 'issue', 'channel', 'operation')) sorted.push(row)
    },
  )
  return { rows: sorted }
}

/** Lot sizes that take some milliseconds: of rows, and of the days of a large chain. */
const [LOT, LOT_DAYS] = [5_000, 5]

type KeptRow = readonly [string, string, number, string, string, number, number, number, number, number]

/** Adds a row of the database to its day: to the one before it where that is of the same. */
function addCell(days: Map<string, Cell[]>, row: KeptRow): void {
  const [day, store, issueId, operation, channel, currency, count, amount, undoneCount, undoneAmount] = row
  let cells = days.get(day)
  if (cells === undefined) days.set(day, (cells = []))
  const cell = { day, store, issueId, operation, channel, currency, count, amount, undoneCount, undoneAmount }
  const last = cells.at(-1)
  if (last !== undefined && isAlike(last, cell)) cells[cells.length - 1] = plus(last, cell)
  else cells.push(cell)
}

const isAlike = (a: Cell, b: Cell): boolean =>
  a.store === b.store &&
  a.issueId === b.issueId &&
  a.operation === b.operation &&
  a.channel === b.channel &&
  a.currency === b.currency

const plus = (sum: Cell, cell: Cell): Cell => ({
  ...sum,
  count: sum.count + cell.count,
  amount: sum.amount + cell.amount,
  undoneCount: sum.undoneCount + cell.undoneCount,
  undoneAmount: sum.undoneAmount + cell.undoneAmount,
})

const together = (cells: readonly Cell[]): Cell[] =>
  grouped(
    cells,
    ({ store, issueId, operation, channel, currency }) => [store, issueId, operation, channel, currency].join('\n'),
    (cell): Cell => ({ ...cell, count: 0, amount: 0, undoneCount: 0, undoneAmount: 0 }),
    plus,
  )

/** Transactions that are not in the sums yet. */
const unfoldedCells = ({ snapshot, scope, options }: Question): Cell[] =>
  snapshot.unfolded.sums.activity
    .map((sum): Cell => ({ ...sum, day: options.byOriginalDay ? sum.originalDay : sum.day }))
    .filter(
      (cell) =>
        isWithin(scope, cell.day) && isIn(scope.stores, cell.store) && isIn(scope.issues, cell.issueId) &&
        cell.issueId !== 0 && STORE_OPERATIONS.has(cell.operation),
    ) // prettier-ignore

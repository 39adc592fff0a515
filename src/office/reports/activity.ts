import { STORE_OPERATIONS } from '../../core/operations.ts'
import { selectActivity } from '../../db/sql/report-queries.ts'
import {
  column,
  type Definition,
  grouped,
  isIn,
  issueCode,
  isWithin,
  letters,
  type Question,
  sortedBy,
} from './definition.ts'
import type { Figures } from './report.ts'

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
    en: 'Sales, payments, top-ups, refunds and cash-outs by booking day, store, issue and channel; what was taken back stands beside what was booked.',
    pl: 'Sprzedaż, płatności, doładowania, zwroty i wypłaty według dnia księgowania, sklepu, emisji i kanału; obok tego, co zaksięgowano, stoi to, co cofnięto.',
  },
  definition: 1,
  ownStores: true,
  time: 'period',
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
  ],
  chart: { by: 'day', value: 'amount' },
  figures,
}

async function figures({ office, snapshot, scope, options }: Question): Promise<Figures> {
  const by = options.byOriginalDay ? 'original_day' : 'day'
  const [rows = []] = await snapshot.connection.send(selectActivity(scope, by, [...STORE_OPERATIONS.keys()]))
  const kept = rows.map((row): Cell => {
    const [day, store, issueId, operation, channel, currency, count, amount, undoneCount, undoneAmount] = row as [
      string, string, number, string, string, number, number, number, number, number,
    ] // prettier-ignore
    return { day, store, issueId, operation, channel, currency, count, amount, undoneCount, undoneAmount }
  })
  const unfolded = snapshot.unfolded.sums.activity
    .map((sum): Cell => ({ ...sum, day: options.byOriginalDay ? sum.originalDay : sum.day }))
    .filter(
      (cell) =>
        isWithin(scope, cell.day) && isIn(scope.stores, cell.store) && isIn(scope.issues, cell.issueId) &&
        cell.issueId !== 0 && STORE_OPERATIONS.has(cell.operation),
    ) // prettier-ignore
  const cells = grouped(
    [...kept, ...unfolded],
    ({ day, store, issueId, operation, channel, currency }) =>
      [day, store, issueId, operation, channel, currency].join('\n'),
    (cell): Cell => ({ ...cell, count: 0, amount: 0, undoneCount: 0, undoneAmount: 0 }),
    (sum, cell): Cell => ({
      ...sum,
      count: sum.count + cell.count,
      amount: sum.amount + cell.amount,
      undoneCount: sum.undoneCount + cell.undoneCount,
      undoneAmount: sum.undoneAmount + cell.undoneAmount,
    }),
  )
  return {
    rows: sortedBy(
      cells.map(({ day, store, issueId, channel, operation, currency, ...sums }) => ({
        day,
        store,
        issue: issueCode(office, issueId),
        channel,
        operation,
        currency: letters(currency),
        ...sums,
      })),
      ...(['day', 'store', 'issue', 'channel', 'operation'] as const),
    ),
  }
}

import { STORE_OPERATIONS } from '../../core/operations.ts'
import { selectActivity, selectVoucherKinds, toVoucherKind } from '../../db/sql/report-queries.ts'
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
  chart: { by: 'day', value: 'amount' },
  figures,
}

/** What is a supply of vouchers. */
const LOADS: ReadonlySet<string> = new Set(['sale', 'top_up'])

async function figures({ office, snapshot, scope, options }: Question): Promise<Figures> {
  const by = options.byOriginalDay ? 'original_day' : 'day'
  const [rows = [], kinds = []] = await snapshot.connection.send(
    `${selectActivity(scope, by, [...STORE_OPERATIONS.keys()])};${selectVoucherKinds}`,
  )
  const codes = new Map([...office.registry().issues.values()].map(({ id, code }) => [id, code]))
  const lettersOf = new Map([...office.registry().issues.values()].map(({ currency }) => [currency, letters(currency)]))
  const voucherOf = new Map(kinds.map(toVoucherKind).map((kind) => [kind.issueId, kind]))
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
  // What the database has summed up stays as it is, but for days onto which something comes.
  const touched = new Set(unfolded.map(({ day }) => day))
  const together = grouped(
    [...kept.filter(({ day }) => touched.has(day)), ...unfolded],
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
  const cells = [...kept.filter(({ day }) => !touched.has(day)), ...together]
  return {
    // Written out: to spread the figures of a million rows took as long as all else that is done with them.
    rows: sortedBy(
      cells.map((cell) => {
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
      }),
      ...(['day', 'store', 'issue', 'channel', 'operation'] as const),
    ),
  }
}

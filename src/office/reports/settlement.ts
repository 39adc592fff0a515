import { STORE_OPERATIONS } from '../../core/operations.ts'
import type { Spent } from '../../core/reports/portions.ts'
import { type Scope, selectSettledAmounts } from '../../db/sql/report-queries.ts'
import { selectMatrix, toMatrixSum } from '../../db/sql/report-spans.ts'
import { column, type Definition, grouped, isIn, isWithin, letters, type Question, sortedBy } from './definition.ts'
import type { Figures, MatrixRow } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import { coverOf } from './spans.ts'
import { spentOn } from './spending.ts'

export const SETTLEMENT: Definition = {
  title: { en: 'Settlement', pl: 'Rozliczenie sklepów' },
  about: {
    en: 'What each store took in for cards, what it gave goods for, and the difference; the matrix says where the money that was spent came from.',
    pl: 'Co każdy sklep przyjął za karty, za co wydał towar, i różnica; macierz mówi, skąd pochodziły wydane środki.',
  },
  definition: 1,
  ownStores: false,
  time: 'period',
  filters: ['stores', 'issues'],
  columns: [
    column('store', 'text', 'Store', 'Sklep'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('receivable', 'money', 'Receivable', 'Należne od sklepu'),
    column('payable', 'money', 'Payable', 'Należne sklepowi'),
    column('net', 'money', 'Net', 'Saldo'),
  ],
  chart: { by: 'store', value: 'net' },
  figures,
}

type Settled = {
  readonly store: string
  readonly currency: number
  readonly receivable: number
  readonly payable: number
}

/** Receipts and payments of stores for our cards in a scope. */
export async function settledIn({ connection, unfolded }: Snapshot, scope: Scope): Promise<Settled[]> {
  const operations = [...STORE_OPERATIONS.keys()]
  const [rows = []] = await connection.send(selectSettledAmounts(scope, operations))
  const kept = rows.map((row) => {
    const [store, operation, currency, amount] = row as [string, string, number, number]
    return { store, operation, currency, amount, undoneAmount: 0 }
  })
  const more = unfolded.sums.activity.filter(
    ({ day, store, issueId, operation }) =>
      isWithin(scope, day) &&
      isIn(scope.stores, store) &&
      isIn(scope.issues, issueId) &&
      issueId !== 0 &&
      STORE_OPERATIONS.has(operation),
  )
  return grouped(
    [...kept, ...more],
    ({ store, currency }) => `${store} ${currency}`,
    ({ store, currency }): Settled => ({ store, currency, receivable: 0, payable: 0 }),
    (sum, { operation, amount, undoneAmount }): Settled => {
      const moved = STORE_OPERATIONS.get(operation)
      return moved === undefined
        ? sum
        : { ...sum, [moved.account]: sum[moved.account] + moved.sign * (amount - undoneAmount) }
    },
  )
}

type SpentSum = Pick<Spent, 'origin' | 'spentIn' | 'currency' | 'amount'>

/** From where to where money went in a scope: what is kept of it, and the days that are not. */
export async function spentSums(snapshot: Snapshot, scope: Scope): Promise<SpentSum[]> {
  const cover = await coverOf(snapshot, scope)
  const [kept = []] = await snapshot.connection.send(selectMatrix(cover, scope))
  const played = cover.open.length === 0 ? [] : await spentOn(snapshot, scope, cover.open)
  return [...kept.map(toMatrixSum), ...played]
}

export function matrixOf(spent: readonly SpentSum[]): MatrixRow[] {
  const sums = grouped(
    spent,
    ({ origin, spentIn: store, currency }) => `${origin}\n${store}\n${currency}`,
    ({ origin, spentIn: store, currency }) => ({ origin, spentIn: store, currency: letters(currency), amount: 0 }),
    (sum, { amount }) => ({ ...sum, amount: sum.amount + amount }),
  )
  return sortedBy(
    sums.filter(({ amount }) => amount !== 0),
    'origin',
    'spentIn',
    'currency',
  )
}

async function figures({ snapshot, scope }: Question): Promise<Figures> {
  const settled = await settledIn(snapshot, scope)
  const rows = settled.map(({ store, currency, receivable, payable }) => ({
    store,
    currency: letters(currency),
    receivable,
    payable,
    net: receivable - payable,
  }))
  return { rows: sortedBy(rows, 'store', 'currency'), matrix: matrixOf(await spentSums(snapshot, scope)) }
}

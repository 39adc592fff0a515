import { type Measure, MEASURE_OF, MEASURES } from '../../core/reports/fact.ts'
import { OPERATION_NAMES } from '../../core/operations.ts'
import type { BalanceSum } from '../../db/sql/report-sums.ts'
import type { Scope } from '../../db/sql/report-queries.ts'
import { selectBalancesOf } from '../../db/sql/report-spans.ts'
import {
  column,
  type Definition,
  isIn,
  issueCode,
  issueCurrency,
  isWithin,
  type Question,
  sortedBy,
} from './definition.ts'
import type { Figures, ReportRow } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import { coverOf } from './spans.ts'

export const ROLL_FORWARD: Definition = {
  title: { en: 'Roll-forward', pl: 'Stan i obroty zobowiązań' },
  about: {
    en: 'From what all cards held at the beginning of the period to what they hold at its end, each step net of its undoings; signs are the card’s.',
    pl: 'Od stanu kart na początku okresu do stanu na końcu, każdy krok po odjęciu cofnięć; znaki z punktu widzenia karty.',
  },
  definition: 1,
  ownStores: false,
  time: 'period',
  filters: ['stores', 'issues'],
  columns: [
    column('issue', 'text', 'Issue', 'Emisja'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('opening', 'money', 'Opening', 'Otwarcie'),
    column('sold', 'money', 'Sold', 'Sprzedane'),
    column('toppedUp', 'money', 'Topped up', 'Doładowane'),
    column('refunded', 'money', 'Refunded', 'Zwrócone'),
    column('packSales', 'money', 'Pack sales', 'Sprzedaż paczek'),
    column('welfare', 'money', 'Welfare', 'Świadczenia'),
    column('recalled', 'money', 'Recalled', 'Odebrane'),
    column('paid', 'money', 'Paid', 'Zapłacone'),
    column('cashedOut', 'money', 'Cashed out', 'Wypłacone'),
    column('expired', 'money', 'Expired', 'Wygasłe'),
    column('adjusted', 'money', 'Adjusted', 'Skorygowane'),
    column('closing', 'money', 'Closing', 'Zamknięcie'),
  ],
  chart: { by: 'issue', value: 'closing' },
  figures,
}

type Movement = Pick<BalanceSum, 'issueId' | 'soldIn' | 'operation' | 'gross' | 'undone'>

/** Debits and credits of cards in a scope, unfolded ones included. */
export async function movementsIn(snapshot: Snapshot, scope: Scope): Promise<Movement[]> {
  const { connection, unfolded } = snapshot
  const cover = await coverOf(snapshot, scope)
  const [rows = []] = await connection.send(selectBalancesOf({ ...cover, days: [...cover.days, ...cover.open] }, scope))
  const kept = rows.map((row): Movement => {
    const [issueId, soldIn, operation, gross, undone] = row as [number, string, string, number, number]
    return { issueId, soldIn, operation, gross, undone }
  })
  const more = unfolded.sums.balances.filter(
    ({ day, soldIn, issueId }) => isWithin(scope, day) && isIn(scope.stores, soldIn) && isIn(scope.issues, issueId),
  )
  return [...kept, ...more]
}

const undoneName = (measure: Measure): string => `${measure}Undone`

/** Each step with its reversals in a column beside it, so that rows add up as well. */
const GROSS_COLUMNS = ROLL_FORWARD.columns.flatMap((one) => {
  const measure = MEASURES.find((name) => name === one.name)
  return measure === undefined
    ? [one]
    : [one, column(undoneName(measure), 'money', `${one.title.en}, undone`, `${one.title.pl}, cofnięte`)]
})

async function figures({ office, snapshot, scope, options }: Question): Promise<Figures> {
  const before =
    scope.from === null ? [] : await movementsIn(snapshot, { ...scope, from: null, to: dayBefore(scope.from) })
  const during = await movementsIn(snapshot, scope)
  const issues = [...new Set([...before, ...during].map(({ issueId }) => issueId))]
  const rows = issues.map((issueId): ReportRow => {
    const opening = sumOf(before.filter((movement) => movement.issueId === issueId))
    const steps = Object.fromEntries(
      MEASURES.flatMap((measure) => {
        const of = during.filter((movement) => movement.issueId === issueId && measureOf(movement) === measure)
        if (!options.gross) return [[measure, sumOf(of)]]
        const [gross, undone] = [sumOf(of.map((one) => ({ ...one, undone: 0 }))), sumOf(of.map((one) => ({ ...one, gross: 0 })))] // prettier-ignore
        return [[measure, gross], [undoneName(measure), undone]] // prettier-ignore
      }),
    )
    const closing = Object.values(steps).reduce((sum, step) => sum + step, opening)
    return { issue: issueCode(office, issueId), currency: issueCurrency(office, issueId), opening, ...steps, closing }
  })
  return { rows: sortedBy(rows, 'issue'), ...(options.gross ? { columns: GROSS_COLUMNS } : {}) }
}

const sumOf = (movements: readonly Movement[]): number =>
  movements.reduce((sum, { gross, undone }) => sum + gross + undone, 0)

export function measureOf({ operation }: Pick<Movement, 'operation'>): Measure | null {
  const known = OPERATION_NAMES.find((name) => name === operation)
  return known === undefined ? null : MEASURE_OF[known]
}

export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

import type { Answer } from '../../api/call.ts'

type ReportAnswer = Answer<'reports.show'>

export type Bars = {
  readonly currency: string
  readonly exponent: number
  readonly bars: readonly { readonly name: string; readonly value: number }[]
}

/** Sums of the drawn figure, a chart for each currency: they are never added. */
export function barsOf(
  { columns, rows, exponents }: ReportAnswer,
  { by, value }: { readonly by: string; readonly value: string },
): Bars[] {
  const [byAt, valueAt, currencyAt] = [by, value, 'currency'].map((name) =>
    columns.findIndex((column) => column.name === name),
  )
  const charts = new Map<string, Map<string, number>>()
  for (const cells of rows) {
    const currency = currencyAt === undefined || currencyAt < 0 ? '' : String(cells[currencyAt] ?? '')
    const name = String(cells[byAt ?? 0] ?? '')
    const bars = charts.get(currency) ?? new Map<string, number>()
    bars.set(name, (bars.get(name) ?? 0) + Number(cells[valueAt ?? 0] ?? 0))
    charts.set(currency, bars)
  }
  return [...charts].map(([currency, bars]) => ({
    currency,
    exponent: exponents.find((one) => one.currency === currency)?.exponent ?? 2,
    bars: inOrder(
      by,
      [...bars].map(([name, sum]) => ({ name, value: sum })),
    ),
  }))
}

const isTime: ReadonlySet<string> = new Set(['day', 'cohort'])

/** `≤30` before `≤90` before `>730`; what has no age first. */
const ageOf = (age: string): number => (age.startsWith('>') ? Infinity : Number(age.slice(1)))

/** Along the axis where it has an order of its own; else as the rows are. */
function inOrder(by: string, bars: Bars['bars']): Bars['bars'] {
  if (by === 'age') return bars.toSorted((a, b) => ageOf(a.name) - ageOf(b.name))
  return isTime.has(by) ? bars.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : bars
}

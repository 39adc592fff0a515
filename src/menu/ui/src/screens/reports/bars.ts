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
    bars: [...bars].map(([name, sum]) => ({ name, value: sum })),
  }))
}

import type { ReportRow } from '../office/reports/report.ts'

type Bar = { readonly name: string; readonly value: number }

/** Sums of the drawn figure over all rows, a chart for each currency: they are never added. */
export function barsOf(
  rows: readonly ReportRow[],
  { by, value }: { readonly by: string; readonly value: string },
): { currency: string; bars: Bar[] }[] {
  const charts = new Map<string, Map<string, number>>()
  for (const row of rows) {
    const currency = String(row['currency'] ?? '')
    const name = String(row[by] ?? '')
    let bars = charts.get(currency)
    if (bars === undefined) charts.set(currency, (bars = new Map()))
    bars.set(name, (bars.get(name) ?? 0) + Number(row[value] ?? 0))
  }
  return [...charts].map(([currency, bars]) => ({
    currency,
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
function inOrder(by: string, bars: Bar[]): Bar[] {
  if (by === 'age') return bars.toSorted((a, b) => ageOf(a.name) - ageOf(b.name))
  return isTime.has(by) ? bars.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : bars
}

import type { Words } from '../refusal.ts'

/** The kind of a cell: text or reference, day, count, money in minor units of the row's currency, ratio. */
export type ColumnKind = 'text' | 'day' | 'count' | 'money' | 'ratio'

export type Column = { readonly name: string; readonly kind: ColumnKind; readonly title: Words }

export type ReportCell = string | number | null
export type ReportRow = Readonly<Record<string, ReportCell>>

/** The scope of a report: a period of booking days or a single day, and the stores and issues; null: all. */
export type ReportFilter = {
  readonly from: string | null
  readonly to: string | null
  readonly asOf: string | null
  readonly stores: readonly string[] | null
  readonly issues: readonly string[] | null
  /** Of reports that have a choice, what was chosen. */
  readonly byOriginalDay?: boolean
  readonly ageBy?: 'sale' | 'activity' | 'validity'
  readonly gross?: boolean
}

/** The snapshot from which all figures of a report are computed: its time, how many transfers there were, and the sum of their amounts. */
export type ExactAsOf = { readonly at: string; readonly rows: number; readonly sum: number }

export type Report = {
  readonly report: string
  /** The title of documents that are not in the table of reports: a statement, a settlement. */
  readonly title?: Words
  /** The version of the definition, raised whenever the meaning of a figure changes. */
  readonly definition: number
  readonly exactAsOf: ExactAsOf
  readonly filter: ReportFilter
  readonly columns: readonly Column[]
  readonly rows: readonly ReportRow[]
  /** Subtotals, if a column contains rows of several kinds; one for each currency and kind. */
  readonly subtotals?: readonly ReportRow[]
  /** Totals; one for each currency, if there is money. */
  readonly totals: readonly ReportRow[]
  /** The matrix of a settlement: in which store money was loaded, and in which it was spent. */
  readonly matrix?: readonly MatrixRow[]
  /** Details of single rows, after everything else. */
  readonly details?: Details
  readonly notes: readonly Words[]
}

type Details = { readonly title: Words; readonly columns: readonly Column[]; readonly rows: readonly ReportRow[] }

export type MatrixRow = {
  readonly origin: string
  readonly spentIn: string
  readonly currency: string
  readonly amount: number
}

/** The part of a report that its definition computes; the rest is common. */
export type Figures = {
  /** The columns, if an option changes those of the definition. */
  readonly columns?: readonly Column[]
  readonly rows: readonly ReportRow[]
  readonly matrix?: readonly MatrixRow[]
  readonly notes?: readonly Words[]
}

/** The kinds of rows that get subtotals: the column that has the kind, and their order. */
export type Kinds = { readonly by: string; readonly order: readonly string[] }

/** Sums of all counts and all money, a row for each currency; never across currencies. */
export const totalsOf = (columns: readonly Column[], rows: readonly ReportRow[]): ReportRow[] =>
  summedUp(columns, rows, null).toSorted((a, b) => (text(a['currency']) < text(b['currency']) ? -1 : 1))

/** The same for each kind of rows. */
export function subtotalsOf(columns: readonly Column[], rows: readonly ReportRow[], { by, order }: Kinds): ReportRow[] {
  const place = (row: ReportRow): number => order.indexOf(text(row[by]))
  return summedUp(columns, rows, by).toSorted((a, b) =>
    a['currency'] === b['currency'] ? place(a) - place(b) : text(a['currency']) < text(b['currency']) ? -1 : 1,
  )
}

const text = (cell: ReportCell | undefined): string => (typeof cell === 'string' ? cell : '')

function summedUp(columns: readonly Column[], rows: readonly ReportRow[], by: string | null): ReportRow[] {
  const summed = columns.filter(({ kind }) => kind === 'count' || kind === 'money').map(({ name }) => name)
  // Sums by column position and currency, without making texts: three years of tills are a million rows.
  const sums = new Map<string, Map<string, (number | null)[]>>()
  for (const row of rows) {
    const currency = text(row['currency'])
    const kind = by === null ? '' : text(row[by])
    let kinds = sums.get(currency)
    if (kinds === undefined) sums.set(currency, (kinds = new Map()))
    let sum = kinds.get(kind)
    if (sum === undefined) kinds.set(kind, (sum = summed.map(() => null)))
    for (let i = 0; i < summed.length; i++) {
      const value = row[summed[i] ?? ''] ?? null
      // If all figures of a sum are unknown, the sum is unknown too.
      if (value !== null) sum[i] = (sum[i] ?? 0) + Number(value)
    }
  }
  return [...sums].flatMap(([currency, kinds]) =>
    [...kinds].map(([kind, sum]) => ({
      ...(currency === '' ? {} : { currency }),
      ...(by === null ? {} : { [by]: kind }),
      ...Object.fromEntries(summed.map((name, i) => [name, sum[i] ?? null])),
    })),
  )
}

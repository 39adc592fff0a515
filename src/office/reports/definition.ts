import { setImmediate as nextTurn } from 'node:timers/promises'
import { currencyOf } from '../../core/currency.ts'
import type { Issue } from '../../core/issue.ts'
import type { Scope } from '../../db/sql/report-queries.ts'
import type { Office } from '../office.ts'
import type { Words } from '../refusal.ts'
import type { Column, ColumnKind, Figures, Kinds, ReportFilter } from './report.ts'
import type { Snapshot } from './snapshot.ts'

/** Options of a report beyond its filter; each definition knows which of them apply. */
export type ReportOptions = {
  /** `activity`: an undo counts on the day of its original instead of its own. */
  readonly byOriginalDay: boolean
  /** `liability`: age by last activity, sale or validity. */
  readonly ageBy: 'sale' | 'activity' | 'validity'
  /** `roll-forward`: gross amounts of each step, with reversals in a column beside. */
  readonly gross: boolean
}

export type Question = {
  readonly office: Office
  readonly snapshot: Snapshot
  readonly filter: ReportFilter
  /** The same with ids of issues, for the database. */
  readonly scope: Scope
  readonly options: ReportOptions
}

/** One report: a row of the table of `reports.ts`. */
export type Definition = {
  readonly title: Words
  /** A description in one sentence. */
  readonly about: Words
  readonly definition: number
  /** What the latest version of the definition changed, which the report states. */
  readonly changed?: Words
  /** Whether a person limited to own stores may see it. */
  readonly ownStores: boolean
  /** A period of booking days, or the end of a day. */
  readonly time: 'period' | 'day' | 'now'
  /** The filters that it takes; codes of stores and of counterparties are one filter. */
  readonly filters: readonly ('stores' | 'counterparties' | 'issues')[]
  readonly columns: readonly Column[]
  /** Kinds of rows that get subtotals. */
  readonly kinds?: Kinds
  /** Its chart: the horizontal axis and the drawn figure; null: no chart. */
  readonly chart: { readonly by: string; readonly value: string } | null
  readonly figures: (question: Question) => Promise<Figures>
}

export const column = (name: string, kind: ColumnKind, en: string, pl: string): Column => ({
  name,
  kind,
  title: { en, pl },
})

export const issueWith = ({ registry }: Office, id: number): Issue | undefined => registry().issues.get(id)
export const issueCode = (office: Office, id: number): string => issueWith(office, id)?.code ?? String(id)
export const letters = (currency: number): string => currencyOf(currency).letters
export const issueCurrency = (office: Office, id: number): string => letters(issueWith(office, id)?.currency ?? 0)

export const isIn = (values: readonly (string | number)[] | null, value: string | number): boolean =>
  values === null || values.includes(value)

/** Does a day lie in the period of a scope? */
export const isWithin = ({ from, to }: Pick<Scope, 'from' | 'to'>, day: string): boolean =>
  (from === null || day >= from) && (to === null || day <= to)

/** Sums of rows that are alike by `key`. */
export function grouped<Item, Sum>(
  items: Iterable<Item>,
  key: (item: Item) => string,
  start: (item: Item) => Sum,
  add: (sum: Sum, item: Item) => Sum,
): Sum[] {
  const sums = new Map<string, Sum>()
  for (const item of items) {
    const name = key(item)
    sums.set(name, add(sums.get(name) ?? start(item), item))
  }
  return [...sums.values()]
}

/** Processes items in lots; between lots the payments of this process have their turn. */
export async function inTurns<Item>(items: Iterable<Item>, lot: number, work: (item: Item) => void): Promise<void> {
  let done = 0
  for (const item of items) {
    work(item)
    done += 1
    if (done % lot === 0) await nextTurn()
  }
}

/** Items grouped by day, the days in order: sorting day by day is much faster than sorting three years at once. */
export function byDay<Item extends { readonly day: string }>(items: Iterable<Item>): [string, Item[]][] {
  const days = new Map<string, Item[]>()
  for (const item of items) {
    const known = days.get(item.day)
    if (known === undefined) days.set(item.day, [item])
    else known.push(item)
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Sorts rows by these columns. */
export const sortedBy = <Row extends Readonly<Record<string, unknown>>>(
  rows: readonly Row[],
  ...names: (keyof Row & string)[]
): Row[] =>
  // Three years of activity are a million rows, so a comparison allocates no array and no text.
  [...rows].sort((a, b) => {
    for (const name of names) {
      const one = textIn(a[name])
      const other = textIn(b[name])
      if (one !== other) return one < other ? -1 : 1
    }
    return 0
  })

const textIn = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)

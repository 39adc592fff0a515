import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Answer } from '../../api/call.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import type { TextId } from '../../i18n/texts.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../../i18n/useText.ts'
import classes from '../Reports.module.css'

export type FiguresData = Pick<Answer<'reports.show'>, 'columns' | 'rows' | 'subtotals' | 'totals' | 'exponents'>
export type Cell = FiguresData['rows'][number][number]
export type Line = {
  readonly key: string
  readonly cells: readonly Cell[]
  readonly isTotal: boolean
  readonly name?: string
}

const WORDS: Readonly<Record<string, string>> = {
  operation: 'operation',
  channel: 'channel',
  reason: 'result',
  block: 'block',
  comparison: 'comparison',
  agreed: 'word',
  total: 'tillTotal',
  outlier: 'word',
  voucher: 'voucher',
}

/** Why transactions of a till may differ; the longer texts first. */
const WHY = [
  ['only in the till', 'tillWhy.onlyThere'],
  ['of the differing amount', 'tillWhy.amount'],
  ['only here', 'tillWhy.onlyHere'],
  ['has a case', 'tillWhy.case'],
  ['reversed', 'tillWhy.reversed'],
  ['late', 'tillWhy.late'],
] as const satisfies readonly (readonly [string, TextId])[]

/** A state is that of a card or of a pack; the other columns tell which. */
const stateWords = (columns: FiguresData['columns']): string | undefined => {
  const has = (wanted: string): boolean => columns.some(({ name }) => name === wanted)
  return has('block') ? 'cardState' : has('packs') ? 'packState' : undefined
}

/** The text of a cell: money by its currency, days and words in the reader's language. */
export function useCell({ columns, exponents: all }: FiguresData): (cells: readonly Cell[], at: number) => string {
  const format = useFormat()
  const word = useWord()
  const t = useText()
  const exponents = new Map(all.map(({ currency, exponent }) => [currency, exponent]))
  const currencyAt = columns.findIndex(({ name }) => name === 'currency')
  return (cells, at) => {
    const value = cells[at] ?? null
    const column = columns[at]
    if (value === null || column === undefined) return ''
    const currency = String(cells[currencyAt] ?? '')
    if (column.kind === 'money') {
      return format.amount({ value: Number(value), currency, exponent: exponents.get(currency) ?? 2 })
    }
    if (column.kind === 'ratio') return format.ratio(Number(value))
    if (column.kind === 'count' || typeof value === 'number') return format.count(Number(value))
    if (column.kind === 'day') return /^\d{4}-\d\d-\d\d$/u.test(value) ? format.date(value) : value
    const instant = column.name === 'last' ? /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/u.exec(value) : null
    if (instant !== null)
      return `${format.day(`${instant[1]}T${instant[2]}Z`)}, ${format.clock(`${instant[1]}T${instant[2]}Z`)}`
    if (column.name === 'cohort') return format.month(value)
    if (column.name === 'transactions') {
      const all = value.replace(/and (\d+) more$/u, (_, more: string) => t('tillWhy.more', { n: more }))
      return WHY.reduce((told, [phrase, id]) => told.replaceAll(phrase, t(id)), all)
    }
    const prefix = column.name === 'state' ? stateWords(columns) : WORDS[column.name]
    return prefix === undefined ? value : word(prefix, value)
  }
}

type Props = {
  label: string
  data: FiguresData
  onOpen?: (line: Line) => void
  /** The content of a cell in place of its text. */
  shown?: (cells: readonly Cell[], at: number, text: string) => ReactNode
}

/** The most columns with normal spacing. More columns are closer together, so that they all fit a screen of 1280 px. */
const MOST_ROOMY = 11

/** Rows of figures, their sums last. */
export function FiguresTable({ label, data, onOpen, shown = (_cells, _at, text) => text }: Props) {
  const localized = useLocalized()
  const t = useText()
  const show = useCell(data)
  /** The name of a total, if the first column is a currency. */
  const sumName = (name: string, column: string, value: Cell): string =>
    column === 'currency' && value !== null ? `${name}, ${value}` : name
  const lines: Line[] = [
    ...data.rows.map((cells, i) => ({ key: `row ${i}`, cells, isTotal: false })),
    ...data.subtotals.map((cells, i) => ({ key: `subtotal ${i}`, cells, isTotal: true, name: t('reports.subtotal') })),
    ...data.totals.map((cells, i) => ({ key: `total ${i}`, cells, isTotal: true, name: t('reports.total') })),
  ]
  const columns = data.columns.map(({ name, kind, title }, at): Column<Line> => ({
    id: name,
    head: localized(title),
    numeric: kind === 'money' || kind === 'count' || kind === 'ratio',
    cell: ({ cells, isTotal, name: sum }) => (
      <span className={isTotal ? classes.total : undefined}>
        {at === 0 && sum !== undefined
          ? sumName(sum, name, cells[at] ?? null)
          : isTotal
            ? show(cells, at)
            : shown(cells, at, show(cells, at))}
      </span>
    ),
  }))
  return (
    // A table that is wider than the page can be scrolled, also by keyboard.
    <div
      className={clsx(classes.wide, columns.length > MOST_ROOMY && classes.dense)}
      role="group"
      aria-label={label}
      tabIndex={0}
    >
      <DataTable
        label={label}
        rows={lines}
        rowKey={({ key }) => key}
        columns={columns}
        {...(onOpen !== undefined && { onOpen })}
      />
    </div>
  )
}

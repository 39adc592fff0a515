import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import clsx from 'clsx'
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../i18n/useText.ts'
import { useListKeys } from '../keyboard/useListKeys.ts'
import classes from './DataTable.module.css'

export type Column<Row> = {
  readonly id: string
  readonly head: string
  /** Drawn after the head, such as a currency; not part of its name. */
  readonly unit?: string | undefined
  readonly cell: (row: Row) => ReactNode
  /** Money and counts stand at the end. */
  readonly numeric?: boolean
  /** Takes the remaining width and is cut with an ellipsis. */
  readonly grow?: boolean
  /** With `grow`: a sentence, which is wrapped and never cut. */
  readonly wraps?: boolean
  /** Hidden below 1240 px; the record's page has it. */
  readonly wideOnly?: boolean
  /** The order that a click on the head requests. */
  readonly order?: string
}

export type Sorting = { readonly order: string; readonly descending: boolean; readonly onSort: (order: string) => void }

export type Selection = {
  readonly keys: ReadonlySet<string>
  /** The number of rows that can be selected; default: all. */
  readonly selectable?: number
  readonly toggle: (key: string) => void
  readonly toggleAll: () => void
}

type Props<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  onOpen?: (row: Row) => void
  selection?: Selection | undefined
  sorting?: Sorting
  /** For a row that needs a person's eye. */
  mark?: (row: Row) => 'warn' | 'bad' | undefined
}

export function DataTable<Row>({ label, columns, rows, rowKey, onOpen, selection, sorting, mark }: Props<Row>) {
  const cursor = useListKeys(rows.length, {
    open: (index) => rows[index] !== undefined && onOpen?.(rows[index]),
    select: (index) => rows[index] !== undefined && selection?.toggle(rowKey(rows[index])),
  })
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    body.current?.rows[cursor]?.scrollIntoView({ block: 'nearest' })
  }, [cursor])

  return (
    <table className={classes.table} aria-label={label}>
      <Head columns={columns} rows={rows.length} selection={selection} {...(sorting !== undefined && { sorting })} />
      <tbody ref={body}>
        {rows.map((row, index) => {
          const key = rowKey(row)
          return (
            <tr
              key={key}
              data-cursor={index === cursor || undefined}
              data-selected={selection?.keys.has(key) === true || undefined}
              data-mark={mark?.(row)}
              className={clsx(onOpen && classes.opens)}
              onClick={(event) => {
                if (!(event.target as HTMLElement).closest('a, button, input, label')) onOpen?.(row)
              }}
            >
              {selection && <SelectCell number={index + 1} id={key} selection={selection} />}
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The tooltip of a text that may be cut off. */
function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.cell(row)
  return (
    <td className={cellClass(column)} title={column.grow === true && typeof content === 'string' ? content : undefined}>
      {content}
    </td>
  )
}

const cellClass = <Row,>({ numeric, grow, wraps, wideOnly }: Column<Row>): string =>
  clsx(numeric && classes.numeric, grow && classes.grow, wraps && classes.wraps, wideOnly && classes.wideOnly)

function SelectCell({ number, id, selection }: { number: number; id: string; selection: Selection }) {
  const t = useText()
  return (
    <td className={classes.check}>
      <Checkbox
        aria-label={t('list.selectRow', { row: number })}
        checked={selection.keys.has(id)}
        onChange={() => selection.toggle(id)}
      />
    </td>
  )
}

type HeadProps<Row> = Pick<Props<Row>, 'columns' | 'selection' | 'sorting'> & { rows: number }

function Head<Row>({ columns, rows, selection, sorting }: HeadProps<Row>) {
  const t = useText()
  const selectable = selection?.selectable ?? rows
  return (
    <thead>
      <tr>
        {selection && (
          <td className={classes.check}>
            <Checkbox
              aria-label={t('list.selectPage')}
              checked={selectable > 0 && selection.keys.size >= selectable}
              indeterminate={selection.keys.size > 0 && selection.keys.size < selectable}
              onChange={selection.toggleAll}
            />
          </td>
        )}
        {columns.map((column) => {
          const sorted = sorting !== undefined && column.order === sorting.order
          return (
            <th
              key={column.id}
              scope="col"
              className={cellClass(column)}
              {...(sorted && { 'aria-sort': sorting.descending ? ('descending' as const) : ('ascending' as const) })}
            >
              {sorting !== undefined && column.order !== undefined ? (
                <SortButton column={column} order={column.order} sorting={sorting} />
              ) : (
                <span data-unit={column.unit}>{column.head}</span>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function SortButton<Row>({ column, order, sorting }: { column: Column<Row>; order: string; sorting: Sorting }) {
  const Icon = sorting.descending ? IconArrowDown : IconArrowUp
  return (
    <button type="button" className={classes.sort} onClick={() => sorting.onSort(order)}>
      <span data-unit={column.unit}>{column.head}</span>
      {order === sorting.order && <Icon size={12} aria-hidden />}
    </button>
  )
}

import type { ComponentProps, ReactNode } from 'react'
import { DataTable } from '../components/DataTable.tsx'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import classes from '../screens/screens.module.css'

type Props<Row> = Omit<ComponentProps<typeof DataTable<Row>>, 'rows'> & {
  list: {
    readonly error: Error | null
    readonly data: { readonly items: readonly Row[] } | undefined
    readonly refetch: () => Promise<unknown>
  }
  /** Shown if the list is empty. */
  empty: { readonly title: string; readonly text: string; readonly tone?: 'good' }
  /** Under the table. */
  children?: ReactNode
}

/** A list in each of its states: failed, loading, empty, with rows. */
export function ListPanel<Row>({ list: { error, data, refetch }, empty, children, ...table }: Props<Row>) {
  return (
    <Panel flush>
      {data === undefined &&
        (error === null ? <TableSkeleton /> : <Problem error={error} onRetry={() => void refetch()} />)}
      {data?.items.length === 0 && (
        <div className={classes.padded}>
          <Notice tone={empty.tone ?? 'plain'} title={empty.title}>
            {empty.text}
          </Notice>
        </div>
      )}
      {data !== undefined && data.items.length > 0 && <DataTable {...table} rows={data.items} />}
      {children}
    </Panel>
  )
}

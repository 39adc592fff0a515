import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Search } from '../api/queries.ts'
import { useText } from '../i18n/useText.ts'
import { type Column, DataTable, type Selection, type Sorting } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { usePageActions } from '../components/palette-entries.ts'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { Chips } from './Chips.tsx'
import { CriteriaFields } from './CriteriaFields.tsx'
import type { Criterion, Wording } from './criterion.ts'
import { ColumnChooser, ListFoot } from './ListTools.tsx'
import classes from './ListTools.module.css'
import { LookingOn, type LookedTo, Searching } from './Searching.tsx'
import { SavedSearches } from './SavedSearches.tsx'
import { pick, queryText, useListSearch } from './useListSearch.ts'
import { useWording } from './useWording.ts'

const ExportDialog = lazy(() => import('./ExportDialog.tsx').then((module) => ({ default: module.ExportDialog })))

type Page<Row> = {
  readonly items: readonly Row[]
  readonly next: string | null
  /** The search continues; so far it has reached cards sold since this time. */
  readonly lookedTo?: LookedTo | null
}
type Counted = { readonly count: number | null; readonly capped: boolean; readonly slow: boolean }

export type ListKind<Row> = {
  readonly list: 'cards' | 'transactions'
  readonly title: string
  readonly criteria: readonly Criterion[]
  readonly columns: readonly Column<Row>[]
  /** The columns shown by default. */
  readonly shown: readonly string[]
  readonly order: string
  readonly rowKey: (row: Row) => string
  readonly rowTo: (row: Row) => string
  readonly countText: (count: string, n: number) => string
  readonly empty: ReactNode
  /** A further criterion that makes any search quick. */
  readonly quicker?: { readonly text: string; readonly change: () => Search }
  readonly mark?: (row: Row) => 'warn' | 'bad' | undefined
}

type Props<Row> = {
  kind: ListKind<Row>
  page: {
    data: Page<Row> | undefined
    error: Error | null
    isPlaceholderData: boolean
    isFetching: boolean
    refetch: () => unknown
  }
  counted: Counted | undefined
  /** The search is slow, and was not started yet. */
  held: boolean
  onRun: () => void
  onCancel: () => void
  selection?: Selection | undefined
  /** Takes the place of the chips while rows are selected. */
  selectionBar?: ReactNode
}

const CAP = 10_000

/** A list with its criteria, chips, saved searches, columns, export and pages, all of it in the URL. */
export function ListScreen<Row>({ kind, page, counted, held, onRun, onCancel, selection, selectionBar }: Props<Row>) {
  const wording = useWording()
  const { t } = wording
  const navigate = useNavigate()
  const { search, change } = useListSearch()
  const [exporting, setExporting] = useState(false)
  const ids = search.columns?.split(',') ?? kind.shown
  const shown = new Set(ids)
  const columns = kind.columns.filter(({ id }) => shown.has(id))
  const query = queryText(pick(search, [...kind.criteria.map(({ key }) => key), 'order', 'descending']))
  usePageActions([{ name: `${t('act.export')}: ${kind.title}`, run: () => setExporting(true) }])
  const toggle = (id: string): void => {
    const next = shown.has(id) ? ids.filter((other) => other !== id) : [...ids, id]
    change({ columns: next.length === 0 ? undefined : next.join(','), cursor: search.cursor })
  }
  return (
    <>
      <PageHead
        title={kind.title}
        actions={
          <>
            <SavedSearches
              list={kind.list}
              query={query}
              columns={search.columns?.split(',') ?? []}
              hasSecret={search.number !== undefined}
            />
            <ColumnChooser columns={kind.columns} shown={shown} onToggle={toggle} />
            {/* While rows are selected, the selection bar has the export. */}
            {!selectionBar && (
              <Button
                size="compact-sm"
                leftSection={<IconDownload size={15} stroke={1.6} />}
                onClick={() => setExporting(true)}
              >
                {t('act.export')}
              </Button>
            )}
          </>
        }
      />
      <CriteriaFields criteria={kind.criteria} search={search} wording={wording} onChange={change} />
      {selectionBar ?? <Chips criteria={kind.criteria} search={search} wording={wording} onChange={change} />}
      <Panel flush>
        <Rows
          {...{ kind, page, slow: counted?.slow === true, held, onRun, onCancel, selection, columns, search, wording }}
          sorting={sortingOf(search, kind.order, change)}
          onOpen={(row) => void navigate({ to: kind.rowTo(row) })}
          onChange={change}
        />
        {page.data !== undefined && !held && (
          <ListFoot
            count={countText(kind, counted, wording)}
            capped={counted?.capped === true}
            shown={page.data.items.length}
            limit={search.limit ?? '50'}
            onLimit={(limit) => change({ limit: limit === '50' ? undefined : limit })}
            next={page.data.next}
            isFirst={search.cursor === undefined}
            onNext={(cursor) => change({ cursor })}
            onFirst={() => change({})}
          />
        )}
      </Panel>
      <Suspense>
        {exporting && <ExportDialog list={kind.list} query={query} columns={ids} onClose={() => setExporting(false)} />}
      </Suspense>
    </>
  )
}

function countText<Row>({ countText: text }: ListKind<Row>, counted: Counted | undefined, { format }: Wording): string {
  // Slow searches are not counted.
  if (counted === undefined || (counted.count === null && !counted.capped)) return ''
  return text(counted.count === null ? `${format.count(CAP)}+` : format.count(counted.count), counted.count ?? CAP)
}

function sortingOf(search: Search, defaultOrder: string, change: (changes: Search) => void): Sorting {
  const order = search.order ?? defaultOrder
  const descending = search.descending !== 'false'
  return {
    order,
    descending,
    onSort: (wanted) => {
      const down = wanted === order ? !descending : true
      change({ order: wanted === defaultOrder ? undefined : wanted, descending: down ? undefined : 'false' })
    },
  }
}

type RowsProps<Row> = Pick<Props<Row>, 'kind' | 'page' | 'held' | 'onRun' | 'onCancel' | 'selection'> & {
  slow: boolean
  columns: readonly Column<Row>[]
  search: Search
  wording: Wording
  sorting: Sorting
  onOpen: (row: Row) => void
  onChange: (changes: Search) => void
}

function Rows<Row>({
  kind,
  page,
  slow,
  held,
  onRun,
  onCancel,
  selection,
  columns,
  search,
  wording,
  sorting,
  onOpen,
  onChange,
}: RowsProps<Row>) {
  const { t } = wording
  if (held) return <Slow quicker={kind.quicker} onChange={onChange} onRun={onRun} />
  if (page.error !== null)
    return (
      <Padded>
        <Problem error={page.error} onRetry={() => void page.refetch()} />
      </Padded>
    )
  if (slow && (page.data === undefined || page.isPlaceholderData)) return <Searching onCancel={onCancel} />
  if (page.data === undefined) return <TableSkeleton rows={8} onCancel={onCancel} />
  const looked = page.data.lookedTo ?? null
  const looking =
    looked === null ? null : (
      <Padded>
        <LookingOn to={looked} found={page.data.items.length} onCancel={page.isFetching ? onCancel : undefined} />
      </Padded>
    )
  if (page.data.items.length === 0 && looking !== null) return looking
  if (page.data.items.length === 0) {
    const filtered = kind.criteria.some(({ key }) => search[key] !== undefined)
    return (
      <Padded>{filtered ? <Notice title={t('state.noneTitle')}>{t('state.noneText')}</Notice> : kind.empty}</Padded>
    )
  }
  return (
    <div aria-busy={page.isPlaceholderData}>
      <DataTable
        label={kind.title}
        rows={page.data.items}
        rowKey={kind.rowKey}
        columns={columns}
        selection={selection}
        sorting={sorting}
        onOpen={onOpen}
        {...(kind.mark !== undefined && { mark: kind.mark })}
      />
      {looking}
    </div>
  )
}

type SlowProps = Pick<RowsProps<never>, 'onRun' | 'onChange'> & { quicker: ListKind<never>['quicker'] }

/** The notice before a slow search: first how to make it quick. */
function Slow({ quicker, onChange, onRun }: SlowProps) {
  const t = useText()
  const buttons = (
    <Group gap="xs">
      {quicker !== undefined && <Button onClick={() => onChange(quicker.change())}>{quicker.text}</Button>}
      <Button variant={quicker === undefined ? 'default' : 'subtle'} onClick={onRun}>
        {t('state.slowRun')}
      </Button>
    </Group>
  )
  return (
    <Padded>
      <Notice tone="warn" title={t('state.slowTitle')} action={buttons}>
        {t('state.slowText')}
      </Notice>
    </Padded>
  )
}

const Padded = ({ children }: { children: ReactNode }) => <div className={classes.padded}>{children}</div>

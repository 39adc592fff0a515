import { Button, Menu, MultiSelect, NativeSelect, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Answer } from '../api/call.ts'
import { choicesQuery, reportQuery } from '../api/queries.ts'
import { BarChart } from '../components/BarChart.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useSaid, useText, useWord } from '../i18n/useText.ts'
import { pick, queryText, useListSearch } from '../lists/useListSearch.ts'
import { barsOf } from './reports/bars.ts'
import { wayTo } from './reports/ways.ts'
import classes from './Reports.module.css'
import screen from './screens.module.css'

type ReportAnswer = Answer<'reports.show'>
type Cell = ReportAnswer['rows'][number][number]
type Line = { readonly key: string; readonly cells: readonly Cell[]; readonly isTotal: boolean }

const KEYS = ['from', 'to', 'asOf', 'store', 'issue', 'byOriginalDay']

/** One report: its filter in the URL, a chart, the table with its totals, files; a row leads to its transactions. */
export function Report() {
  const { report } = useParams({ strict: false }) as { report: string }
  const t = useText()
  const said = useSaid()
  const format = useFormat()
  const { search } = useListSearch()
  const query = pick(search, KEYS)
  const { data, error, refetch } = useQuery(reportQuery(report, query))
  if (error !== null && data === undefined) return <Problem error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <TableSkeleton />
  const exact = t('reports.exact', {
    time: `${format.day(data.exactAsOf.at)}, ${format.seconds(data.exactAsOf.at)}`,
    rows: format.count(data.exactAsOf.rows),
  })
  return (
    <>
      <PageHead
        parent={{ to: '/reports', label: t('page.reports') }}
        title={said(data.title)}
        facts={`${said(data.about)} ${t('reports.definition', { n: data.definition })}. ${exact}.`}
        actions={<Files report={report} query={queryText(query)} />}
      />
      <div className={screen.stack}>
        <Filters data={data} />
        {data.notes.map((note) => (
          <p key={note.en} className={screen.small}>
            {said(note)}
          </p>
        ))}
        {data.rows.length > 0 && <Charts data={data} />}
        <Panel flush>
          {data.rows.length === 0 ? (
            <div className={screen.padded}>
              <Notice title={t('reports.none')}>{t('reports.noneText')}</Notice>
            </div>
          ) : (
            <Rows data={data} />
          )}
        </Panel>
        {data.matrix.length > 0 && <Matrix data={data} />}
      </div>
    </>
  )
}

const FILES = [
  { label: 'CSV', query: 'format=csv' },
  { text: 'reports.csvPolish', query: 'format=csv&preset=pl' },
  { text: 'reports.csvOld', query: 'format=csv&preset=windows-1250' },
  { label: 'XLSX', query: 'format=xlsx' },
  { label: 'PDF', query: 'format=pdf' },
] as const

function Files({ report, query }: { report: string; query: string }) {
  const t = useText()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} stroke={1.6} />}>{t('reports.files')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map((file) => (
          <Menu.Item
            key={file.query}
            component="a"
            href={`/api/reports/${report}/file?${query === '' ? '' : `${query}&`}${file.query}`}
            download
          >
            {'text' in file ? t(file.text) : file.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Filters({ data }: { data: ReportAnswer }) {
  const t = useText()
  const { search, change } = useListSearch()
  const choices = useQuery(choicesQuery).data
  const day = (key: 'from' | 'to' | 'asOf', label: string) => (
    <TextInput
      type="date"
      label={label}
      value={search[key] ?? data.filter[key] ?? ''}
      onChange={(event) => change({ [key]: event.target.value })}
    />
  )
  const several = (key: 'store' | 'issue', label: string, values: readonly { code: string; name: string }[]) => (
    <MultiSelect
      label={label}
      searchable
      data={values.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
      value={search[key]?.split(',') ?? []}
      onChange={(chosen) => change({ [key]: chosen.join(',') })}
    />
  )
  return (
    <div className={screen.filters} role="group" aria-label={t('list.criteria')}>
      {data.time === 'period' && day('from', t('field.from'))}
      {data.time === 'period' && day('to', t('field.to'))}
      {data.time === 'day' && day('asOf', t('reports.asOf'))}
      {several('store', t('field.store'), choices?.stores ?? [])}
      {several('issue', t('field.issue'), choices?.issues ?? [])}
      {data.report === 'activity' && (
        <NativeSelect
          label={t('reports.undoings')}
          data={[
            { value: '', label: t('reports.onTheirDay') },
            { value: 'true', label: t('reports.onOriginalDay') },
          ]}
          value={search.byOriginalDay ?? ''}
          onChange={(event) => change({ byOriginalDay: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

function Charts({ data }: { data: ReportAnswer }) {
  const t = useText()
  const said = useSaid()
  const format = useFormat()
  const { chart, columns } = data
  const by = columns.find(({ name }) => name === chart?.by)
  const value = columns.find(({ name }) => name === chart?.value)
  if (chart === null || by === undefined || value === undefined) return null
  return barsOf(data, chart).map(({ currency, exponent, bars }) => (
    <Panel
      key={currency}
      title={t('reports.chartOf', { value: said(value.title), by: said(by.title), currency }).replace(/, $/u, '')}
    >
      <BarChart
        label={t('reports.chart')}
        bars={bars.map((bar) => ({
          name: by.kind === 'day' ? format.date(bar.name) : bar.name,
          value: bar.value,
          shown:
            value.kind === 'money' ? format.amount({ value: bar.value, currency, exponent }) : format.count(bar.value),
        }))}
      />
    </Panel>
  ))
}

function Rows({ data }: { data: ReportAnswer }) {
  const said = useSaid()
  const t = useText()
  const navigate = useNavigate()
  const show = useCell(data)
  const lines: Line[] = [
    ...data.rows.map((cells, i) => ({ key: `row ${i}`, cells, isTotal: false })),
    ...data.totals.map((cells, i) => ({ key: `total ${i}`, cells, isTotal: true })),
  ]
  const columns = data.columns.map(({ name, kind, title }, at): Column<Line> => ({
    id: name,
    head: said(title),
    numeric: kind === 'money' || kind === 'count' || kind === 'ratio',
    cell: ({ cells, isTotal }) => (
      <span className={isTotal ? classes.total : undefined}>
        {at === 0 && isTotal ? t('reports.total') : show(cells, at)}
      </span>
    ),
  }))
  return (
    <div className={classes.wide}>
      <DataTable
        label={said(data.title)}
        rows={lines}
        rowKey={({ key }) => key}
        columns={columns}
        onOpen={({ cells, isTotal }) => {
          const way = isTotal ? null : wayTo(data, cells)
          if (way !== null) void navigate({ to: way.to, search: way.search })
        }}
      />
    </div>
  )
}

const WORDS: Readonly<Record<string, string>> = { operation: 'operation', channel: 'channel', reason: 'result' }

function useCell(data: ReportAnswer): (cells: readonly Cell[], at: number) => string {
  const format = useFormat()
  const word = useWord()
  const exponents = new Map(data.exponents.map(({ currency, exponent }) => [currency, exponent]))
  const currencyAt = data.columns.findIndex(({ name }) => name === 'currency')
  return (cells, at) => {
    const value = cells[at] ?? null
    const column = data.columns[at]
    if (value === null || column === undefined) return ''
    const currency = String(cells[currencyAt] ?? '')
    if (column.kind === 'money') {
      return format.amount({ value: Number(value), currency, exponent: exponents.get(currency) ?? 2 })
    }
    if (column.kind === 'count' || typeof value === 'number') return format.count(Number(value))
    if (column.kind === 'day') return /^\d{4}-\d\d-\d\d$/u.test(value) ? format.date(value) : value
    const prefix = WORDS[column.name]
    return prefix === undefined ? value : word(prefix, value)
  }
}

function Matrix({ data }: { data: ReportAnswer }) {
  const t = useText()
  const format = useFormat()
  const exponents = new Map(data.exponents.map(({ currency, exponent }) => [currency, exponent]))
  type Cell = ReportAnswer['matrix'][number]
  const columns: readonly Column<Cell>[] = [
    { id: 'origin', head: t('reports.origin'), cell: ({ origin }) => origin },
    { id: 'spentIn', head: t('reports.spentIn'), cell: ({ spentIn }) => spentIn },
    {
      id: 'amount',
      head: t('reports.amount'),
      numeric: true,
      cell: ({ amount, currency }) => format.money({ value: amount, currency, exponent: exponents.get(currency) ?? 2 }),
    },
  ]
  return (
    <Panel title={t('reports.matrix')} flush>
      <DataTable
        label={t('reports.matrix')}
        rows={data.matrix}
        rowKey={({ origin, spentIn, currency }) => `${origin} ${spentIn} ${currency}`}
        columns={columns}
      />
    </Panel>
  )
}

import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Answer } from '../api/call.ts'
import { reportQuery } from '../api/queries.ts'
import { BarChart } from '../components/BarChart.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText } from '../i18n/useText.ts'
import { pick, queryText, useListSearch } from '../lists/useListSearch.ts'
import { CodeFilters } from './reports/CodeFilters.tsx'
import { FiguresTable, useCell } from './reports/FiguresTable.tsx'
import { Files } from './reports/Files.tsx'
import { MatrixTable } from './reports/MatrixTable.tsx'
import { Meanings } from './reports/Meanings.tsx'
import { wayTo } from './reports/ways.ts'
import screen from './screens.module.css'

type ReportAnswer = Answer<'reports.show'>

const KEYS = ['from', 'to', 'asOf', 'store', 'issue', 'byOriginalDay', 'gross', 'age']

/** One report: its filter in the URL, a chart, the table with its totals, files; a row leads to its transactions. */
export function Report() {
  const { report } = useParams({ strict: false }) as { report: string }
  const t = useText()
  const localized = useLocalized()
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
  // An empty report may be due to the chosen codes, or to the lack of a period.
  const isNarrowed = data.time !== 'period' || query.store !== undefined || query.issue !== undefined
  return (
    <>
      <PageHead
        parent={{ to: '/reports', label: t('page.reports') }}
        title={localized(data.title)}
        facts={`${localized(data.about)} ${t('reports.definition', { n: data.definition })}. ${exact}.`}
        actions={<Files path={`/api/reports/${report}/file`} query={queryText(query)} hasPaper={data.hasPaper} />}
      />
      <div className={screen.stack}>
        <Filters data={data} />
        {data.notes.map((note) => (
          <p key={note.en} className={screen.small}>
            {localized(note)}
          </p>
        ))}
        {data.rows.length > 0 && <Charts data={data} />}
        {data.rowsInAll > data.rows.length && (
          <p className={screen.small} role="status">
            {t('reports.someRows', { shown: format.count(data.rows.length), all: format.count(data.rowsInAll) })}
          </p>
        )}
        <Panel flush>
          {data.rows.length === 0 ? (
            <div className={screen.padded}>
              <Notice title={t('reports.none')}>{t(isNarrowed ? 'reports.noneText' : 'reports.nonePeriod')}</Notice>
            </div>
          ) : (
            <Rows data={data} />
          )}
        </Panel>
        {data.matrix.length > 0 && <MatrixTable matrix={data.matrix} exponents={data.exponents} filter={data.filter} />}
        {data.rows.length > 0 && <Meanings columns={data.columns} />}
      </div>
    </>
  )
}

function Filters({ data }: { data: ReportAnswer }) {
  const t = useText()
  const { search, change } = useListSearch()
  const day = (key: 'from' | 'to' | 'asOf', label: string) => (
    <TextInput
      type="date"
      label={label}
      value={search[key] ?? data.filter[key] ?? ''}
      onChange={(event) => change({ [key]: event.target.value })}
    />
  )
  return (
    <div className={screen.filters} role="group" aria-label={t('list.criteria')}>
      {data.time === 'period' && day('from', t('field.from'))}
      {data.time === 'period' && day('to', t('field.to'))}
      {data.time === 'day' && day('asOf', t('reports.asOf'))}
      <CodeFilters filters={data.filters} />
      {data.report === 'roll-forward' && (
        <NativeSelect
          label={t('reports.steps')}
          data={[
            { value: '', label: t('reports.net') },
            { value: 'true', label: t('reports.gross') },
          ]}
          value={search.gross ?? ''}
          onChange={(event) => change({ gross: event.currentTarget.value })}
        />
      )}
      {data.report === 'liability' && (
        <NativeSelect
          label={t('reports.age')}
          data={[
            { value: '', label: t('reports.bySale') },
            { value: 'activity', label: t('reports.byActivity') },
            { value: 'validity', label: t('reports.byValidity') },
          ]}
          value={search.age ?? ''}
          onChange={(event) => change({ age: event.currentTarget.value })}
        />
      )}
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
  const localized = useLocalized()
  const format = useFormat()
  const show = useCell(data)
  const { chart, columns } = data
  const by = columns.find(({ name }) => name === chart?.by)
  const value = columns.find(({ name }) => name === chart?.value)
  if (chart === null || by === undefined || value === undefined) return null
  const exponents = new Map(data.exponents.map(({ currency, exponent }) => [currency, exponent]))
  // Charts of money name their currency; charts of counts only if there are several currencies.
  const saysCurrency = value.kind === 'money' || data.bars.length > 1
  return data.bars.map(({ currency, bars }) => (
    <Panel
      key={currency}
      title={t('reports.chartOf', {
        value: localized(value.title),
        by: localized(by.title),
        currency: saysCurrency ? currency : '',
      }).replace(/, $/u, '')}
    >
      <BarChart
        label={t('reports.chart')}
        bars={bars.map((bar) => ({
          name: show(
            columns.map((column) => (column === by ? bar.name : null)),
            columns.indexOf(by),
          ),
          value: bar.value,
          shown:
            value.kind === 'money'
              ? format.amount({ value: bar.value, currency, exponent: exponents.get(currency) ?? 2 })
              : format.count(bar.value),
        }))}
      />
    </Panel>
  ))
}

function Rows({ data }: { data: ReportAnswer }) {
  const localized = useLocalized()
  const format = useFormat()
  const navigate = useNavigate()
  return (
    <FiguresTable
      label={localized(data.title)}
      data={data}
      onOpen={({ cells, isTotal }) => {
        const way = isTotal ? null : wayTo(data, cells, format.homeZone)
        if (way !== null) void navigate({ to: way.to, search: way.search })
      }}
    />
  )
}

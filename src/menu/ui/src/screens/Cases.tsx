import { Button, NativeSelect } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Answer } from '../api/call.ts'
import { casesQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { usePageActions } from '../components/palette-entries.ts'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { Status } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useAge } from '../i18n/useAge.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import { stores } from '../lists/card-criteria.ts'
import { PageFoot } from '../lists/ListTools.tsx'
import { onlyCurrency } from '../lists/totals.ts'
import { pick, useListSearch } from '../lists/useListSearch.ts'
import { useWording } from '../lists/useWording.ts'
import classes from './screens.module.css'

const JournalUpload = lazy(() => import('./JournalUpload.tsx').then((module) => ({ default: module.JournalUpload })))

type Row = Answer<'cases.list'>['items'][number]

const KEYS = ['open', 'store', 'order', 'limit', 'cursor']
const REFRESH_MS = 5000

/** Cases to decide, oldest first. */
export function Cases() {
  const t = useText()
  const may = useMay()
  const { search } = useListSearch()
  const open = search.open ?? 'true'
  const list = useQuery({ ...casesQuery({ open, ...pick(search, KEYS) }), refetchInterval: REFRESH_MS })
  const [matching, setMatching] = useState(false)
  const canMatch = may('cases.decide')
  usePageActions(canMatch ? [{ name: t('journal.match'), run: () => setMatching(true) }] : [])
  return (
    <>
      <PageHead
        title={t('page.cases')}
        facts={t('cases.lead')}
        actions={
          canMatch && (
            <Button
              className={classes.asks ?? ''}
              leftSection={<IconFileUpload size={15} stroke={1.6} />}
              onClick={() => setMatching(true)}
            >
              {t('journal.match')}
            </Button>
          )
        }
      />
      <Filters />
      <Panel flush>
        {list.error !== null && list.data === undefined && (
          <Problem error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.error === null && list.data === undefined && <TableSkeleton />}
        {list.data?.items.length === 0 && (
          <div className={classes.padded}>
            <None isOpen={open === 'true'} isFiltered={search.store !== undefined} />
          </div>
        )}
        {list.data !== undefined && list.data.items.length > 0 && <Rows rows={list.data.items} />}
        <PageFoot page={list.data} />
      </Panel>
      <Suspense>{matching && <JournalUpload onClose={() => setMatching(false)} />}</Suspense>
    </>
  )
}

function None({ isOpen, isFiltered }: { isOpen: boolean; isFiltered: boolean }) {
  const t = useText()
  if (!isOpen && isFiltered) return <Notice title={t('state.noneTitle')}>{t('state.noneText')}</Notice>
  return (
    <Notice tone={isOpen ? 'good' : 'plain'} title={t(isOpen ? 'cases.none' : 'cases.noneDecided')}>
      {t('cases.noneText')}
    </Notice>
  )
}

function Filters() {
  const wording = useWording()
  const { t } = wording
  const { search, change } = useListSearch()
  return (
    <div className={classes.filters} role="group" aria-label={t('list.criteria')}>
      <NativeSelect
        label={t('field.state')}
        value={search.open ?? 'true'}
        onChange={(event) => change({ open: event.target.value === 'true' ? undefined : event.target.value })}
        data={[
          { value: 'true', label: t('cases.open') },
          { value: 'false', label: t('cases.decided') },
        ]}
      />
      <NativeSelect
        label={t('field.store')}
        value={search.store ?? ''}
        onChange={(event) => change({ store: event.target.value })}
        data={[{ value: '', label: t('list.any') }, ...stores(wording)]}
      />
    </div>
  )
}

function Rows({ rows }: { rows: readonly Row[] }) {
  const t = useText()
  const navigate = useNavigate()
  const { search, change } = useListSearch()
  return (
    <DataTable
      label={t('page.cases')}
      rows={rows}
      rowKey={({ id }) => id}
      columns={useColumns(rows)}
      onOpen={({ id }) => void navigate({ to: '/cases/$id', params: { id } })}
      sorting={{
        order: search.order ?? 'age',
        descending: true,
        onSort: (order) => change({ order: order === 'age' ? undefined : order }),
      }}
    />
  )
}

function useColumns(rows: readonly Row[]): readonly Column<Row>[] {
  const t = useText()
  const word = useWord()
  const age = useAge()
  const format = useFormat()
  const unit = onlyCurrency(rows.map(({ amount }) => amount))
  return [
    {
      id: 'opened',
      head: t('col.opened'),
      cell: ({ id, openedAt }) => (
        <Link to="/cases/$id" params={{ id }}>
          <When at={openedAt} />
        </Link>
      ),
    },
    {
      id: 'amount',
      head: t('col.amount'),
      unit,
      numeric: true,
      order: 'amount',
      cell: ({ amount }) => <Amount money={amount} withCurrency={unit === undefined} />,
    },
    { id: 'card', head: t('col.card'), cell: ({ card }) => card !== null && <CardNumber number={card.number} short /> },
    { id: 'store', head: t('col.store'), grow: true, cell: ({ store }) => store.name },
    { id: 'terminal', head: t('col.terminal'), cell: ({ terminal }) => terminal },
    {
      id: 'reason',
      head: t('col.reason'),
      cell: ({ reason, approval, resolution, borne }) =>
        borne !== null ? (
          <Status tone={borne.by === 'store' ? 'warn' : 'plain'}>
            {t(`cases.borne.${borne.by}`, { amount: format.money(borne.amount) })}
          </Status>
        ) : resolution === null ? (
          <Status tone={approval === null ? 'warn' : 'wait'}>
            {approval === null ? word('caseReason', reason) : t('cases.waits')}
          </Status>
        ) : (
          <Status tone="plain">{word('resolution', resolution)}</Status>
        ),
    },
    { id: 'age', head: t('col.age'), numeric: true, order: 'age', cell: (row) => age(row.age) },
  ]
}

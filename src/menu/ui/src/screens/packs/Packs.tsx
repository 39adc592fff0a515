import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { packsQuery, serialsQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import type { Column } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { usePageActions } from '../../components/palette-entries.ts'
import { Problem } from '../../components/Problem.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import { stores } from '../../lists/card-criteria.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import { PageFoot } from '../../lists/ListTools.tsx'
import { pick, useListSearch } from '../../lists/useListSearch.ts'
import { useWording } from '../../lists/useWording.ts'
import classes from '../screens.module.css'
import { PACK_STATES, type PackRow, PackState } from './pack-state.tsx'

const MakeDialog = lazy(() => import('./MakeDialog.tsx').then((module) => ({ default: module.MakeDialog })))

const CRITERIA = ['issue', 'recipient', 'state'] as const

/** Packs, the newest first: of a store manager those of the own stores. */
export function Packs() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { search, change } = useListSearch()
  const list = useQuery(packsQuery(pick(search, [...CRITERIA, 'limit', 'cursor'])))
  const columns = useColumns()
  const matching = useQuery(serialsQuery(search['make'] === 'yes' ? search['cards'] : undefined))
  const mayMake = may('packs.make')
  const make = (wanted: boolean): void =>
    change({ make: wanted ? 'yes' : undefined, serials: undefined, cards: undefined, cursor: search.cursor })
  usePageActions(mayMake ? [{ name: t('pack.make'), run: () => make(true) }] : [])
  const isFiltered = CRITERIA.some((key) => search[key] !== undefined)
  return (
    <>
      <PageHead
        title={t('page.packs')}
        actions={
          mayMake && (
            <Button variant="filled" className={classes.asks ?? ''} onClick={() => make(true)}>
              {t('pack.make')}
            </Button>
          )
        }
      />
      <Filters search={search} change={change} />
      {matching.error !== null && <Problem error={matching.error} onRetry={() => void matching.refetch()} />}
      <ListPanel
        list={list}
        empty={{
          title: t(isFiltered ? 'state.noneTitle' : 'pack.none'),
          text: t(isFiltered ? 'state.noneText' : 'pack.noneText'),
        }}
        label={t('page.packs')}
        rowKey={({ id }) => id}
        columns={columns}
        onOpen={({ id }) => void navigate({ to: '/packs/$id', params: { id } })}
      >
        <PageFoot page={list.data} usual="100" />
      </ListPanel>
      <Suspense>
        {mayMake && search['make'] === 'yes' && (search['cards'] === undefined || matching.data !== undefined) && (
          <MakeDialog
            issue={matching.data?.issue ?? search['issue'] ?? null}
            serials={matching.data?.serials ?? search['serials'] ?? ''}
            onClose={() => make(false)}
            onMade={(id) => void navigate({ to: '/packs/$id', params: { id } })}
          />
        )}
      </Suspense>
    </>
  )
}

function Filters({ search, change }: ReturnType<typeof useListSearch>) {
  const wording = useWording()
  const { t, choices } = wording
  const all = { value: '', label: t('pack.all') }
  const recipients = [
    ...stores(wording),
    ...choices.counterparties.map(({ code, name }) => ({ value: code, label: name })),
  ]
  const fields = [
    { key: 'issue', label: t('field.issue'), data: choices.issues.map(({ code }) => ({ value: code, label: code })) },
    { key: 'recipient', label: t('field.recipient'), data: recipients },
    {
      key: 'state',
      label: t('field.state'),
      data: PACK_STATES.map((state) => ({ value: state, label: t(`packState.${state}`) })),
    },
  ]
  return (
    <div className={classes.filters}>
      {fields.map(({ key, label, data }) => (
        <NativeSelect
          key={key}
          label={label}
          value={search[key] ?? ''}
          onChange={(event) => change({ [key]: event.target.value })}
          data={[all, ...data]}
        />
      ))}
    </div>
  )
}

function useColumns(): readonly Column<PackRow>[] {
  const t = useText()
  const format = useFormat()
  return [
    {
      id: 'id',
      head: t('col.pack'),
      cell: ({ id }) => (
        <Link to="/packs/$id" params={{ id }}>
          {id}
        </Link>
      ),
    },
    {
      id: 'issue',
      head: t('col.issue'),
      cell: ({ issue }) => (
        <Link to="/issues/$code" params={{ code: issue }}>
          {issue}
        </Link>
      ),
    },
    {
      id: 'recipient',
      head: t('field.recipient'),
      grow: true,
      cell: ({ recipient: { code, name } }) => (name === code ? name : `${name} (${code})`),
    },
    { id: 'cards', head: t('pack.cards'), numeric: true, cell: ({ cards }) => format.count(cards) },
    { id: 'state', head: t('field.state'), cell: (pack) => <PackState {...pack} /> },
  ]
}

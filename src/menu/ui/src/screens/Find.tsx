import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Search } from '../api/queries.ts'
import { CardNumber } from '../components/CardNumber.tsx'
import { DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { findQuery, type Found } from '../find.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import { linkTo } from '../link-to.ts'
import { useOperation } from './operation.ts'
import classes from './screens.module.css'

type Hit = Found['hits'][number]

/** The results of the find box, if not a single record. */
export function Find() {
  const t = useText()
  const { q = '' }: Search = useSearch({ strict: false })
  const { data, error, refetch } = useQuery({ ...findQuery(q), enabled: q !== '' })
  const isNumber = q.startsWith('h_')
  return (
    <>
      <PageHead
        title={data === undefined ? t('find.title') : t('find.found', { n: data.hits.length })}
        facts={isNumber ? t('find.number') : q}
      />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {q !== '' && error === null && data === undefined && <TableSkeleton rows={3} />}
      {(q === '' || data?.hits.length === 0) && (
        <Panel>
          <Notice title={t(q === '' && !isNumber ? 'find.ask' : 'find.none')}>{t('find.noneText')}</Notice>
        </Panel>
      )}
      {data !== undefined && data.hits.length > 0 && <Hits hits={data.hits} />}
    </>
  )
}

/** A transaction is described in the reader's language; all other hits by their titles. */
function useSaid(): (hit: Hit) => { readonly title: string; readonly detail: string } {
  const word = useWord()
  const format = useFormat()
  const operationText = useOperation()
  return ({ title, detail, transaction }) => {
    if (transaction === null) return { title, detail }
    const { operation, amount, at, store, result } = transaction
    const name = operationText({ operation, role: null })
    return {
      title: amount === null ? name : `${name} ${format.money(amount)}`,
      detail: [store.name, `${format.day(at)}, ${format.clock(at)}`, word('result', result)].join(' · '),
    }
  }
}

function Hits({ hits }: { hits: readonly Hit[] }) {
  const t = useText()
  const said = useSaid()
  const navigate = useNavigate()
  return (
    <Panel flush>
      <DataTable
        label={t('find.title')}
        rows={hits}
        rowKey={({ kind, to }) => `${kind} ${to}`}
        onOpen={({ to }) => void navigate(linkTo(to))}
        columns={[
          {
            id: 'kind',
            head: t('find.kind'),
            cell: ({ kind }) => <span className={classes.quiet}>{t(`find.kind.${kind}`)}</span>,
          },
          {
            id: 'title',
            head: t('find.what'),
            cell: (hit) => (
              <Link {...linkTo(hit.to)}>{hit.card === null ? said(hit).title : <CardNumber number={hit.card} />}</Link>
            ),
          },
          { id: 'detail', head: t('find.detail'), grow: true, cell: (hit) => said(hit).detail },
        ]}
      />
    </Panel>
  )
}

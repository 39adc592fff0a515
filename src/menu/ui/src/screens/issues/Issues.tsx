import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Answer } from '../../api/call.ts'
import { issuesQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import type { Column } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { usePageActions } from '../../components/palette-entries.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import classes from '../screens.module.css'
import { IssueState, useValidity } from './issue-state.tsx'

const PlanDialog = lazy(() => import('./PlanDialog.tsx').then((module) => ({ default: module.PlanDialog })))

type Row = Answer<'issues.list'>['items'][number]

/** All issues, the newest first. */
export function Issues() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const list = useQuery(issuesQuery)
  const columns = useColumns()
  const [planning, setPlanning] = useState(false)
  const mayPlan = may('issues.edit')
  usePageActions(mayPlan ? [{ name: t('issue.plan'), run: () => setPlanning(true) }] : [])
  return (
    <>
      <PageHead
        title={t('page.issues')}
        actions={
          mayPlan && (
            <Button variant="filled" className={classes.asks ?? ''} onClick={() => setPlanning(true)}>
              {t('issue.plan')}
            </Button>
          )
        }
      />
      <ListPanel
        list={list}
        empty={{ title: t('issue.none'), text: t('issue.noneText') }}
        label={t('page.issues')}
        rowKey={({ code }) => code}
        columns={columns}
        onOpen={({ code }) => void navigate({ to: '/issues/$code', params: { code } })}
      />
      <Suspense>
        {planning && (
          <PlanDialog
            onClose={() => setPlanning(false)}
            onDone={(code) => void navigate({ to: '/issues/$code', params: { code } })}
          />
        )}
      </Suspense>
    </>
  )
}

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const validity = useValidity()
  return [
    {
      id: 'code',
      head: t('issue.code'),
      cell: ({ code }) => (
        <Link to="/issues/$code" params={{ code }}>
          {code}
        </Link>
      ),
    },
    { id: 'name', head: t('field.name'), grow: true, cell: ({ name }) => name },
    { id: 'state', head: t('field.state'), cell: ({ state }) => <IssueState state={state} /> },
    { id: 'cards', head: t('pack.cards'), numeric: true, cell: ({ count }) => format.count(count) },
    {
      id: 'value',
      head: t('issue.value'),
      numeric: true,
      cell: ({ minimum, maximum }) => (
        <>
          {minimum.value !== maximum.value && (
            <>
              <Amount money={minimum} />–
            </>
          )}
          <Amount money={maximum} withCurrency />
        </>
      ),
    },
    { id: 'medium', head: t('issue.medium'), wideOnly: true, cell: ({ medium }) => word('word', medium) },
    { id: 'validity', head: t('settings.validity'), wideOnly: true, cell: (row) => validity(row) },
  ]
}

import { Button } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { journalQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { announce } from '../components/announcements.ts'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { FormProblem } from '../components/FormProblem.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { ReasonField } from '../components/ReasonField.tsx'
import { Status, type Tone } from '../components/Status.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { When } from '../components/When.tsx'
import { useText, useWord } from '../i18n/useText.ts'
import { useSelection } from '../lists/useSelection.ts'
import classes from './screens.module.css'
import own from './Case.module.css'

type JournalRecord = Answer<'journals.show'>
type Row = JournalRecord['rows'][number]

const TONES: Record<Row['match'], Tone> = { exact: 'good', likely: 'warn', several: 'warn', none: 'plain' }

const canDecide = ({ case: id, proposal, result }: Row): boolean => id !== null && proposal !== null && result === null

/** A till's journal beside the open cases: proposed decisions, many of them decided at once, and the result of each row. */
export function Journal() {
  const t = useText()
  const may = useMay()
  const { id = '' } = useParams({ strict: false })
  const journal = useSuspenseQuery(journalQuery(id)).data
  const open = journal.rows.filter(canDecide)
  const openIds = open.map(({ row }) => String(row))
  const { keys, clear, toggle, toggleAll } = useSelection(openIds)
  const mayDecide = may('cases.decide') && open.length > 0
  return (
    <>
      <PageHead
        parent={{ to: '/cases', label: t('page.cases') }}
        title={t('journal.title', { store: journal.store.name })}
        facts={
          <>
            <span>{journal.fileName}</span>
            <span>
              {journal.by}, <When at={journal.at} />
            </span>
            <span>{t('journal.summary', { rows: journal.rows.length, open: open.length })}</span>
          </>
        }
      />
      <div className={classes.stack}>
        {mayDecide && (
          <DecideRows journal={journal} chosen={open.filter(({ row }) => keys.has(String(row)))} onDone={clear} />
        )}
        <Panel flush>
          <DataTable
            label={t('journal.rows')}
            rows={journal.rows}
            rowKey={({ row }) => String(row)}
            columns={useColumns()}
            selection={
              mayDecide
                ? { keys, selectable: openIds.length, toggle: (key) => openIds.includes(key) && toggle(key), toggleAll }
                : undefined
            }
          />
        </Panel>
        <p className={classes.small}>SHA-256 {journal.sha256}</p>
      </div>
    </>
  )
}

type DecideProps = { journal: JournalRecord; chosen: readonly Row[]; onDone: () => void }

function DecideRows({ journal, chosen, onDone }: DecideProps) {
  const t = useText()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    const rows = chosen.flatMap(({ row, proposal }) => (proposal === null ? [] : [{ row, decision: proposal }]))
    const { decided, failed, approval } = await call('journals.decide', {
      params: { id: journal.id },
      body: { rows, reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: ['journal', journal.id] })
    void client.invalidateQueries({ queryKey: ['cases'] })
    onDone()
    if (approval === null) announce(failed === 0 ? 'good' : 'warn', t('journal.decided', { decided, failed }))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
  })
  return (
    <form className={own.decision} onSubmit={submit}>
      <p>{t('journal.choose')}</p>
      <div className={own.answer}>
        <ReasonField oneLine value={reason} onChange={setReason} />
        <Button type="submit" variant="filled" disabled={chosen.length === 0} loading={busy}>
          {t('journal.decide', { n: chosen.length })}
        </Button>
      </div>
      <FormProblem text={problem} />
    </form>
  )
}

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  const word = useWord()
  return [
    { id: 'row', head: t('journal.row'), numeric: true, cell: ({ row }) => row },
    { id: 'terminal', head: t('col.terminal'), cell: ({ terminal }) => terminal },
    { id: 'stan', head: t('field.stan'), cell: ({ stan }) => (stan === null ? '–' : String(stan).padStart(6, '0')) },
    { id: 'at', head: t('col.time'), wideOnly: true, cell: ({ at }) => at },
    { id: 'lastFour', head: t('field.lastFour'), cell: ({ lastFour }) => lastFour },
    {
      id: 'amount',
      head: t('col.amount'),
      numeric: true,
      cell: ({ amount }) => (amount === null ? '–' : <Amount money={amount} withCurrency />),
    },
    {
      id: 'match',
      head: t('journal.matched'),
      cell: ({ match }) => <Status tone={TONES[match]}>{t(`match.${match}`)}</Status>,
    },
    {
      id: 'case',
      head: t('tx.case'),
      cell: ({ case: id }) =>
        id !== null && (
          <Link to="/cases/$id" params={{ id }}>
            {id}
          </Link>
        ),
    },
    {
      id: 'proposal',
      head: t('journal.proposal'),
      grow: true,
      wraps: true,
      cell: ({ proposal }) => proposal !== null && t(`case.${proposal}`),
    },
    {
      id: 'result',
      head: t('journal.result'),
      wraps: true,
      cell: ({ result }) => result !== null && word('resolution', result),
    },
  ]
}

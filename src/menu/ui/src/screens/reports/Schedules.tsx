import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { reportsQuery, schedulesQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Problem } from '../../components/Problem.tsx'
import { problemText } from '../../components/problem-text.ts'
import { Notice, TableSkeleton } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { AddSchedule } from './AddSchedule.tsx'

type Schedule = Answer<'schedules.list'>['items'][number]

/** Scheduled reports, and the results of their runs. */
export function Schedules() {
  const t = useText()
  const may = useMay()
  const list = useQuery(schedulesQuery)
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Schedule | null>(null)
  const maySchedule = may('reports.schedule')
  const columns = useColumns(maySchedule, setRemoving)
  const items = list.data?.items ?? []
  const canGo = (list.data?.directories.length ?? 0) + (list.data?.mailDomains.length ?? 0) > 0
  return (
    <Panel
      title={t('schedules.title')}
      flush
      actions={maySchedule && canGo && <Button onClick={() => setAdding(true)}>{t('schedules.add')}</Button>}
    >
      {list.error !== null && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.error === null && list.data === undefined && <TableSkeleton rows={2} />}
      {list.data !== undefined && items.length === 0 && (
        <div className={classes.padded}>
          <Notice title={t('schedules.none')}>{t(canGo ? 'schedules.noneText' : 'schedules.nowhere')}</Notice>
        </div>
      )}
      {items.length > 0 && (
        <DataTable label={t('schedules.title')} rows={items} rowKey={({ id }) => id} columns={columns} />
      )}
      {adding && list.data !== undefined && <AddSchedule places={list.data} onClose={() => setAdding(false)} />}
      {removing !== null && <Remove schedule={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  )
}

function useColumns(maySchedule: boolean, onRemove: (schedule: Schedule) => void): readonly Column<Schedule>[] {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const reports = useQuery(reportsQuery).data?.items ?? []
  const when = ({ rhythm, onDay, at }: Schedule): string => {
    const day =
      rhythm === 'weekly'
        ? t(`schedules.day${onDay as 1}`)
        : rhythm === 'monthly'
          ? t('schedules.onDay', { day: onDay })
          : ''
    return [t(`schedules.${rhythm}`), day, at].filter((part) => part !== '').join(', ')
  }
  const remove: Column<Schedule> = {
    id: 'remove',
    head: t('audit.action'),
    cell: (schedule) => (
      <Button
        size="compact-sm"
        aria-label={`${t('schedules.remove')}: ${schedule.name}`}
        onClick={() => onRemove(schedule)}
      >
        {t('schedules.remove')}
      </Button>
    ),
  }
  return [
    { id: 'name', head: t('schedules.name'), grow: true, cell: ({ name }) => name },
    {
      id: 'report',
      head: t('schedules.report'),
      cell: ({ report }) => {
        const found = reports.find((one) => one.report === report)
        return found === undefined ? report : localized(found.title)
      },
    },
    { id: 'when', head: t('schedules.when'), cell: when },
    {
      id: 'place',
      head: t('schedules.place'),
      cell: ({ place, target }) => (place === 'mail' ? target : t('schedules.directory', { name: target })),
    },
    {
      id: 'next',
      head: t('schedules.next'),
      wideOnly: true,
      cell: ({ nextAt }) => `${format.day(nextAt)}, ${format.clock(nextAt)}`,
    },
    {
      id: 'latest',
      head: t('schedules.latest'),
      cell: (schedule) => <Latest schedule={schedule} maySchedule={maySchedule} />,
    },
    ...(maySchedule ? [remove] : []),
  ]
}

/** The state of a schedule: a failed run until it is corrected, otherwise the latest run. */
function Latest({ schedule: { last, failed, failures }, maySchedule }: { schedule: Schedule; maySchedule: boolean }) {
  const t = useText()
  const format = useFormat()
  const client = useQueryClient()
  const said = useLocalized()
  const shown = failed ?? last
  if (shown === null) return '–'
  const { id, state, tries, from, to, trouble } = shown
  const tone = state === 'done' ? 'good' : state === 'failed' || tries > 0 ? 'bad' : 'wait'
  const retry = async (): Promise<void> => {
    try {
      await call('schedules.retry', { params: { id }, body: {} })
      await client.invalidateQueries({ queryKey: ['schedules'] })
    } catch (error) {
      announce('bad', problemText(error, t))
    }
  }
  return (
    <>
      <Status tone={tone}>{t(`schedules.${state}`)}</Status>{' '}
      {t('schedules.of', { from: format.date(from), to: format.date(to) })}
      {trouble !== null && <div className={classes.small}>{said(trouble)}</div>}
      {failures > 1 && <div className={classes.small}>{t('schedules.failures', { n: failures })}</div>}
      {maySchedule && state === 'failed' && (
        <Button size="compact-sm" onClick={() => void retry()}>
          {t('schedules.retry')}
        </Button>
      )}
    </>
  )
}

function Remove({ schedule: { id, name }, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await call('schedules.remove', { params: { id } })
    await client.invalidateQueries({ queryKey: ['schedules'] })
    announce('good', t('act.saved'))
    onClose()
  })
  return (
    <Dialog title={t('schedules.remove')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('schedules.removeText', { name })}</p>
        <FormActs problem={problem} busy={busy} act={t('schedules.remove')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

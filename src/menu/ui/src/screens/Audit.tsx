import { Button, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { auditQuery } from '../api/queries.ts'
import { Callout } from '../components/Callout.tsx'
import type { Column } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { usePageActions } from '../components/palette-entries.ts'
import { problemText } from '../components/problem-text.ts'
import { Status } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import { dayOf, endOfDay, startOfDay } from '../i18n/days.ts'
import { ListPanel } from '../lists/ListPanel.tsx'
import { PageFoot } from '../lists/ListTools.tsx'
import { pick, useListSearch } from '../lists/useListSearch.ts'
import classes from './screens.module.css'

type Row = Answer<'audit.list'>['items'][number]

const TEXT_FIELDS = ['who', 'action', 'object', 'outcome', 'channel'] as const
const KEYS = ['from', 'to', ...TEXT_FIELDS, 'limit', 'cursor']

/** Everything that was done, seen and refused: append-only and chained. */
export function Audit() {
  const t = useText()
  const { search } = useListSearch()
  const list = useQuery(auditQuery(pick(search, KEYS)))
  const verification = useMutation({ mutationFn: () => call('audit.verify', { body: {} }) })
  usePageActions([{ name: t('audit.verify'), run: () => verification.mutate() }])
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('page.audit')}
        facts={t('audit.lead')}
        actions={
          <Button
            leftSection={<IconShieldCheck size={15} stroke={1.6} />}
            loading={verification.isPending}
            onClick={() => verification.mutate()}
          >
            {t('audit.verify')}
          </Button>
        }
      />
      <div className={classes.stack}>
        {verification.data !== undefined && <Verified {...verification.data} />}
        {verification.error !== null && <Callout tone="bad" title={problemText(verification.error, t)} />}
        <Filters />
        <ListPanel
          list={list}
          empty={{ title: t('state.noneTitle'), text: t('state.noneText') }}
          label={t('page.audit')}
          rowKey={({ id }) => id}
          columns={columns}
        >
          <PageFoot page={list.data} />
        </ListPanel>
      </div>
    </>
  )
}

function Verified({ rows, faults, anchoredAt, head }: Answer<'audit.verify'>) {
  const t = useText()
  const format = useFormat()
  const sound = faults.length === 0
  return (
    <Callout
      tone={sound ? 'good' : 'bad'}
      title={t(sound ? 'audit.sound' : 'audit.unsound', { rows: format.count(rows), n: rows })}
    >
      {faults.map((fault) => (
        <p key={fault}>{fault}</p>
      ))}
      <p>
        {anchoredAt === null
          ? t('audit.notAnchored')
          : t('audit.anchored', { time: `${format.day(anchoredAt)}, ${format.clock(anchoredAt)}` })}{' '}
        {head.slice(0, 16)}
      </p>
    </Callout>
  )
}

function Filters() {
  const t = useText()
  const format = useFormat()
  const { search, change } = useListSearch()
  const zone = format.homeZone
  return (
    <div className={classes.filters} role="group" aria-label={t('list.criteria')}>
      <TextInput
        type="date"
        label={t('field.from')}
        value={search.from === undefined ? '' : dayOf(search.from, zone)}
        onChange={(event) =>
          change({ from: event.target.value === '' ? undefined : startOfDay(event.target.value, zone) })
        }
      />
      <TextInput
        type="date"
        label={t('field.to')}
        value={search.to === undefined ? '' : dayOf(search.to, zone)}
        onChange={(event) => change({ to: event.target.value === '' ? undefined : endOfDay(event.target.value, zone) })}
      />
      {TEXT_FIELDS.map((key) => (
        <TextFilter
          key={key}
          label={t(`audit.${key}`)}
          value={search[key] ?? ''}
          onSet={(value) => change({ [key]: value })}
        />
      ))}
    </div>
  )
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(', ') : typeof value === 'string' ? value : JSON.stringify(value)

/** `{"address":"10.0.0.1","roles":["auditor","issuer"]}` as people read it: address 10.0.0.1 · roles auditor, issuer. */
function told(details: string): string {
  if (!details.startsWith('{')) return details
  const read = JSON.parse(details) as Readonly<Record<string, unknown>>
  return Object.entries(read)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name} ${textOf(value)}`)
    .join(' · ')
}

function TextFilter({ label, value, onSet }: { label: string; value: string; onSet: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const commit = (): void => {
    if (text.trim() !== value) onSet(text.trim())
  }
  return (
    <TextInput
      label={label}
      maxLength={64}
      autoComplete="off"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}

const QUIET: ReadonlySet<string> = new Set(['done', 'ok'])

/** People are changed here; the command line does it for the first administrator and in emergencies. */
const isEmergency = ({ channel, action, outcome }: Row): boolean =>
  channel === 'cli' && action.startsWith('users.') && QUIET.has(outcome)

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  const word = useWord()
  return [
    { id: 'at', head: t('col.time'), cell: ({ at }) => <When at={at} show="bothSeconds" /> },
    { id: 'who', head: t('audit.who'), cell: ({ who }) => who },
    { id: 'channel', head: t('audit.channel'), wideOnly: true, cell: ({ channel }) => word('channel', channel) },
    { id: 'action', head: t('audit.action'), cell: ({ action }) => action },
    { id: 'object', head: t('audit.object'), cell: ({ object }) => `${object.kind} ${object.id}` },
    {
      id: 'outcome',
      head: t('audit.outcome'),
      cell: (row) =>
        isEmergency(row) ? (
          <Status tone="warn">{t('audit.emergency')}</Status>
        ) : (
          <Status tone={QUIET.has(row.outcome) ? 'plain' : 'warn'}>{word('outcome', row.outcome)}</Status>
        ),
    },
    {
      id: 'details',
      head: t('audit.details'),
      grow: true,
      cell: ({ details }) => <span title={details}>{told(details)}</span>,
    },
    { id: 'chained', head: t('audit.chained'), numeric: true, wideOnly: true, cell: ({ chained }) => chained ?? '…' },
  ]
}

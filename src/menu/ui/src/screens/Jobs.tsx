import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Answer } from '../api/call.ts'
import { jobsQuery } from '../api/queries.ts'
import { PageHead } from '../components/PageHead.tsx'
import { Status, type Tone } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import { ListPanel } from '../lists/ListPanel.tsx'
import { PageFoot } from '../lists/ListTools.tsx'
import { pick, useListSearch } from '../lists/useListSearch.ts'
import classes from './screens.module.css'

type Row = Answer<'jobs.list'>['items'][number]

const TONES: Record<Row['state'], Tone> = { waiting: 'wait', running: 'wait', done: 'plain', failed: 'bad' }
const REFRESH_MS = 1000

/** Background jobs with their progress. */
export function Jobs() {
  const t = useText()
  const word = useWord()
  const said = useLocalized()
  const { search } = useListSearch()
  const list = useQuery({ ...jobsQuery(pick(search, ['open', 'limit', 'cursor'])), refetchInterval: REFRESH_MS })
  return (
    <>
      <PageHead title={t('page.jobs')} />
      <ListPanel
        list={list}
        empty={{ title: t('jobs.none'), text: t('jobs.noneText') }}
        label={t('page.jobs')}
        rowKey={({ id }) => id}
        columns={[
          { id: 'created', head: t('jobs.created'), cell: ({ createdAt }) => <When at={createdAt} /> },
          { id: 'kind', head: t('jobs.kind'), cell: ({ kind }) => word('job', kind) },
          {
            id: 'subject',
            head: t('jobs.subject'),
            grow: true,
            wraps: true,
            cell: ({ subject, to, trouble, troubleText }) => (
              <>
                {to === null ? subject : <Link to={to}>{subject}</Link>}
                {trouble !== null && (
                  <p className={classes.small}>{troubleText === null ? trouble : said(troubleText)}</p>
                )}
              </>
            ),
          },
          { id: 'who', head: t('field.who'), cell: ({ who }) => who },
          { id: 'progress', head: t('jobs.progress'), numeric: true, cell: (row) => <Share row={row} /> },
          {
            id: 'state',
            head: t('col.state'),
            cell: ({ state }) => <Status tone={TONES[state]}>{t(`job.${state}`)}</Status>,
          },
          {
            id: 'ended',
            head: t('jobs.ended'),
            wideOnly: true,
            cell: ({ endedAt }) => endedAt !== null && <When at={endedAt} />,
          },
        ]}
      >
        <PageFoot page={list.data} />
      </ListPanel>
    </>
  )
}

function Share({ row: { done, total, state, subject } }: { row: Row }) {
  const t = useText()
  const format = useFormat()
  return (
    <>
      {t('jobs.of', { done: format.count(done), total: format.count(total) })}
      {state === 'running' && (
        <Progress
          size="xs"
          value={total === 0 ? 0 : (done / total) * 100}
          aria-label={`${t('jobs.progress')}: ${subject}`}
        />
      )}
    </>
  )
}

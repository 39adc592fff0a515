import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Answer, call } from '../api/call.ts'
import { alertsQuery } from '../api/queries.ts'
import { usePerson } from '../api/session.ts'
import { announce } from '../components/announcements.ts'
import { PageHead } from '../components/PageHead.tsx'
import { problemText } from '../components/problem-text.ts'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText } from '../i18n/useText.ts'
import { ListPanel } from '../lists/ListPanel.tsx'
import { PageFoot } from '../lists/ListTools.tsx'
import { pick, useListSearch } from '../lists/useListSearch.ts'
import classes from './screens.module.css'

type Row = Answer<'alerts.list'>['items'][number]

const REFRESH_MS = 5000

/** Alerts: subject, time, and who has seen them. */
export function Alerts() {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const { search } = useListSearch()
  const list = useQuery({ ...alertsQuery(pick(search, ['limit', 'cursor'])), refetchInterval: REFRESH_MS })
  return (
    <>
      <PageHead title={t('page.alerts')} />
      <ListPanel
        list={list}
        empty={{ tone: 'good', title: t('alerts.none'), text: t('alerts.noneText') }}
        label={t('page.alerts')}
        rowKey={({ id }) => id}
        mark={({ seenBy }) => (seenBy.length === 0 ? 'warn' : undefined)}
        columns={[
          { id: 'since', head: t('alerts.since'), cell: ({ since }) => <When at={since} /> },
          {
            id: 'what',
            head: t('alerts.what'),
            grow: true,
            wraps: true,
            cell: ({ to, text }) => (to === null ? localized(text) : <Link to={to}>{localized(text)}</Link>),
          },
          { id: 'count', head: t('alerts.count'), numeric: true, cell: ({ count }) => format.count(count) },
          { id: 'last', head: t('alerts.last'), wideOnly: true, cell: ({ lastAt }) => <When at={lastAt} /> },
          { id: 'seen', head: t('alerts.seenBy'), cell: (row) => <SeenBy row={row} /> },
        ]}
      >
        <PageFoot page={list.data} />
      </ListPanel>
    </>
  )
}

function SeenBy({ row: { id, seenBy } }: { row: Row }) {
  const t = useText()
  const client = useQueryClient()
  const { login: me } = usePerson()
  const see = async (): Promise<void> => {
    try {
      await call('alerts.see', { params: { id }, body: {} })
      await client.invalidateQueries({ queryKey: ['alerts'] })
    } catch (error) {
      announce('bad', problemText(error, t))
    }
  }
  return (
    <span className={classes.row}>
      {seenBy.map(({ login, at }) => (
        <span key={login}>
          {login}{' '}
          <span className={classes.small}>
            <When at={at} />
          </span>
        </span>
      ))}
      {!seenBy.some(({ login }) => login === me) && (
        <Button size="compact-sm" onClick={() => void see()}>
          {t('alerts.see')}
        </Button>
      )}
    </span>
  )
}

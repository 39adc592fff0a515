import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../api/call.ts'
import { upstreamsQuery } from '../api/queries.ts'
import { Amount } from '../components/Amount.tsx'
import type { Column } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Status } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useText } from '../i18n/useText.ts'
import { ListPanel } from '../lists/ListPanel.tsx'

type Row = Answer<'upstreams.list'>['items'][number]

const REFRESH_MS = 5_000

/** Other hosts: what they are owed, what is set aside for a person, and what they owe us. */
export function Upstreams() {
  const t = useText()
  const list = useQuery({ ...upstreamsQuery, refetchInterval: REFRESH_MS })
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('page.upstreams')} facts={t('upstream.lead')} />
      <ListPanel
        list={list}
        empty={{ title: t('upstream.none'), text: t('upstream.noneText') }}
        label={t('page.upstreams')}
        rowKey={({ name }) => name}
        columns={columns}
        mark={({ setAside }) => (setAside > 0 ? 'warn' : undefined)}
      />
    </>
  )
}

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  return [
    { id: 'name', head: t('upstream.name'), cell: ({ name }) => name },
    { id: 'owed', head: t('upstream.owed'), numeric: true, cell: ({ owed }) => owed },
    { id: 'oldest', head: t('upstream.oldest'), cell: ({ oldest }) => (oldest === null ? '–' : <When at={oldest} />) },
    { id: 'tries', head: t('upstream.tries'), numeric: true, cell: ({ tries }) => tries },
    {
      id: 'setAside',
      head: t('upstream.setAside'),
      numeric: true,
      cell: ({ setAside }) => (setAside === 0 ? '0' : <Status tone="warn">{setAside}</Status>),
    },
    { id: 'pending', head: t('upstream.pending'), numeric: true, cell: ({ pending }) => pending },
    {
      id: 'balance',
      head: t('upstream.balance'),
      numeric: true,
      cell: ({ owes }) =>
        owes.length === 0 ? '–' : owes.map((money) => <Amount key={money.currency} money={money} withCurrency />),
    },
    { id: 'worked', head: t('upstream.worked'), wideOnly: true, cell: ({ leasedUntil }) => <When at={leasedUntil} /> },
    {
      id: 'failure',
      head: t('upstream.failure'),
      grow: true,
      cell: ({ lastFailure }) => <span title={lastFailure ?? undefined}>{lastFailure ?? '–'}</span>,
    },
  ]
}

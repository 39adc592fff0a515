import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Answer } from '../api/call.ts'
import { setAsideQuery, upstreamsQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Status, type Tone } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useStored } from '../i18n/stored.ts'
import { useText } from '../i18n/useText.ts'
import { ListPanel } from '../lists/ListPanel.tsx'
import classes from './screens.module.css'

type Row = Answer<'upstreams.list'>['items'][number]
type Aside = Answer<'upstreams.setAside'>['items'][number]

const REFRESH_MS = 5_000

/** Upstream hosts: connections and circuit breaker, queued messages, messages set aside, and balances. */
export function Upstreams() {
  const t = useText()
  const list = useQuery({ ...upstreamsQuery, refetchInterval: REFRESH_MS })
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('page.upstreams')} facts={t('upstream.lead')} />
      <div className={classes.stack}>
        <ListPanel
          list={list}
          empty={{ title: t('upstream.none'), text: t('upstream.noneText') }}
          label={t('page.upstreams')}
          rowKey={({ name }) => name}
          columns={columns}
          mark={({ setAside, live }) =>
            live !== null && live.circuit !== 'closed' ? 'bad' : setAside > 0 ? 'warn' : undefined
          }
        />
        {list.data !== undefined && list.data.items.length > 0 && <SetAside />}
      </div>
    </>
  )
}

const CIRCUITS: Record<NonNullable<Row['live']>['circuit'], Tone> = { closed: 'plain', half_open: 'warn', open: 'bad' }

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  const stored = useStored()
  return [
    { id: 'name', head: t('upstream.name'), cell: ({ name }) => name },
    {
      id: 'connections',
      head: t('upstream.connections'),
      numeric: true,
      cell: ({ live }) => (live === null ? '–' : live.connections),
    },
    {
      id: 'circuit',
      head: t('upstream.circuit'),
      cell: ({ live }) =>
        live === null ? (
          <span title={t('upstream.notHere')}>–</span>
        ) : (
          <Status tone={CIRCUITS[live.circuit]}>{t(`circuit.${live.circuit}`)}</Status>
        ),
    },
    { id: 'owed', head: t('upstream.owed'), numeric: true, cell: ({ owed }) => owed },
    { id: 'oldest', head: t('upstream.oldest'), cell: ({ oldest }) => (oldest === null ? '–' : <When at={oldest} />) },
    { id: 'tries', head: t('upstream.tries'), numeric: true, wideOnly: true, cell: ({ tries }) => tries },
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
    {
      id: 'failure',
      head: t('upstream.failure'),
      grow: true,
      wraps: true,
      cell: ({ lastFailure }) => {
        const text = stored(lastFailure ?? '–')
        return <span title={text}>{text}</span>
      },
    },
  ]
}

/** Messages that a host refused for good: each opened a case, which a person decides. */
function SetAside() {
  const t = useText()
  const { data } = useQuery({ ...setAsideQuery, refetchInterval: REFRESH_MS })
  const columns = useAsideColumns()
  if (data === undefined) return null
  return (
    <Panel title={t('upstream.setAsideTitle')} note={t('upstream.setAsideNote')} flush={data.items.length > 0}>
      {data.items.length === 0 ? (
        <p className={classes.small}>{t('upstream.noneSetAside')}</p>
      ) : (
        <DataTable
          label={t('upstream.setAsideTitle')}
          rows={data.items}
          rowKey={({ transaction, kind }) => `${transaction} ${kind}`}
          columns={columns}
        />
      )}
    </Panel>
  )
}

function useAsideColumns(): readonly Column<Aside>[] {
  const t = useText()
  const may = useMay()
  const stored = useStored()
  return [
    { id: 'at', head: t('col.time'), cell: ({ setAsideAt }) => <When at={setAsideAt} /> },
    { id: 'host', head: t('upstream.name'), cell: ({ upstream }) => upstream },
    { id: 'kind', head: t('upstream.message'), cell: ({ kind }) => t(`upstream.${kind}`) },
    {
      id: 'card',
      head: t('col.card'),
      wideOnly: true,
      cell: ({ card }) => <CardNumber number={{ firstSix: card.slice(0, 6), lastFour: card.slice(-4) }} />,
    },
    {
      id: 'amount',
      head: t('col.amount'),
      numeric: true,
      cell: ({ amount }) => (amount === null ? '–' : <Amount money={amount} withCurrency />),
    },
    {
      id: 'store',
      head: t('field.store'),
      grow: true,
      wraps: true,
      cell: ({ store, terminal }) => <span title={`${store.name}, ${terminal}`}>{`${store.name}, ${terminal}`}</span>,
    },
    { id: 'why', head: t('upstream.failure'), cell: ({ why }) => stored(why ?? '–') },
    {
      id: 'transaction',
      head: t('upstream.transaction'),
      cell: ({ transaction }) =>
        may('transactions.find') ? (
          <Link to="/transactions/$id" params={{ id: transaction }}>
            {transaction}
          </Link>
        ) : (
          transaction
        ),
    },
    { id: 'case', head: t('upstream.todo'), cell: (item) => <Todo item={item} /> },
  ]
}

function Todo({ item }: { item: Aside }) {
  const t = useText()
  const may = useMay()
  if (item.case === null) return '–'
  const text = t(item.case.open ? 'upstream.decide' : 'upstream.decided')
  if (!may('cases.find')) return <Status tone={item.case.open ? 'warn' : 'plain'}>{text}</Status>
  return (
    <Link to="/cases/$id" params={{ id: item.case.id }}>
      {text}
    </Link>
  )
}

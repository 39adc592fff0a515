import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Answer } from '../api/call.ts'
import { transactionsCountQuery, transactionsQuery } from '../api/queries.ts'
import { Amount } from '../components/Amount.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import type { Column } from '../components/DataTable.tsx'
import { Notice } from '../components/States.tsx'
import { TransactionState } from '../components/TransactionState.tsx'
import { When } from '../components/When.tsx'
import { dayOf, startOfDay } from '../i18n/days.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import { type ListKind, ListScreen } from '../lists/ListScreen.tsx'
import { onlyCurrency } from '../lists/totals.ts'
import { TRANSACTION_CRITERIA } from '../lists/transaction-criteria.ts'
import { pick, useListSearch } from '../lists/useListSearch.ts'
import { isFound, useSlowGate } from '../lists/useSlowGate.ts'
import { useOperation } from './operation.ts'

type Row = Answer<'transactions.list'>['items'][number]

const KEYS = TRANSACTION_CRITERIA.map(({ key }) => key)

/** The first page shows what comes in by itself. */
const REFRESH_MS = 2000

export function Transactions() {
  const client = useQueryClient()
  const { search } = useListSearch()
  const filter = pick(search, KEYS)
  const query = transactionsQuery(pick(search, [...KEYS, 'order', 'descending', 'limit', 'cursor']))
  const live = search.cursor === undefined && REFRESH_MS
  const gate = useSlowGate(filter, useQuery(transactionsCountQuery(filter)))
  const page = useQuery({ ...query, enabled: gate.open, refetchInterval: gate.counted?.slow === true ? false : live })
  return (
    <ListScreen
      kind={useKind(page.data?.items ?? [])}
      page={page}
      counted={gate.counted}
      held={gate.held && !isFound(page)}
      onRun={gate.onRun}
      onCancel={() => {
        gate.onStop()
        void client.cancelQueries({ queryKey: query.queryKey })
      }}
    />
  )
}

function useKind(rows: readonly Row[]): ListKind<Row> {
  const t = useText()
  const { homeZone } = useFormat()
  return {
    list: 'transactions',
    title: t('page.transactions'),
    criteria: TRANSACTION_CRITERIA,
    columns: useColumns(rows),
    shown: ['time', 'store', 'terminal', 'operation', 'card', 'amount', 'response', 'state', 'reference'],
    order: 'time',
    rowKey: ({ id }) => id,
    rowTo: ({ id }) => `/transactions/${id}`,
    countText: (count, n) => t('list.transactions', { count, n }),
    quicker: {
      text: t('transactions.onlyToday'),
      change: () => ({ from: startOfDay(dayOf(new Date().toISOString(), homeZone), homeZone), to: undefined }),
    },
    empty: <Notice title={t('transactions.empty')}>{t('transactions.emptyText')}</Notice>,
  }
}

function useColumns(rows: readonly Row[]): readonly Column<Row>[] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const operationText = useOperation()
  const unit = onlyCurrency(rows.map(({ amount, asked }) => amount ?? asked))
  const withCurrency = unit === undefined
  return [
    {
      id: 'time',
      head: t('col.time'),
      order: 'time',
      cell: ({ id, at, timeZone }) => (
        <Link to="/transactions/$id" params={{ id }}>
          <When at={at} zone={timeZone} show="bothSeconds" />
        </Link>
      ),
    },
    { id: 'store', head: t('col.store'), grow: true, cell: ({ store }) => store.name },
    { id: 'terminal', head: t('col.terminal'), wideOnly: true, cell: ({ terminal }) => terminal },
    { id: 'operation', head: t('col.operation'), cell: (row) => operationText(row) },
    {
      id: 'card',
      head: t('col.card'),
      cell: ({ card }) =>
        card !== null && (
          <Link to="/cards/$id" params={{ id: card.id }}>
            <CardNumber number={card.number} short />
          </Link>
        ),
    },
    {
      id: 'amount',
      head: t('col.amount'),
      unit,
      numeric: true,
      order: 'amount',
      cell: (row) => <Moved row={row} withCurrency={withCurrency} />,
    },
    {
      id: 'response',
      head: t('col.response'),
      cell: ({ response, result }) => <span title={word('result', result)}>{response}</span>,
    },
    { id: 'state', head: t('col.state'), cell: (row) => <TransactionState {...row} /> },
    { id: 'reference', head: t('col.reference'), cell: ({ reference }) => reference },
    { id: 'day', head: t('field.day'), cell: ({ businessDay }) => format.date(businessDay) },
    { id: 'approvalCode', head: t('field.approvalCode'), cell: ({ approvalCode }) => approvalCode },
    { id: 'stan', head: t('field.stan'), cell: ({ stan }) => String(stan).padStart(6, '0') },
    { id: 'entryMode', head: t('field.entryMode'), cell: ({ entryMode }) => entryMode },
    { id: 'channel', head: t('field.channel'), cell: ({ channel }) => word('channel', channel) },
    { id: 'who', head: t('field.who'), cell: ({ who }) => who },
    { id: 'hasCase', head: t('field.hasCase'), cell: ({ hasCase }) => (hasCase ? t('list.yes') : '') },
  ]
}

/** The amount moved, from the card's view; an amount only asked for is struck through. */
function Moved({ row: { amount, asked, state }, withCurrency }: { row: Row; withCurrency: boolean }) {
  const money = amount ?? asked
  if (money === null || (amount === null && money.value === 0)) return '–'
  const stands = amount !== null && state !== 'declined'
  return (
    <Amount
      money={money}
      signed={stands}
      struck={!stands || state === 'reversed' || state === 'cancelled'}
      withCurrency={withCurrency}
    />
  )
}

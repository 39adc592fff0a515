import { Button, TextInput } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../../api/call.ts'
import { counterpartyQuery, statementQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Facts } from '../../components/Facts.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Problem } from '../../components/Problem.tsx'
import { TableSkeleton } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import { pick, queryText, useListSearch } from '../../lists/useListSearch.ts'
import { FiguresTable } from '../reports/FiguresTable.tsx'
import { Files } from '../reports/Files.tsx'
import { Meanings } from '../reports/Meanings.tsx'
import classes from '../screens.module.css'
import { CounterpartyState } from './Counterparties.tsx'
import { CloseDialog, CorrectDialog, LimitDialog, PayDialog } from './dialogs.tsx'

type Page = Answer<'counterparties.show'>
type Payment = Page['payments'][number]

/** One counterparty: debt, payments, credit limits, statement and packs. */
export function Counterparty() {
  const { code } = useParams({ strict: false }) as { code: string }
  const t = useText()
  const may = useMay()
  const { counterparty, payments, packs } = useSuspenseQuery(counterpartyQuery(code)).data
  const [asked, setAsked] = useState<'pay' | 'limit' | 'close' | null>(null)
  const [correcting, setCorrecting] = useState<Payment | null>(null)
  const currency = counterparty.credits[0]?.owed.currency ?? 'PLN'
  const close = () => setAsked(null)
  return (
    <>
      <PageHead
        parent={{ to: '/counterparties', label: t('page.counterparties') }}
        title={counterparty.name}
        status={<CounterpartyState state={counterparty.state} />}
        facts={counterparty.code}
        actions={
          <>
            {may('counterparties.edit') && counterparty.state === 'open' && (
              <Button className={classes.asks ?? ''} onClick={() => setAsked('close')}>
                {t('counterparties.close')}
              </Button>
            )}
            {may('counterparties.edit') && (
              <Button className={classes.asks ?? ''} onClick={() => setAsked('limit')}>
                {t('counterparties.setLimit')}
              </Button>
            )}
            {may('counterparties.payments') && (
              <Button variant="filled" className={classes.asks ?? ''} onClick={() => setAsked('pay')}>
                {t('counterparties.pay')}
              </Button>
            )}
          </>
        }
      />
      <div className={classes.stack}>
        <Balance credits={counterparty.credits} />
        <Panel title={t('counterparties.payments')} flush>
          {payments.length === 0 ? (
            <p className={classes.padded}>{t('counterparties.noPayments')}</p>
          ) : (
            <Payments payments={payments} {...(may('counterparties.payments') && { onCorrect: setCorrecting })} />
          )}
        </Panel>
        <Statement code={code} />
        {packs.length > 0 && <Packs packs={packs} />}
      </div>
      {asked === 'pay' && <PayDialog code={code} currency={currency} onClose={close} />}
      {asked === 'limit' && <LimitDialog code={code} currency={currency} onClose={close} />}
      {asked === 'close' && <CloseDialog code={code} onClose={close} />}
      {correcting !== null && <CorrectDialog {...correcting} onClose={() => setCorrecting(null)} />}
    </>
  )
}

function Balance({ credits }: { credits: Page['counterparty']['credits'] }) {
  const t = useText()
  return (
    <Panel title={t('counterparties.balance')}>
      {credits.length === 0 && <p>{t('counterparties.nothingOwed')}</p>}
      {credits.map(({ owed, committed, limit }) => (
        <Facts
          key={owed.currency}
          columns={2}
          facts={[
            [t('counterparties.owed'), <Amount key="owed" money={owed} withCurrency />],
            [t('counterparties.committed'), <Amount key="committed" money={committed} withCurrency />],
            [
              t('counterparties.limit'),
              limit === null ? t('counterparties.noLimit') : <Amount key="limit" money={limit} withCurrency />,
            ],
          ]}
        />
      ))}
    </Panel>
  )
}

function Payments({ payments, onCorrect }: { payments: readonly Payment[]; onCorrect?: (payment: Payment) => void }) {
  const t = useText()
  const format = useFormat()
  const corrected = new Set(payments.flatMap(({ corrects }) => corrects ?? []))
  const columns: readonly Column<Payment>[] = [
    { id: 'paidOn', head: t('counterparties.paidOn'), cell: ({ paidOn }) => format.date(paidOn) },
    { id: 'reference', head: t('field.reference'), cell: ({ reference }) => reference },
    {
      id: 'amount',
      head: t('field.amount'),
      numeric: true,
      cell: ({ amount }) => <Amount money={amount} withCurrency />,
    },
    {
      id: 'state',
      head: t('field.state'),
      cell: ({ approvedBy, corrects }) => (
        <Status tone={approvedBy === null ? 'wait' : corrects === null ? 'good' : 'warn'}>
          {approvedBy === null
            ? t('counterparties.waits')
            : corrects === null
              ? t('counterparties.stands')
              : t('counterparties.correction')}
        </Status>
      ),
    },
    { id: 'note', head: t('counterparties.note'), grow: true, wraps: true, cell: ({ note }) => note },
    { id: 'enteredBy', head: t('counterparties.enteredBy'), wideOnly: true, cell: ({ enteredBy }) => enteredBy },
    { id: 'approvedBy', head: t('counterparties.approvedBy'), wideOnly: true, cell: ({ approvedBy }) => approvedBy },
    ...(onCorrect === undefined
      ? []
      : [
          {
            id: 'correct',
            head: t('counterparties.correct'),
            cell: (payment: Payment) =>
              payment.approvedBy !== null &&
              payment.corrects === null &&
              !corrected.has(payment.id) && (
                <Button
                  size="compact-sm"
                  aria-label={t('counterparties.correctTitle', { reference: payment.reference })}
                  onClick={() => onCorrect(payment)}
                >
                  {t('counterparties.correct')}
                </Button>
              ),
          },
        ]),
  ]
  return (
    <DataTable
      label={t('counterparties.payments')}
      rows={payments}
      rowKey={({ id, approvedBy, reference }) => `${id} ${reference} ${approvedBy ?? ''}`}
      columns={columns}
    />
  )
}

const KEYS = ['from', 'to']

function Statement({ code }: { code: string }) {
  const t = useText()
  const { search, change } = useListSearch()
  const query = pick(search, KEYS)
  const { data, error, refetch } = useQuery(statementQuery(code, query))
  if (error !== null && data === undefined) return <Problem error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <TableSkeleton />
  const day = (key: 'from' | 'to') => (
    <TextInput
      type="date"
      label={t(`field.${key}`)}
      value={search[key] ?? data[key]}
      onChange={(event) => change({ [key]: event.target.value })}
    />
  )
  return (
    <>
      <Panel
        title={t('counterparties.statement')}
        flush
        actions={
          <Files
            path={`/api/counterparties/${code}/statement/file`}
            query={queryText(query)}
            name={t('counterparties.statementFiles')}
          />
        }
      >
        <div className={classes.padded}>
          <div className={classes.filters} role="group" aria-label={t('list.criteria')}>
            {day('from')}
            {day('to')}
          </div>
        </div>
        {data.rows.length === 0 ? (
          <p className={classes.padded}>{t('counterparties.nothingOwed')}</p>
        ) : (
          <FiguresTable label={t('counterparties.statement')} data={data} />
        )}
      </Panel>
      {data.rows.length > 0 && <Meanings columns={data.columns} />}
    </>
  )
}

function PackLink({ id }: { id: string }) {
  if (!useMay()('packs.find')) return id
  return (
    <Link to="/packs/$id" params={{ id }}>
      {id}
    </Link>
  )
}

function Packs({ packs }: { packs: Page['packs'] }) {
  const t = useText()
  const word = useWord()
  const columns: readonly Column<Page['packs'][number]>[] = [
    { id: 'id', head: t('counterparties.pack'), cell: ({ id }) => <PackLink id={id} /> },
    { id: 'issue', head: t('field.issue'), cell: ({ issue }) => issue },
    { id: 'state', head: t('field.state'), cell: ({ state }) => word('packState', state) },
    { id: 'cards', head: t('counterparties.cards'), numeric: true, cell: ({ cards }) => cards },
    {
      id: 'amount',
      head: t('field.amount'),
      numeric: true,
      cell: ({ amount }) => amount !== null && <Amount money={amount} withCurrency />,
    },
    { id: 'soldBy', head: t('counterparties.approvedBy'), wideOnly: true, cell: ({ soldBy }) => soldBy },
  ]
  return (
    <Panel title={t('counterparties.packs')} flush>
      <DataTable label={t('counterparties.packs')} rows={packs} rowKey={({ id }) => id} columns={columns} />
    </Panel>
  )
}

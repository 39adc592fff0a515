import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Answer } from '../api/call.ts'
import { todayQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { Callout } from '../components/Callout.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Spark } from '../components/Spark.tsx'
import { Notice } from '../components/States.tsx'
import { Shape, Status, type Tone } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import type { TextId } from '../i18n/texts.ts'
import { startOfDay } from '../i18n/days.ts'
import { onlyCurrency } from '../lists/totals.ts'
import { useOperation } from './operation.ts'
import classes from './Today.module.css'

type TodayRecord = Answer<'today.show'>

/** The server's counters are at most a second old when they come, and are asked for every second. */
const REFRESH_MS = 1000

type Counter = {
  readonly id: string
  readonly text: TextId
  readonly value: number
  readonly note: string
  readonly minutes: readonly number[]
  readonly to: string
  readonly search: Record<string, string>
  readonly tone?: Tone | undefined
}

/** The present activity: counters kept by the processes, each linked to its list. */
export function Today() {
  const t = useText()
  const format = useFormat()
  const today = useSuspenseQuery({ ...todayQuery, refetchInterval: REFRESH_MS }).data
  const linked = useMay()('transactions.find')
  return (
    <>
      <PageHead
        title={t('page.today')}
        facts={t('today.as', { time: format.seconds(today.at), day: format.date(today.day) })}
      />
      <div className={classes.strip}>
        {useCounters(today).map((counter) => (
          <CounterCell key={counter.id} counter={counter} />
        ))}
      </div>
      <div className={classes.columns}>
        {linked && (
          <div className={classes.column}>
            <Latest today={today} />
          </div>
        )}
        <div className={classes.column}>
          {today.killedPacks.length > 0 && <Killed packs={today.killedPacks} />}
          <Waiting today={today} />
          <Declines today={today} />
          {today.silentTerminalsCount + today.silentLines.length > 0 && <Silent today={today} />}
        </div>
      </div>
    </>
  )
}

function useCounters(today: TodayRecord): readonly Counter[] {
  const t = useText()
  const format = useFormat()
  const from = startOfDay(today.day, format.homeZone)
  const perMinute = (id: 'payments' | 'sales' | 'topUps' | 'declines', search: Record<string, string>): Counter => ({
    id,
    text: `today.${id}`,
    value: today[id].now,
    note: t('today.perMinute', { count: format.count(today[id].today) }),
    minutes: today[id].minutes,
    to: '/transactions',
    search: { from, ...search },
  })
  return [
    perMinute('payments', { operation: 'payment' }),
    perMinute('sales', { operation: 'sale' }),
    perMinute('topUps', { operation: 'top_up' }),
    perMinute('declines', { state: 'declined' }),
    {
      id: 'unconfirmed',
      text: 'today.unconfirmed',
      value: today.unconfirmed,
      note: t('today.now'),
      minutes: [],
      to: '/transactions',
      search: { state: 'unconfirmed' },
    },
    {
      id: 'storeAndForward',
      text: 'today.storeAndForward',
      value: today.storeAndForward,
      note: t('today.owed'),
      minutes: [],
      to: '/transactions',
      search: { state: 'pending' },
      tone: today.storeAndForward > 0 ? 'warn' : undefined,
    },
  ]
}

function CounterCell({ counter: { text, value, note, minutes, to, search, tone } }: { counter: Counter }) {
  const t = useText()
  const format = useFormat()
  const may = useMay()
  const body = (
    <>
      <span className={classes.counterName}>{t(text)}</span>
      <span className={classes.counterLine}>
        <span className={clsx(classes.counterValue, tone !== undefined && classes.counterWarn)}>
          {tone !== undefined && <Shape tone={tone} />}
          {format.count(value)}
        </span>
        {minutes.length > 1 && <Spark points={minutes} />}
      </span>
      <span className={classes.counterNote}>{note}</span>
    </>
  )
  return may('transactions.find') ? (
    <Link to={to} search={search} className={classes.counter}>
      {body}
    </Link>
  ) : (
    <div className={classes.counter}>{body}</div>
  )
}

function Latest({ today }: { today: TodayRecord }) {
  const t = useText()
  const columns = useLatestColumns(today.latest)
  return (
    <Panel
      title={t('today.latest')}
      note={t('today.latestNote')}
      actions={<Link to="/transactions">{t('page.transactions')}</Link>}
      flush
    >
      {today.latest.length === 0 ? (
        <div className={classes.padded}>
          <Notice title={t('today.quiet')}>{t('today.quietText')}</Notice>
        </div>
      ) : (
        <DataTable label={t('today.latest')} rows={today.latest} rowKey={({ id }) => id} columns={columns} />
      )}
    </Panel>
  )
}

type LatestRow = TodayRecord['latest'][number]

function useLatestColumns(rows: readonly LatestRow[]): readonly Column<LatestRow>[] {
  const t = useText()
  const word = useWord()
  const operationText = useOperation()
  const format = useFormat()
  // In the morning the latest transactions are those of yesterday.
  const today = format.day(new Date().toISOString())
  const unit = onlyCurrency(rows.map(({ amount }) => amount))
  return [
    {
      id: 'at',
      head: t('col.time'),
      cell: ({ id, at }) => (
        <Link to="/transactions/$id" params={{ id }}>
          <When at={at} show={format.day(at) === today ? 'seconds' : 'bothSeconds'} />
        </Link>
      ),
    },
    { id: 'operation', head: t('col.operation'), cell: operationText },
    { id: 'store', head: t('col.store'), grow: true, cell: ({ store }) => store.name },
    {
      id: 'response',
      head: t('col.response'),
      cell: ({ result, response }) => {
        const text = response === '00' ? word('result', result) : `${response} ${word('result', result)}`
        return (
          <Status tone={result.startsWith('approved') ? 'plain' : 'bad'}>
            <span className={classes.answer} title={text}>
              {text}
            </span>
          </Status>
        )
      },
    },
    {
      id: 'amount',
      head: t('col.amount'),
      unit,
      numeric: true,
      cell: ({ amount }) =>
        amount === null ? '–' : <Amount money={amount} signed withCurrency={unit === undefined} />,
    },
  ]
}

/** Told to all issuers: none of their unsold cards is good any more. */
function Killed({ packs }: { packs: TodayRecord['killedPacks'] }) {
  const t = useText()
  return (
    <Callout tone="bad" title={t('today.killed')}>
      <ul>
        {packs.map(({ pack, at }) => (
          <li key={pack} className={classes.reason}>
            <Link to="/packs/$id" params={{ id: pack }}>
              {t('pack.number', { id: pack })}
            </Link>
            <span className={classes.reasonCount}>
              <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Callout>
  )
}

/** Items that wait for a person. */
function Waiting({ today }: { today: TodayRecord }) {
  const t = useText()
  const format = useFormat()
  const may = useMay()
  const rows: readonly { text: TextId; count: number; to: string; shown: boolean }[] = [
    { text: 'page.cases', count: today.casesOpen, to: '/cases', shown: may('cases.find') },
    { text: 'page.approvals', count: today.approvalsWaiting, to: '/approvals', shown: true },
    { text: 'page.alerts', count: today.alertsOpen, to: '/alerts', shown: may('alerts.see') },
  ]
  return (
    <Panel title={t('today.waiting')}>
      <ul>
        {rows
          .filter(({ shown }) => shown)
          .map(({ text, count, to }) => (
            <li key={to} className={classes.reason}>
              <Link to={to}>{t(text)}</Link>
              <span className={classes.reasonCount}>{format.count(count)}</span>
            </li>
          ))}
      </ul>
    </Panel>
  )
}

function Declines({ today }: { today: TodayRecord }) {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const may = useMay()
  const from = startOfDay(today.day, format.homeZone)
  return (
    <Panel title={t('today.reasons')} note={t('today.reasonsNote')}>
      {today.declinesByResult.length === 0 ? (
        <p className={classes.none}>{t('today.noDeclines')}</p>
      ) : (
        <ul>
          {today.declinesByResult.map(({ result, response, text, now, count }) => (
            <li key={result} className={classes.reason}>
              {may('transactions.find') ? (
                <Link to="/transactions" search={{ from, response: result }} className={classes.reasonName}>
                  <span className={classes.code}>{response}</span> {localized(text)}
                </Link>
              ) : (
                <span className={classes.reasonName}>
                  <span className={classes.code}>{response}</span> {localized(text)}
                </span>
              )}
              <span className={classes.reasonCount}>
                <span className={classes.reasonNow}>{format.count(now)}</span> {format.count(count)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** Lines and terminals that sent messages on an earlier day, but not today. */
function Silent({ today: { silentLines, silentTerminals, silentTerminalsCount } }: { today: TodayRecord }) {
  const t = useText()
  const linked = useMay()('terminals.find')
  const all = t('today.silentAll', { count: silentTerminalsCount })
  return (
    <Panel
      title={t('today.silent')}
      note={t('today.silentNote')}
      actions={
        linked &&
        silentTerminalsCount > 0 && (
          <Link to="/terminals" search={{ state: 'silent' }}>
            {all}
          </Link>
        )
      }
    >
      <ul className={classes.silent}>
        {silentLines.map(({ name, lastAt }) => (
          <SilentOne key={`line ${name}`} name={t('today.line', { name })} about={t('today.lineText')} at={lastAt} />
        ))}
        {silentTerminals.map(({ terminal, store, lastAt }) => (
          <SilentOne
            key={terminal}
            name={
              linked ? (
                <Link to="/terminals/$code" params={{ code: terminal }}>
                  {terminal}
                </Link>
              ) : (
                terminal
              )
            }
            about={store.name}
            at={lastAt}
          />
        ))}
      </ul>
    </Panel>
  )
}

function SilentOne({ name, about, at }: { name: ReactNode; about: string; at: string | null }) {
  return (
    <li>
      <span>{name}</span>
      <span>{about}</span>
      {at !== null && (
        <span className={classes.since}>
          <When at={at} />
        </span>
      )}
    </li>
  )
}

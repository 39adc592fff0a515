import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Answer } from '../../api/call.ts'
import { shopQuery } from '../../api/queries.ts'
import { Amount } from '../../components/Amount.tsx'
import { DataTable } from '../../components/DataTable.tsx'
import { Facts } from '../../components/Facts.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { useRecent } from '../../components/palette-entries.ts'
import { Panel } from '../../components/Panel.tsx'
import { Status } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { LIMITS, type ShopRecord } from './shop-record.ts'
import { Keys } from './Keys.tsx'
import { Webhooks } from './Webhooks.tsx'

const EditShop = lazy(() => import('./EditShop.tsx').then((module) => ({ default: module.EditShop })))

const REFRESH_MS = 10_000

/** A web shop: its keys, its webhooks with their deliveries, and its latest requests. */
export function Shop() {
  const t = useText()
  const { code = '' } = useParams({ strict: false })
  const shop = useSuspenseQuery({ ...shopQuery(code), refetchInterval: REFRESH_MS }).data
  const [editing, setEditing] = useState(false)
  useRecent({ name: shop.name, hint: code, to: `/shops/${code}` })
  return (
    <>
      <PageHead
        parent={{ to: '/shops', label: t('page.shops') }}
        title={shop.name}
        status={<Status tone={shop.state === 'open' ? 'plain' : 'warn'}>{t(`storeState.${shop.state}`)}</Status>}
        facts={
          <>
            <span>{shop.code}</span>
            <Link to="/stores/$code" params={{ code: shop.store.code }}>
              {shop.store.name}
            </Link>
          </>
        }
        actions={
          <Button className={classes.asks ?? ''} onClick={() => setEditing(true)}>
            {t('shop.edit')}
          </Button>
        }
      />
      <div className={classes.record}>
        <div className={classes.stack}>
          <Keys shop={shop} />
          <Webhooks shop={shop} />
          <Calls calls={shop.calls} />
          <Refused calls={shop.refusedCalls} />
        </div>
        <Limits shop={shop} />
      </div>
      <Suspense>{editing && <EditShop shop={shop} onClose={() => setEditing(false)} />}</Suspense>
    </>
  )
}

function Limits({ shop: { limits, currency } }: { shop: ShopRecord }) {
  const t = useText()
  return (
    <Panel title={t('shop.limits')}>
      <Facts
        facts={LIMITS.map((name) => {
          const value = limits[name]
          const money = { value: value ?? 0, currency: currency.letters, exponent: currency.exponent }
          return [
            t(`shop.${name}`),
            value === null ? t('shop.noLimit') : <Amount key={name} money={money} withCurrency />,
          ]
        })}
      />
    </Panel>
  )
}

/** Requests that never reached the books: faulty ones, missing scopes, exhausted budgets. */
function Refused({ calls }: { calls: Answer<'shops.show'>['refusedCalls'] }) {
  const t = useText()
  const word = useWord()
  return (
    <Panel title={t('shop.refused')} note={t('shop.refusedNote')} flush={calls.length > 0}>
      {calls.length === 0 ? (
        <p className={classes.small}>{t('shop.noRefused')}</p>
      ) : (
        <DataTable
          label={t('shop.refused')}
          rows={calls}
          rowKey={({ requestId }) => requestId}
          columns={[
            { id: 'at', head: t('col.time'), cell: ({ at }) => <When at={at} /> },
            {
              id: 'call',
              head: t('shop.call'),
              grow: true,
              cell: ({ method, path, requestId }) => <span title={requestId}>{`${method} ${path}`}</span>,
            },
            { id: 'status', head: t('shop.status'), numeric: true, cell: ({ status }) => status },
            { id: 'problem', head: t('col.response'), cell: ({ problem }) => word('problem', problem) },
          ]}
        />
      )}
    </Panel>
  )
}

function Calls({ calls }: { calls: Answer<'shops.show'>['calls'] }) {
  const t = useText()
  const word = useWord()
  return (
    <Panel title={t('shop.calls')} flush={calls.length > 0}>
      {calls.length === 0 ? (
        <p className={classes.small}>{t('shop.noCalls')}</p>
      ) : (
        <DataTable
          label={t('shop.calls')}
          rows={calls.map((call, index) => ({ ...call, index }))}
          rowKey={({ index }) => String(index)}
          columns={[
            { id: 'at', head: t('col.time'), cell: ({ at }) => <When at={at} /> },
            { id: 'operation', head: t('col.operation'), cell: ({ operation }) => word('operation', operation) },
            {
              id: 'amount',
              head: t('col.amount'),
              numeric: true,
              cell: ({ amount }) => <Amount money={amount} withCurrency />,
            },
            { id: 'result', head: t('col.response'), grow: true, cell: ({ result }) => word('result', result) },
          ]}
        />
      )}
    </Panel>
  )
}

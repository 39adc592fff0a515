import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ReasonDialog } from '../../components/ReasonDialog.tsx'
import { Status } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import type { ShopRecord } from './shop-record.ts'

const AddKey = lazy(() => import('./AddKey.tsx').then((module) => ({ default: module.AddKey })))

type Key = ShopRecord['keys'][number]

/** The keys with which the shop's programs and pages sign in; the keys themselves are not stored. */
export function Keys({ shop }: { shop: ShopRecord }) {
  const t = useText()
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  return (
    <Panel
      title={t('shop.keys')}
      flush={shop.keys.length > 0}
      actions={
        <Button size="compact-sm" className={classes.asks ?? ''} onClick={() => setAdding(true)}>
          {t('shop.addKey')}
        </Button>
      }
    >
      {shop.keys.length === 0 ? (
        <p className={classes.small}>{t('shop.noKeys')}</p>
      ) : (
        <KeyTable keys={shop.keys} onRevoke={setRevoking} />
      )}
      <Suspense>{adding && <AddKey shop={shop.code} onClose={() => setAdding(false)} />}</Suspense>
      {revoking !== null && (
        <ReasonDialog
          title={`${t('shop.revoke')} ${revoking.name} …${revoking.ending}`}
          lead={t('shop.revokeLead')}
          act={t('shop.revoke')}
          onClose={() => setRevoking(null)}
          run={async (reason) => {
            await call('shops.revokeKey', { params: { code: shop.code, id: revoking.id }, body: { reason } })
            await client.invalidateQueries({ queryKey: ['shops'] })
            announce('good', t('shop.revoked'))
          }}
        />
      )}
    </Panel>
  )
}

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }) {
  const t = useText()
  return (
    <DataTable
      label={t('shop.keys')}
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        { id: 'name', head: t('shop.keyName'), cell: ({ name }) => name },
        { id: 'ending', head: t('shop.ending'), cell: ({ ending }) => `…${ending}` },
        {
          id: 'scopes',
          head: t('shop.scopes'),
          grow: true,
          cell: ({ kind, scopes, origins }) => (kind === 'secret' ? scopes : origins).join(', '),
        },
        {
          id: 'created',
          head: t('shop.created'),
          wideOnly: true,
          cell: ({ createdAt }) => <When at={createdAt} />,
        },
        { id: 'state', head: t('field.state'), cell: (key) => <KeyState {...key} /> },
        {
          id: 'act',
          head: t('audit.action'),
          cell: (key) =>
            key.revokedAt === null && (
              <Button
                size="compact-sm"
                variant="subtle"
                className={classes.asks ?? ''}
                aria-label={`${t('shop.revoke')} ${key.name} ${key.ending}`}
                onClick={() => onRevoke(key)}
              >
                {t('shop.revoke')}
              </Button>
            ),
        },
      ]}
    />
  )
}

function KeyState({ revokedAt, waiting }: Key) {
  const t = useText()
  if (revokedAt !== null) return <Status tone="plain">{t('shop.keyState.revoked')}</Status>
  return waiting ? (
    <Status tone="wait">{t('shop.keyState.waiting')}</Status>
  ) : (
    <Status tone="plain">{t('shop.keyState.good')}</Status>
  )
}

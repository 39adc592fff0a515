import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { problemText } from '../../components/problem-text.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import type { ShopRecord } from './shop-record.ts'

type Endpoint = ShopRecord['endpoints'][number]

/** The receivers of the shop's events, the deliveries, and a button to send one again. */
export function Webhooks({ shop }: { shop: ShopRecord }) {
  const t = useText()
  if (shop.endpoints.length === 0) {
    return (
      <Panel title={t('shop.webhooks')}>
        <p className={classes.small}>{t('shop.noWebhooks')}</p>
      </Panel>
    )
  }
  return shop.endpoints.map((endpoint) => <Webhook key={endpoint.id} shop={shop.code} endpoint={endpoint} />)
}

function Webhook({ shop, endpoint: { id, url, state, deliveries } }: { shop: string; endpoint: Endpoint }) {
  const t = useText()
  const word = useWord()
  const client = useQueryClient()
  const isOn = state === 'active'
  const act = async (run: () => Promise<unknown>, text: string): Promise<void> => {
    try {
      await run()
      announce('good', text)
      await client.invalidateQueries({ queryKey: ['shops'] })
    } catch (error) {
      announce('bad', problemText(error, t))
    }
  }
  const turn = () =>
    call('shops.endpoint', { params: { code: shop, endpoint: id }, body: { state: isOn ? 'disabled' : 'active' } })
  const resend = (event: string) => call('shops.resend', { params: { code: shop, event }, body: {} })
  return (
    <Panel
      title={t('shop.webhooks')}
      note={`${url} · ${word('endpointState', state)}`}
      flush={deliveries.length > 0}
      actions={
        <Button size="compact-sm" onClick={() => void act(turn, t('act.saved'))}>
          {t(isOn ? 'shop.disable' : 'shop.enable')}
        </Button>
      }
    >
      {deliveries.length === 0 ? (
        <p className={classes.small}>{t('shop.noDeliveries')}</p>
      ) : (
        <Deliveries
          url={url}
          deliveries={deliveries}
          onResend={(event) => void act(() => resend(event), t('shop.resent'))}
        />
      )}
    </Panel>
  )
}

type DeliveriesProps = Pick<Endpoint, 'url' | 'deliveries'> & { onResend: (event: string) => void }

const TONES: Readonly<Record<string, Tone>> = { waiting: 'wait', dropped: 'bad' }

function Deliveries({ url, deliveries, onResend }: DeliveriesProps) {
  const t = useText()
  const word = useWord()
  return (
    <DataTable
      label={t('shop.deliveries', { url })}
      rows={deliveries}
      rowKey={({ event }) => event}
      columns={[
        {
          id: 'type',
          head: t('shop.event'),
          grow: true,
          cell: ({ type, event }) => <span title={event}>{type}</span>,
        },
        {
          id: 'state',
          head: t('field.state'),
          cell: ({ state: how }) => <Status tone={TONES[how] ?? 'plain'}>{word('deliveryState', how)}</Status>,
        },
        { id: 'tries', head: t('shop.tries'), numeric: true, cell: ({ tries }) => tries },
        {
          id: 'at',
          head: t('col.time'),
          wideOnly: true,
          cell: ({ triedAt }) => triedAt !== null && <When at={triedAt} />,
        },
        { id: 'answer', head: t('shop.answer'), cell: ({ status, fault }) => status ?? fault ?? '–' },
        {
          id: 'act',
          head: t('audit.action'),
          cell: ({ event }) => (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`${t('shop.resend')} ${event}`}
              onClick={() => onResend(event)}
            >
              {t('shop.resend')}
            </Button>
          ),
        },
      ]}
    />
  )
}

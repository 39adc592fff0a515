import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { kiosksQuery } from '../../api/queries.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Status } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { OneTimeSecret } from '../../components/OneTimeSecret.tsx'
import { useText } from '../../i18n/useText.ts'
import { stores } from '../../lists/card-criteria.ts'
import { useWording } from '../../lists/useWording.ts'
import classes from '../screens.module.css'

/** Price checkers: browsers in stores that show a card's balance. */
export function Kiosks() {
  const t = useText()
  const { items } = useSuspenseQuery(kiosksQuery).data
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<string | null>(null)
  return (
    <Panel
      title={t('kiosk.title')}
      flush={items.length > 0}
      actions={
        <Button size="compact-sm" className={classes.asks ?? ''} onClick={() => setAdding(true)}>
          {t('kiosk.add')}
        </Button>
      }
    >
      {items.length === 0 ? (
        <p className={classes.small}>{t('kiosk.none')}</p>
      ) : (
        <KioskTable items={items} onRemove={setRemoving} />
      )}
      {adding && <AddKiosk onClose={() => setAdding(false)} />}
      {removing !== null && <RemoveKiosk code={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  )
}

type Kiosk = Answer<'kiosks.list'>['items'][number]

function KioskTable({ items, onRemove }: { items: readonly Kiosk[]; onRemove: (code: string) => void }) {
  const t = useText()
  return (
    <DataTable
      label={t('kiosk.title')}
      rows={items}
      rowKey={({ code }) => code}
      columns={[
        { id: 'code', head: t('store.code'), cell: ({ code }) => code },
        { id: 'store', head: t('field.store'), grow: true, cell: ({ store }) => store.name },
        { id: 'networks', head: t('shop.networks'), wideOnly: true, cell: ({ networks }) => networks.join(', ') },
        {
          id: 'state',
          head: t('field.state'),
          cell: ({ state, enrolled }) =>
            state === 'revoked' ? (
              <Status tone="warn">{t('kiosk.revoked')}</Status>
            ) : (
              <Status tone="plain">{t(enrolled ? 'kiosk.enrolled' : 'kiosk.notEnrolled')}</Status>
            ),
        },
        {
          id: 'act',
          head: t('audit.action'),
          cell: ({ code, state }) =>
            state === 'active' && (
              <Button
                size="compact-sm"
                variant="subtle"
                className={classes.asks ?? ''}
                aria-label={`${t('kiosk.remove')} ${code}`}
                onClick={() => onRemove(code)}
              >
                {t('kiosk.remove')}
              </Button>
            ),
        },
      ]}
    />
  )
}

function AddKiosk({ onClose }: { onClose: () => void }) {
  const wording = useWording()
  const { t } = wording
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [store, setStore] = useState(wording.choices.stores[0]?.code ?? '')
  const [networks, setNetworks] = useState('')
  const [enrolment, setEnrolment] = useState<string | null>(null)
  const { problem, busy, submit } = useSubmit(async () => {
    const body = { code: code.trim(), store, networks: networks.split(/[\s,]+/).filter(Boolean) }
    setEnrolment((await call('kiosks.add', { body })).enrolment)
    await client.invalidateQueries({ queryKey: ['kiosks'] })
  })
  if (enrolment !== null) {
    return <OneTimeSecret title={t('kiosk.code')} text={t('kiosk.lead')} secret={enrolment} onClose={onClose} />
  }
  return (
    <Dialog title={t('kiosk.add')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('kiosk.lead')}</p>
        <TextInput
          data-autofocus
          label={t('store.code')}
          maxLength={8}
          required
          value={code}
          onChange={(event) => setCode(event.target.value.toUpperCase())}
        />
        <NativeSelect
          label={t('field.store')}
          value={store}
          onChange={(event) => setStore(event.target.value)}
          data={[...stores(wording)]}
        />
        <Textarea
          label={t('shop.networks')}
          description={t('shop.networksHint')}
          rows={2}
          value={networks}
          onChange={(event) => setNetworks(event.target.value)}
        />
        <FormActs problem={problem} busy={busy} act={t('kiosk.add')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function RemoveKiosk({ code, onClose }: { code: string; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await call('kiosks.remove', { params: { code }, body: {} })
    await client.invalidateQueries({ queryKey: ['kiosks'] })
    onClose()
  })
  return (
    <Dialog title={`${t('kiosk.remove')} ${code}`} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('kiosk.removeLead')}</p>
        <FormActs first problem={problem} busy={busy} act={t('kiosk.remove')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { shopsQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Status } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { stores } from '../../lists/card-criteria.ts'
import { useWording } from '../../lists/useWording.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import classes from '../screens.module.css'
import { Kiosks } from './Kiosks.tsx'

/** Shops on the web, and the price checkers of stores. */
export function Shops() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const list = useQuery(shopsQuery)
  const [adding, setAdding] = useState(false)
  return (
    <>
      <PageHead
        title={t('page.shops')}
        actions={
          <Button className={classes.asks ?? ''} onClick={() => setAdding(true)}>
            {t('shop.add')}
          </Button>
        }
      />
      <div className={classes.stack}>
        <ListPanel
          list={list}
          empty={{ title: t('shop.none'), text: t('shop.noneText') }}
          label={t('page.shops')}
          rowKey={({ code }) => code}
          onOpen={({ code }) => void navigate({ to: '/shops/$code', params: { code } })}
          columns={[
            {
              id: 'code',
              head: t('store.code'),
              cell: ({ code }) => (
                <Link to="/shops/$code" params={{ code }}>
                  {code}
                </Link>
              ),
            },
            { id: 'name', head: t('field.name'), grow: true, cell: ({ name }) => name },
            { id: 'store', head: t('field.store'), cell: ({ store }) => store.name },
            {
              id: 'state',
              head: t('field.state'),
              cell: ({ state }) => (
                <Status tone={state === 'open' ? 'plain' : 'warn'}>{t(`storeState.${state}`)}</Status>
              ),
            },
          ]}
        />
        {may('terminals.edit') && <Kiosks />}
      </div>
      {adding && <AddShop onClose={() => setAdding(false)} />}
    </>
  )
}

function AddShop({ onClose }: { onClose: () => void }) {
  const wording = useWording()
  const { t } = wording
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [store, setStore] = useState(wording.choices.stores[0]?.code ?? '')
  const { problem, busy, submit } = useSubmit(async () => {
    await call('shops.add', { body: { code: code.trim(), name: name.trim(), store } })
    await client.invalidateQueries({ queryKey: ['shops'] })
    announce('good', t('shop.added', { code: code.trim() }))
    onClose()
  })
  return (
    <Dialog title={t('shop.add')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('store.code')}
          maxLength={8}
          required
          value={code}
          onChange={(event) => setCode(event.target.value.toUpperCase())}
        />
        <TextInput
          label={t('field.name')}
          maxLength={100}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <NativeSelect
          label={t('field.store')}
          value={store}
          onChange={(event) => setStore(event.target.value)}
          data={[...stores(wording)]}
        />
        <FormActs problem={problem} busy={busy} act={t('shop.add')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

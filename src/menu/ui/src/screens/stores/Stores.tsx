import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { storesQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import type { Column } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Status } from '../../components/Status.tsx'
import { useText } from '../../i18n/useText.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import classes from '../screens.module.css'
import { ChainImport } from './ChainImport.tsx'
import { RecordDialog } from './RecordDialog.tsx'
import { useStoreFields } from './registry-fields.ts'

type Row = Answer<'stores.list'>['items'][number]

/** Every store, with the tills that are silent today. */
export function Stores() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const list = useQuery(storesQuery)
  const columns = useColumns()
  const [asking, setAsking] = useState<'add' | 'import' | null>(null)
  const close = (): void => setAsking(null)
  return (
    <>
      <PageHead
        title={t('page.stores')}
        actions={
          may('stores.edit') && (
            <>
              <Button className={classes.asks ?? ''} onClick={() => setAsking('import')}>
                {t('store.import')}
              </Button>
              <Button className={classes.asks ?? ''} onClick={() => setAsking('add')}>
                {t('store.add')}
              </Button>
            </>
          )
        }
      />
      <ListPanel
        list={list}
        empty={{ title: t('store.none'), text: t('store.noneText') }}
        label={t('page.stores')}
        rowKey={({ code }) => code}
        columns={columns}
        onOpen={({ code }) => void navigate({ to: '/stores/$code', params: { code } })}
      />
      {asking === 'import' && <ChainImport onClose={close} />}
      {asking === 'add' && <AddStore onClose={close} />}
    </>
  )
}

function AddStore({ onClose }: { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  return (
    <RecordDialog
      title={t('store.add')}
      act={t('store.add')}
      fields={useStoreFields(null)}
      onClose={onClose}
      run={async (settings) => {
        const { code } = await call('stores.add', { body: { settings } })
        await client.invalidateQueries({ queryKey: ['stores'] })
        void client.invalidateQueries({ queryKey: ['choices'] })
        announce('good', t('store.added', { code }))
      }}
    />
  )
}

function useColumns(): readonly Column<Row>[] {
  const t = useText()
  return [
    {
      id: 'code',
      head: t('store.code'),
      cell: ({ code }) => (
        <Link to="/stores/$code" params={{ code }}>
          {code}
        </Link>
      ),
    },
    { id: 'name', head: t('field.name'), grow: true, cell: ({ name }) => name },
    {
      id: 'state',
      head: t('field.state'),
      cell: ({ state }) => <Status tone={state === 'open' ? 'plain' : 'warn'}>{t(`storeState.${state}`)}</Status>,
    },
    { id: 'currency', head: t('store.currency'), wideOnly: true, cell: ({ currency }) => currency },
    { id: 'zone', head: t('store.timeZone'), wideOnly: true, cell: ({ timeZone }) => timeZone },
    { id: 'terminals', head: t('store.terminals'), numeric: true, cell: ({ terminals }) => terminals },
    {
      id: 'silent',
      head: t('store.silent'),
      numeric: true,
      cell: ({ silent, code }) =>
        silent === 0 ? (
          '0'
        ) : (
          <Link to="/terminals" search={{ store: code, state: 'silent' }}>
            {silent}
          </Link>
        ),
    },
  ]
}

import { Button } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { storeQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { useRecent } from '../../components/palette-entries.ts'
import { Panel } from '../../components/Panel.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useStored } from '../../i18n/stored.ts'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { Changes } from './Changes.tsx'
import { RecordDialog } from './RecordDialog.tsx'
import { useStoreFields } from './registry-fields.ts'
import { useTerminalColumns } from './terminal-columns.tsx'

const REFRESH_MS = 10_000

/** One store: its tills and its changes. */
export function Store() {
  const t = useText()
  const stored = useStored()
  const may = useMay()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { code = '' } = useParams({ strict: false })
  const store = useSuspenseQuery({ ...storeQuery(code), refetchInterval: REFRESH_MS }).data
  const [editing, setEditing] = useState(false)
  const fields = useStoreFields(store)
  const columns = useTerminalColumns()
  useRecent({ name: store.name, hint: code, to: `/stores/${code}` })
  return (
    <>
      <PageHead
        parent={{ to: '/stores', label: t('page.stores') }}
        title={store.name}
        status={<Status tone={store.state === 'open' ? 'plain' : 'warn'}>{t(`storeState.${store.state}`)}</Status>}
        facts={
          <>
            <span>{store.code}</span>
            <span>{store.currency}</span>
            <span>{store.timeZone}</span>
          </>
        }
        actions={
          may('stores.edit') && (
            <Button className={classes.asks ?? ''} onClick={() => setEditing(true)}>
              {t('store.edit')}
            </Button>
          )
        }
      />
      <div className={classes.stack}>
        <Panel title={t('page.terminals')} flush>
          {store.tills.length === 0 ? (
            <div className={classes.padded}>
              <Notice title={t('terminal.none')}>{t('terminal.noneText')}</Notice>
            </div>
          ) : (
            <DataTable
              label={t('page.terminals')}
              rows={store.tills}
              rowKey={(till) => till.code}
              columns={columns.filter(({ id }) => id !== 'store')}
              mark={({ silent }) => (silent ? 'warn' : undefined)}
              onOpen={(till) => void navigate({ to: '/terminals/$code', params: { code: till.code } })}
            />
          )}
        </Panel>
        <Changes changes={store.changes} />
      </div>
      {editing && (
        <RecordDialog
          title={t('store.edit')}
          act={t('act.save')}
          fields={fields}
          onClose={() => setEditing(false)}
          run={async (settings) => {
            const { differences } = await call('stores.change', { params: { code }, body: { settings } })
            await client.invalidateQueries({ queryKey: ['stores'] })
            const what = stored(differences.join(', '))
            announce('good', what === '' ? t('store.unchanged') : t('store.changed', { what }))
          }}
        />
      )}
    </>
  )
}

import { Button, NativeSelect } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { terminalsQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Problem } from '../../components/Problem.tsx'
import { Notice, TableSkeleton } from '../../components/States.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import { stores } from '../../lists/card-criteria.ts'
import { pick, useListSearch } from '../../lists/useListSearch.ts'
import { useWording } from '../../lists/useWording.ts'
import classes from '../screens.module.css'
import { RecordDialog } from './RecordDialog.tsx'
import { useTerminalFields } from './registry-fields.ts'
import { useTerminalColumns } from './terminal-columns.tsx'

/** The number of rows on a page; a chain has more tills. */
const SHOWN = 500

/** Every till, with the time of its last message. */
export function Terminals() {
  const t = useText()
  const format = useFormat()
  const may = useMay()
  const navigate = useNavigate()
  const { search, change } = useListSearch()
  const list = useQuery(terminalsQuery(pick(search, ['store', 'state'])))
  const columns = useTerminalColumns()
  const [adding, setAdding] = useState(false)
  const items = list.data?.items ?? []
  const isFiltered = search.store !== undefined || search.state !== undefined
  return (
    <>
      <PageHead
        title={t('page.terminals')}
        actions={
          may('terminals.edit') && (
            <Button className={classes.asks ?? ''} onClick={() => setAdding(true)}>
              {t('terminal.add')}
            </Button>
          )
        }
      />
      <Filters search={search} change={change} />
      <Panel flush>
        {list.error !== null && list.data === undefined && (
          <Problem error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.error === null && list.data === undefined && <TableSkeleton />}
        {list.data !== undefined && items.length === 0 && (
          <div className={classes.padded}>
            <Notice title={t(isFiltered ? 'state.noneTitle' : 'terminal.none')}>
              {t(isFiltered ? 'state.noneText' : 'terminal.noneText')}
            </Notice>
          </div>
        )}
        {items.length > 0 && (
          <DataTable
            label={t('page.terminals')}
            rows={items.slice(0, SHOWN)}
            rowKey={({ code }) => code}
            columns={columns}
            mark={({ silent }) => (silent ? 'warn' : undefined)}
            onOpen={({ code }) => void navigate({ to: '/terminals/$code', params: { code } })}
          />
        )}
        {items.length > SHOWN && (
          <p className={clsx(classes.padded, classes.small)}>
            {t('terminal.more', { shown: format.count(SHOWN), n: format.count(items.length) })}
          </p>
        )}
      </Panel>
      {adding && <AddTerminal onClose={() => setAdding(false)} />}
    </>
  )
}

function Filters({ search, change }: ReturnType<typeof useListSearch>) {
  const wording = useWording()
  const { t } = wording
  const all = { value: '', label: t('pack.all') }
  const states = (['active', 'inactive', 'silent'] as const).map((state) => ({
    value: state,
    label: t(`terminalState.${state}`),
  }))
  return (
    <div className={classes.filters}>
      <NativeSelect
        label={t('field.store')}
        value={search['store'] ?? ''}
        onChange={(event) => change({ store: event.target.value })}
        data={[all, ...stores(wording)]}
      />
      <NativeSelect
        label={t('field.state')}
        value={search['state'] ?? ''}
        onChange={(event) => change({ state: event.target.value })}
        data={[all, ...states]}
      />
    </div>
  )
}

function AddTerminal({ onClose }: { onClose: () => void }) {
  const { t, choices } = useWording()
  const client = useQueryClient()
  return (
    <RecordDialog
      title={t('terminal.add')}
      act={t('terminal.add')}
      fields={useTerminalFields(null, choices.stores)}
      onClose={onClose}
      run={async (settings) => {
        const { code } = await call('terminals.add', { body: { settings } })
        await client.invalidateQueries({ queryKey: ['terminals'] })
        void client.invalidateQueries({ queryKey: ['stores'] })
        announce('good', t('terminal.added', { code }))
      }}
    />
  )
}

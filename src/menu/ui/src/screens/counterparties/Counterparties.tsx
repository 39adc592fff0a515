import { Button, TextInput } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { counterpartiesQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { announce } from '../../components/announcements.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ListUpload } from '../../components/ListUpload.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'

type Item = Answer<'counterparties.list'>['items'][number]
/** A line for each currency in which the company owes money. */
type Line = { readonly item: Item; readonly credit: Item['credits'][number] | null }

/** Companies that buy cards, and employers, with their debts. */
export function Counterparties() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { items } = useSuspenseQuery(counterpartiesQuery).data
  const [asked, setAsked] = useState<'add' | 'import' | null>(null)
  const columns = useColumns()
  const lines = items.flatMap((item): Line[] =>
    item.credits.length === 0 ? [{ item, credit: null }] : item.credits.map((credit) => ({ item, credit })),
  )
  return (
    <>
      <PageHead
        title={t('page.counterparties')}
        facts={t('counterparties.lead')}
        actions={
          <>
            {may('counterparties.payments') && items.length > 0 && (
              <Button className={classes.asks ?? ''} onClick={() => setAsked('import')}>
                {t('counterparties.import')}
              </Button>
            )}
            {may('counterparties.edit') && (
              <Button variant="filled" className={classes.asks ?? ''} onClick={() => setAsked('add')}>
                {t('counterparties.add')}
              </Button>
            )}
          </>
        }
      />
      <Panel flush>
        {items.length === 0 ? (
          <div className={classes.padded}>
            <Notice title={t('counterparties.none')}>{t('counterparties.noneText')}</Notice>
          </div>
        ) : (
          <DataTable
            label={t('page.counterparties')}
            rows={lines}
            rowKey={({ item, credit }) => `${item.code} ${credit?.owed.currency ?? ''}`}
            columns={columns}
            onOpen={({ item }) => void navigate({ to: '/counterparties/$code', params: { code: item.code } })}
          />
        )}
      </Panel>
      {asked === 'add' && <Add onClose={() => setAsked(null)} />}
      {asked === 'import' && <Import onClose={() => setAsked(null)} />}
    </>
  )
}

function useColumns(): readonly Column<Line>[] {
  const t = useText()
  return [
    {
      id: 'code',
      head: t('counterparties.code'),
      cell: ({ item: { code } }) => (
        <Link to="/counterparties/$code" params={{ code }}>
          {code}
        </Link>
      ),
    },
    { id: 'name', head: t('counterparties.name'), grow: true, cell: ({ item }) => item.name },
    { id: 'state', head: t('field.state'), cell: ({ item }) => <CounterpartyState state={item.state} /> },
    {
      id: 'owed',
      head: t('counterparties.owed'),
      numeric: true,
      cell: ({ credit }) => credit !== null && <Amount money={credit.owed} withCurrency />,
    },
    {
      id: 'committed',
      head: t('counterparties.committed'),
      numeric: true,
      wideOnly: true,
      cell: ({ credit }) => credit !== null && <Amount money={credit.committed} withCurrency />,
    },
    {
      id: 'limit',
      head: t('counterparties.limit'),
      numeric: true,
      cell: ({ credit }) =>
        credit === null || credit.limit === null ? (
          t('counterparties.noLimit')
        ) : (
          <Amount money={credit.limit} withCurrency />
        ),
    },
  ]
}

export function CounterpartyState({ state }: { state: string }) {
  const t = useText()
  return state === 'open' ? (
    <Status tone="plain">{t('counterparties.open')}</Status>
  ) : (
    <Status tone="bad">{t('counterparties.closed')}</Status>
  )
}

function Add({ onClose }: { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    await call('counterparties.add', { body: { code, name: name.trim() } })
    await client.invalidateQueries({ queryKey: ['counterparties'] })
    announce('good', t('act.saved'))
    onClose()
  })
  return (
    <Dialog title={t('counterparties.add')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('counterparties.code')}
          description={t('counterparties.codeHint')}
          required
          maxLength={15}
          pattern="[A-Z0-9]{1,15}"
          value={code}
          onChange={(event) => setCode(event.target.value.toUpperCase())}
        />
        <TextInput
          label={t('counterparties.name')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <FormActs problem={problem} busy={busy} act={t('counterparties.add')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function Import({ onClose }: { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  return (
    <ListUpload
      title={t('counterparties.import')}
      act={t('counterparties.import')}
      label={t('counterparties.file')}
      hint={t('counterparties.fileHint')}
      onClose={onClose}
      onSend={async (file) => {
        await call('counterparties.import', { body: { ...file } })
        void client.invalidateQueries({ queryKey: ['counterparties'] })
        announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
        onClose()
      }}
    />
  )
}

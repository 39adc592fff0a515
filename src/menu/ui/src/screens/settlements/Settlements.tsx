import { Button, MultiSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { choicesQuery, settlementsQuery } from '../../api/queries.ts'
import { useMay, usePerson } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { announce } from '../../components/announcements.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { GeneralLedger } from './GeneralLedger.tsx'
import { lastMonth } from '../../i18n/days.ts'
import { useToday } from '../../i18n/useToday.ts'

type Settlement = Answer<'settlements.list'>['items'][number]

/** Settlements of stores, the newest first. */
export function Settlements() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { items } = useSuspenseQuery(settlementsQuery).data
  const [asking, setAsking] = useState(false)
  const columns = useColumns()
  const mayClose = may('settlement.close')
  const seesAll = usePerson().rights['reports.see'] === 'all'
  return (
    <>
      <PageHead
        title={t('page.settlements')}
        facts={t('settlements.lead')}
        actions={
          mayClose && (
            <Button variant="filled" className={classes.asks ?? ''} onClick={() => setAsking(true)}>
              {t('settlements.propose')}
            </Button>
          )
        }
      />
      <div className={classes.stack}>
        <Panel flush>
          {items.length === 0 ? (
            <div className={classes.padded}>
              <Notice title={t('settlements.none')}>{t('settlements.noneText')}</Notice>
            </div>
          ) : (
            <DataTable
              label={t('page.settlements')}
              rows={items}
              rowKey={({ id }) => id}
              columns={columns}
              onOpen={({ id }) => void navigate({ to: '/settlements/$id', params: { id } })}
            />
          )}
        </Panel>
        {seesAll && <GeneralLedger />}
      </div>
      {asking && <Propose onClose={() => setAsking(false)} />}
    </>
  )
}

function useColumns(): readonly Column<Settlement>[] {
  const t = useText()
  const format = useFormat()
  return [
    {
      id: 'number',
      head: t('settlements.number'),
      cell: ({ id, number }) => (
        <Link to="/settlements/$id" params={{ id }}>
          {number ?? t('settlements.open')}
        </Link>
      ),
    },
    {
      id: 'period',
      head: t('settlements.period'),
      grow: true,
      cell: ({ from, to }) => `${format.date(from)} – ${format.date(to)}`,
    },
    { id: 'stores', head: t('settlements.stores'), numeric: true, cell: ({ stores }) => format.count(stores.length) },
    {
      id: 'net',
      head: t('settlements.net'),
      numeric: true,
      cell: ({ net }) => net.map((money) => <Amount key={money.currency} money={money} withCurrency />),
    },
    {
      id: 'corrections',
      head: t('settlements.corrections'),
      numeric: true,
      cell: ({ corrections }) => format.count(corrections),
    },
    { id: 'state', head: t('field.state'), cell: ({ state }) => <SettlementState state={state} /> },
    { id: 'proposedBy', head: t('settlements.proposedBy'), wideOnly: true, cell: ({ proposedBy }) => proposedBy },
    { id: 'closedBy', head: t('settlements.closedBy'), wideOnly: true, cell: ({ closedBy }) => closedBy },
  ]
}

export function SettlementState({ state }: Pick<Settlement, 'state'>) {
  const t = useText()
  const tone = state === 'closed' ? 'good' : state === 'refused' ? 'bad' : 'wait'
  return <Status tone={tone}>{t(`settlementState.${state}`)}</Status>
}

function Propose({ onClose }: { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const choices = useQuery(choicesQuery).data
  const [period, setPeriod] = useState(lastMonth(useToday()))
  const [stores, setStores] = useState<string[]>([])
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    const body = { ...period, stores: stores.length === 0 ? null : stores, reason: reason.trim() }
    const { id } = await call('settlements.propose', { body })
    void client.invalidateQueries({ queryKey: ['settlements'] })
    announce('wait', t('settlements.proposed'), { to: '/approvals', text: t('page.approvals') })
    await navigate({ to: '/settlements/$id', params: { id } })
  })
  const day = (key: 'from' | 'to') => (
    <TextInput
      type="date"
      label={t(`field.${key}`)}
      required
      value={period[key]}
      onChange={(event) => setPeriod({ ...period, [key]: event.target.value })}
    />
  )
  return (
    <Dialog title={t('settlements.propose')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        {day('from')}
        {day('to')}
        <MultiSelect
          label={t('field.store')}
          description={t('settlements.allStores')}
          searchable
          data={(choices?.stores ?? []).map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
          value={stores}
          onChange={setStores}
        />
        <ReasonField value={reason} onChange={setReason} />
        <FormActs problem={problem} busy={busy} act={t('settlements.propose')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

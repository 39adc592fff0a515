import { Drawer, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { announce } from '../components/announcements.ts'
import { DialogBody } from '../components/Dialog.tsx'
import form from '../components/Form.module.css'
import { FormProblem } from '../components/FormProblem.tsx'
import { problemText } from '../components/problem-text.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText } from '../i18n/useText.ts'
import { BLOCK_KINDS } from '../lists/card-criteria.ts'
import classes from './Bulk.module.css'
import { ReasonForm } from '../components/ReasonForm.tsx'
import { TableSkeleton } from '../components/States.tsx'

export type BulkAction = 'block' | 'unblock' | 'extend'
type What = { readonly cards: string[] } | { readonly query: string }
type Preview = Answer<'bulk.preview'>

type Props = { action: BulkAction; what: What; onClose: () => void; onDone: () => void }

/** An action on many cards: its settings, a preview with count and money, and a reason. A preview freezes its cards. */
export function Bulk({ action, what, onClose, onDone }: Props) {
  const t = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [kind, setKind] = useState<(typeof BLOCK_KINDS)[number]>('customer')
  const [until, setUntil] = useState('')
  const body = { action, ...what, ...(action === 'block' && { kind }), ...(action === 'extend' && { until }) }
  const { data: preview, error } = useQuery({
    queryKey: ['bulk', body],
    queryFn: () => call('bulk.preview', { body }),
    enabled: action !== 'extend' || until !== '',
    // Each of them is another list of cards, for one decision.
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  const run = async (reason: string): Promise<void> => {
    if (preview === undefined) return
    const { approval } = await call('bulk.run', { params: { id: preview.id }, body: { reason } })
    await client.invalidateQueries({ queryKey: ['cards'] })
    if (approval !== null) announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onDone()
    if (approval === null) await navigate({ to: '/bulk/$id', params: { id: preview.id } })
  }
  const secondPerson = preview?.secondPerson === true
  return (
    <Drawer
      opened
      onClose={onClose}
      size="27rem"
      title={t(`bulk.${action}`)}
      closeButtonProps={{ 'aria-label': t('act.close') }}
    >
      <DialogBody>
        <ReasonForm
          lead={t(`bulk.${action}Lead`)}
          act={t(secondPerson ? 'act.propose' : `card.${action}`)}
          ready={preview !== undefined && preview.cards > 0}
          note={<p className={form.hint}>{t(secondPerson ? 'bulk.second' : 'bulk.after')}</p>}
          run={run}
          onClose={onClose}
        >
          {action === 'block' && (
            <NativeSelect
              data-autofocus
              label={t('field.kind')}
              value={kind}
              data={BLOCK_KINDS.map((one) => ({ value: one, label: t(`block.${one}`) }))}
              onChange={(event) => setKind(BLOCK_KINDS.find((one) => one === event.target.value) ?? 'customer')}
            />
          )}
          {action === 'extend' && (
            <TextInput
              data-autofocus
              type="date"
              label={t('field.until')}
              required
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          )}
          <Previewed preview={preview} error={error} asked={action !== 'extend' || until !== ''} />
        </ReasonForm>
      </DialogBody>
    </Drawer>
  )
}

type PreviewedProps = { preview: Preview | undefined; error: Error | null; asked: boolean }

function Previewed({ preview, error, asked }: PreviewedProps) {
  const t = useText()
  if (error !== null) return <FormProblem text={problemText(error, t)} />
  if (preview !== undefined) return <PreviewTable preview={preview} />
  return asked ? <TableSkeleton rows={2} /> : null
}

function PreviewTable({ preview }: { preview: Preview }) {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  return (
    <table className={classes.table} aria-label={t('bulk.preview')}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('page.cards')}</th>
          <th scope="col">{t('col.available')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t(`bulk.will.${preview.action}`)}</th>
          <td>{format.count(preview.cards)}</td>
          <td>{preview.money.map((money) => format.money(money)).join(', ')}</td>
        </tr>
        {preview.skipped.map(({ why, cards }) => (
          <tr key={why.en} className={classes.skipped}>
            <th scope="row">{t('bulk.skipped', { why: localized(why) })}</th>
            <td>{format.count(cards)}</td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

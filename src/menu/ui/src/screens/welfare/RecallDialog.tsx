import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import type { Batch } from './batch-state.tsx'

/** Recalls unspent money of a batch: of all of it, or of some employees who have left. */
export function RecallDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [employees, setEmployees] = useState('')
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    const numbers = employees
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
    await call('welfare.recall', {
      body: {
        employer: batch.employer,
        batch: batch.id,
        employees: numbers.length === 0 ? null : numbers,
        reason: reason.trim(),
      },
    })
    void client.invalidateQueries({ queryKey: ['welfare'] })
    announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  })
  return (
    <Dialog title={t('welfare.recallUnspent')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('welfare.recallText')}</p>
        <TextInput
          data-autofocus
          label={t('welfare.recallEmployees')}
          description={t('welfare.recallEmployeesHint')}
          value={employees}
          onChange={(event) => setEmployees(event.target.value)}
        />
        <ReasonField value={reason} onChange={setReason} />
        <FormActs problem={problem} busy={busy} act={t('welfare.recall')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

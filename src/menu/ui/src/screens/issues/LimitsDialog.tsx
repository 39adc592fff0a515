import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useFaults } from '../../components/useFaults.ts'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { LIMIT_GROUPS, givenOf } from './issue-fields.ts'
import type { IssueRecord } from './issue-state.tsx'
import { SettingFields } from './SettingFields.tsx'

/** Other money limits, for a second person to approve. */
export function LimitsDialog({ issue, onClose }: { issue: IssueRecord; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const { faults, watched } = useFaults()
  const { problem, busy, submit } = useSubmit(() =>
    watched(async () => {
      const settings = givenOf(LIMIT_GROUPS, issue.settings, values)
      await call('issues.limits', { params: { code: issue.code }, body: { settings, reason: reason.trim() } })
      await client.invalidateQueries({ queryKey: ['issue', issue.code] })
      announce('wait', t('issue.limitsWait'), { to: '/approvals', text: t('page.approvals') })
      onClose()
    }),
  )
  return (
    <Dialog title={t('issue.limits')} size="50rem" onClose={onClose}>
      <form className={form.form} onSubmit={submit} noValidate>
        <p>{t('issue.limitsLead')}</p>
        <SettingFields
          groups={LIMIT_GROUPS}
          before={issue.settings}
          values={values}
          faults={faults}
          onChange={(name, value) => setValues((now) => ({ ...now, [name]: value }))}
        />
        <ReasonField value={reason} onChange={setReason} />
        <FormActs
          problem={problem}
          busy={busy}
          disabled={reason.trim() === ''}
          act={t('act.propose')}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

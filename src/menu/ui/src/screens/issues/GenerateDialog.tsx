import { useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import type { IssueRecord } from './issue-state.tsx'

/** Numbers are taken irrevocably: the dialog says so instead of asking "Are you sure?". */
export function GenerateDialog({ issue, onClose }: { issue: IssueRecord; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await call('issues.generate', { params: { code: issue.code }, body: {} })
    await client.invalidateQueries({ queryKey: ['issue', issue.code] })
    announce('wait', t('issue.generating'))
    onClose()
  })
  return (
    <Dialog title={`${t('step.generate')} ${issue.code}`} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('step.generateLater')}</p>
        <FormActs first problem={problem} busy={busy} act={t('step.generate')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

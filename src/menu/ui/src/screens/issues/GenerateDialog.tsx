import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
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
        <FormProblem text={problem} />
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button data-autofocus type="submit" variant="filled" loading={busy}>
            {t('step.generate')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

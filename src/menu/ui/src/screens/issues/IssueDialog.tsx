import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { ReasonDialog } from '../../components/ReasonDialog.tsx'
import { useText } from '../../i18n/useText.ts'
import { ExportDialog } from './ExportDialog.tsx'
import type { IssueRecord } from './issue-state.tsx'
import type { IssueAct } from './issue-steps.tsx'
import { GenerateDialog } from './GenerateDialog.tsx'
import { LimitsDialog } from './LimitsDialog.tsx'
import { PlanDialog } from './PlanDialog.tsx'
import { ProofsDialog } from './ProofsDialog.tsx'

type Props = { act: IssueAct; issue: IssueRecord; onClose: () => void }

/** What is asked before a step of an issue is taken. */
export function IssueDialog({ act, issue, onClose }: Props) {
  const t = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { code } = issue
  const params = { code }
  const done = async (text: string): Promise<void> => {
    announce('good', text)
    await client.invalidateQueries({ queryKey: ['issue', code] })
    void client.invalidateQueries({ queryKey: ['issues'] })
    void client.invalidateQueries({ queryKey: ['approvals'] })
  }
  switch (act) {
    case 'change':
      return (
        <PlanDialog
          issue={issue}
          onClose={onClose}
          onDone={(changed) => {
            onClose()
            if (changed !== code) void navigate({ to: '/issues/$code', params: { code: changed } })
          }}
        />
      )
    case 'generate':
      return <GenerateDialog issue={issue} onClose={onClose} />
    case 'proofs':
      return <ProofsDialog issue={issue} onClose={onClose} />
    case 'export':
      return <ExportDialog issue={issue} onClose={onClose} />
    case 'limits':
      return <LimitsDialog issue={issue} onClose={onClose} />
    case 'activate':
      return (
        <ReasonDialog
          title={t('issue.do.activate', { code })}
          lead={t('issue.lead.activate')}
          act={t('step.activate')}
          optional
          onClose={onClose}
          run={async (reason) => {
            await call('issues.activate', { params, body: { reason } })
            await done(t('issue.done.activate', { code }))
          }}
        />
      )
    case 'close':
      return (
        <ReasonDialog
          title={t('issue.do.close', { code })}
          lead={t('issue.lead.close')}
          act={t('issue.close')}
          onClose={onClose}
          run={async (reason) => {
            await call('issues.close', { params, body: { reason } })
            await done(t('issue.done.close', { code }))
          }}
        />
      )
    case 'authorise': {
      const waiting = issue.approvals.find(({ kind }) => kind === 'issueAuthorisation')
      return (
        <ReasonDialog
          title={t('issue.do.authorise', { code })}
          lead={t('issue.lead.authorise', { by: waiting?.by ?? '' })}
          act={t('step.authorise')}
          optional
          onClose={onClose}
          run={async (reason) => {
            const body = { approve: true, reason, version: waiting?.version ?? '' }
            await call('approvals.decide', { params: { id: waiting?.id ?? '' }, body })
            await done(t('issue.done.authorise'))
          }}
        />
      )
    }
  }
}

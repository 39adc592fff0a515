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

/** The dialog of each step of an issue. */
export function IssueDialog({ act, issue, onClose }: Props) {
  const navigate = useNavigate()
  const { code } = issue
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
    case 'close':
    case 'authorise':
      return <StepDialog act={act} issue={issue} onClose={onClose} />
  }
}

type StepProps = Omit<Props, 'act'> & { act: 'activate' | 'close' | 'authorise' }

/** Steps that need only a reason. */
function StepDialog({ act, issue, onClose }: StepProps) {
  const t = useText()
  const client = useQueryClient()
  const { code } = issue
  const params = { code }
  const waiting = issue.approvals.find(({ kind }) => kind === 'issueAuthorisation')
  const take: Record<StepProps['act'], (reason: string) => Promise<unknown>> = {
    activate: (reason) => call('issues.activate', { params, body: { reason } }),
    close: (reason) => call('issues.close', { params, body: { reason } }),
    authorise: (reason) =>
      call('approvals.decide', {
        params: { id: waiting?.id ?? '' },
        body: { approve: true, reason, version: waiting?.version ?? '' },
      }),
  }
  return (
    <ReasonDialog
      title={t(`issue.do.${act}`, { code })}
      lead={t(`issue.lead.${act}`, { by: waiting?.by ?? '' })}
      act={t(act === 'close' ? 'issue.close' : `step.${act}`)}
      optional={act !== 'close'}
      onClose={onClose}
      run={async (reason) => {
        await take[act](reason)
        announce('good', t(`issue.done.${act}`, { code }))
        await client.invalidateQueries({ queryKey: ['issue', code] })
        void client.invalidateQueries({ queryKey: ['issues'] })
        void client.invalidateQueries({ queryKey: ['approvals'] })
      }}
    />
  )
}

import { decideApproval, listApprovals, type Approval } from '../../office/approvals.ts'
import { isRefused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { money, time, timeOrNull } from '../format.ts'

const approvalAnswer = ({ kind, id, at, decidedAt, changes, subject, refused, ...rest }: Approval) => ({
  ...rest,
  kind,
  id: `${kind}-${id}`,
  at: time(at),
  decidedAt: timeOrNull(decidedAt),
  subject: { ...subject },
  refused: refused === null ? null : { ...refused },
  changes: changes.map(({ name, before, after, money: sums, values = null }) => ({
    name: { ...name },
    before,
    after,
    values,
    money:
      sums === null
        ? null
        : {
            before: sums.before === null ? null : money(sums.before, sums.currency),
            after: sums.after === null ? null : money(sums.after, sums.currency),
          },
  })),
})

export const approvalRoutes: Pick<Handlers, 'approvals.list' | 'approvals.decide'> = {
  async 'approvals.list'({ office, actor, query }) {
    const list = await listApprovals(office, actor, { open: query.open ?? true })
    return { items: list.map(approvalAnswer) }
  },
  async 'approvals.decide'({ office, actor, params, body }) {
    const [kind = '', id] = params.id.split('-')
    const result = await decideApproval(office, actor, { ...body, kind, id: Number(id) })
    return isRefused(result) ? result : { done: true, code: result.code }
  },
}

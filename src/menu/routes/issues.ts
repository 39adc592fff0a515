import { Readable } from 'node:stream'
import { sendIssue, type SentFile } from '../../office/export-issue.ts'
import { orderGeneration } from '../../office/generation-order.ts'
import { type IssuePage, settingTexts, showIssue } from '../../office/issue-page.ts'
import { activateIssue, closeIssue, type IssueRecord, listIssues, planIssue, replanIssue } from '../../office/issues.ts'
import { proposeLimits } from '../../office/limits.ts'
import { listMakers, proposeMakerKey, type MakerKey } from '../../office/makers.ts'
import { proofPdf, proofPictures } from '../../office/proofs.ts'
import { isRefused, refusalText, refused } from '../../office/refusal.ts'
import type { Approval } from '../../office/approvals.ts'
import type { Handlers } from '../call.ts'
import { money, storedTime, time } from '../format.ts'

type IssueRoutes = Pick<Handlers, Extract<keyof Handlers, `issues.${string}` | `makers.${string}`>>

const headOf = ({ settings, state }: IssueRecord) => ({
  code: settings.code,
  name: settings.name,
  state,
  count: settings.count,
  minimum: money(settings.saleMinimum, settings.currency),
  maximum: money(settings.saleMaximum, settings.currency),
})

export const waitingAnswer = ({ kind, id, by, at, reason, version, refused: why, own }: Approval) => ({
  id: `${kind}-${id}`,
  kind,
  by,
  at: time(at),
  reason,
  version,
  refused: why === null ? null : { ...why },
  own,
})

const issueAnswer = ({ issue, job, marks, people, ...view }: IssuePage) => ({
  ...headOf(issue),
  settings: settingTexts(issue.settings),
  cards: [...view.cards].map(([state, count]) => ({ state, count })),
  packs: [...view.packs],
  job: job === null ? null : { ...progressOf(job), id: String(job.id) },
  ...marks,
  events: view.events.map(({ at, ...event }) => ({ ...event, at: storedTime(at) })),
  exports: view.exports.map(({ id, startedAt, ...one }) => ({ ...one, id: String(id), at: storedTime(startedAt) })),
  approvals: view.approvals.map(waitingAnswer),
  people: {
    edit: [...(people.get('issues.edit') ?? [])],
    export: [...(people.get('issues.export') ?? [])],
    packs: [...(people.get('packs.make') ?? [])],
    activate: [...(people.get('issues.activate') ?? [])],
    authorise: [...(people.get('issues.authorise') ?? [])],
  },
})

const progressOf = ({ state, done, total, trouble }: NonNullable<IssuePage['job']>) => ({ state, done, total, trouble })

const keyAnswer = (key: MakerKey | null) =>
  key === null ? null : { recipient: key.recipient, by: key.proposedBy, decidedBy: key.decidedBy }

const givenOf = (settings: Readonly<Record<string, string>>) => new Map(Object.entries(settings))

/** A file that is made while it is sent. */
export const streamed = ({ content }: Pick<SentFile, 'content'>): Readable =>
  Readable.from(content, { objectMode: false })

/** Pictures of a page, and of a sheet. */
const MOST_PICTURES = 24
const MOST_PROOFS = 500

function serialsOf({ first, last }: { first: number; last: number }, most: number) {
  if (last < first) return refused('not_a_range', { where: 'serials', form: 'FIRST-LAST' })
  return last - first < most ? { first, last } : refused('too_many_proofs', { most })
}

export const issueRoutes: IssueRoutes = {
  async 'issues.list'({ office, actor }) {
    const issues = await listIssues(office, actor)
    if (isRefused(issues)) return issues
    return {
      items: issues.toReversed().map((issue) => {
        const { medium, validUntil, validityMonths } = issue.settings
        return { ...headOf(issue), medium, validUntil, validityMonths }
      }),
    }
  },
  async 'issues.show'({ office, actor, params }) {
    const page = await showIssue(office, actor, params.code)
    return isRefused(page) ? page : issueAnswer(page)
  },
  async 'issues.plan'({ office, actor, body }) {
    const planned = await planIssue(office, actor, { given: givenOf(body.settings) })
    return isRefused(planned) ? planned : { code: planned.code }
  },
  async 'issues.change'({ office, actor, params, body }) {
    const planned = await replanIssue(office, actor, { issue: params.code, given: givenOf(body.settings) })
    return isRefused(planned) ? planned : { code: planned.code }
  },
  async 'issues.generate'({ office, actor, params }) {
    const job = await orderGeneration(office, actor, { issue: params.code })
    return isRefused(job) ? job : { job: String(job) }
  },
  async 'issues.proofs'({ office, actor, params, body }) {
    const serials = serialsOf(body, MOST_PICTURES)
    if (isRefused(serials)) return serials
    const pictures = await proofPictures(office, actor, { issue: params.code, serials })
    return isRefused(pictures) ? pictures : { items: [...pictures] }
  },
  async 'issues.proofFile'({ office, actor, reply, params, body }) {
    const serials = serialsOf(body, MOST_PROOFS)
    if (isRefused(serials)) return serials
    const pdf = await proofPdf(office, actor, { issue: params.code, serials })
    if (isRefused(pdf)) return pdf
    void reply.type('application/pdf').header('content-disposition', `attachment; filename="${pdf.fileName}"`)
    return Readable.from([pdf.content])
  },
  async 'issues.export'({ office, actor, reply, params, body }) {
    const file = await sendIssue(office, actor, { issue: params.code, ...body })
    if (isRefused(file)) return file
    const disposition = `attachment; filename="${file.fileName}"`
    void reply.type('application/octet-stream').header('content-disposition', disposition)
    return streamed(file)
  },
  async 'issues.activate'({ office, actor, params, body }) {
    const reason = body.reason?.trim() ?? ''
    const moved = await activateIssue(office, actor, { issue: params.code, reason: reason === '' ? null : reason })
    return isRefused(moved) ? moved : {}
  },
  async 'issues.close'({ office, actor, params, body }) {
    const moved = await closeIssue(office, actor, { issue: params.code, reason: body.reason })
    return isRefused(moved) ? moved : {}
  },
  async 'issues.limits'({ office, actor, params, body }) {
    const input = { issue: params.code, given: givenOf(body.settings), reason: body.reason }
    const changes = await proposeLimits(office, actor, input)
    if (isRefused(changes)) return changes
    return {
      changes: changes.map(({ setting, from, to }) => ({
        setting,
        from: from === null ? 'none' : String(from),
        to: to === null ? 'none' : String(to),
      })),
    }
  },
  async 'makers.list'({ office, actor }) {
    const makers = await listMakers(office, actor)
    if (isRefused(makers)) return makers
    return {
      items: makers.map(({ name, layout, key, proposed }) => ({
        name,
        format: isRefused(layout) ? null : layout.format,
        columns: isRefused(layout) ? [] : layout.columns.map(({ column }) => column),
        fault: isRefused(layout) ? { en: refusalText(layout, 'en'), pl: refusalText(layout, 'pl') } : null,
        key: keyAnswer(key),
        proposed: keyAnswer(proposed),
      })),
    }
  },
  async 'makers.key'({ office, actor, params, body }) {
    const id = await proposeMakerKey(office, actor, { maker: params.code, ...body })
    return isRefused(id) ? id : { approval: `makerKey-${id}` }
  },
}

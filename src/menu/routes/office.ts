import { isRefused, refused } from '../../office/refusal.ts'
import { listAlerts, seeAlert } from '../../office/alerts.ts'
import { listApprovals } from '../../office/approvals.ts'
import { listAudit, type AuditCriteria } from '../../office/audit-list.ts'
import { verifyAudit } from '../../office/audit-verification.ts'
import { listJobs, showJob, type ListedJob } from '../../office/jobs.ts'
import { responseOf, textsOf } from '../../office/result-codes.ts'
import { listSearches, removeSearch, saveSearch } from '../../office/saved-searches.ts'
import { showToday, type Today } from '../../office/today.ts'
import type { Actor } from '../../office/actor.ts'
import type { Office } from '../../office/office.ts'
import type { Handlers } from '../call.ts'
import { money, storedTime, storeNamed, time } from '../format.ts'
import { storyRole } from '../story.ts'
import { rowBefore } from '../page-cursor.ts'

type OfficeRoutes = Pick<
  Handlers,
  | 'today.show'
  | 'audit.list'
  | 'audit.verify'
  | 'alerts.list'
  | 'alerts.see'
  | 'jobs.list'
  | 'jobs.show'
  | 'searches.list'
  | 'searches.save'
  | 'searches.remove'
>

async function todayAnswer(office: Office, actor: Actor, today: Today) {
  const perMinute = (one: Today['payments']) => ({ now: one.now, today: one.today, minutes: [...one.minutes] })
  const waiting = (await listApprovals(office, actor, { open: true })).filter((one) => one.refused === null)
  return {
    at: time(today.at),
    day: today.day,
    payments: perMinute(today.payments),
    sales: perMinute(today.sales),
    topUps: perMinute(today.topUps),
    declines: perMinute(today.declines),
    declinesByResult: today.declinesByResult.map(({ result, now, count }) => ({
      result,
      now,
      response: responseOf(result),
      text: { ...textsOf(result) },
      count,
    })),
    money: today.money.map(({ operation, count, amount, currency }) => ({
      operation,
      count,
      amount: money(amount, currency),
    })),
    unconfirmed: today.unconfirmed,
    casesOpen: today.casesOpen,
    approvalsWaiting: waiting.length,
    storeAndForward: today.storeAndForward,
    silentTerminals: today.silent.map(({ terminal, store, lastAt }) => ({
      terminal,
      store: storeNamed(office, store),
      lastAt: time(lastAt),
    })),
    silentTerminalsCount: today.silentCount,
    silentLines: today.silentLines.map(({ name, lastAt }) => ({ name, lastAt: time(lastAt) })),
    killedPacks: today.killedPacks.map(({ pack, at }) => ({ pack, at: time(at) })),
    alertsOpen: actor.rights.has('alerts.see') ? today.alertsOpen : 0,
    latest: today.latest.map(({ id, at, operation, role, store, amount, currency, credits, result }) => ({
      id: String(id),
      at: time(at),
      operation,
      role: storyRole(role),
      store: storeNamed(office, store),
      amount: amount === 0 || currency === null ? null : money(credits ? amount : -amount, currency),
      result,
      response: responseOf(result),
    })),
  }
}

/** The page of what a job is about. */
const JOB_PAGES: Readonly<Record<string, (subject: number) => string>> = {
  bulk: (id) => `/bulk/${id}`,
  bulk_undo: (id) => `/bulk/${id}`,
}

const jobAnswer = ({ login }: Actor, job: ListedJob) => ({
  id: String(job.id),
  kind: job.kind,
  subject: String(job.subject),
  to: JOB_PAGES[job.kind]?.(job.subject) ?? null,
  state: job.state,
  done: job.done,
  total: job.total,
  who: job.who,
  createdAt: storedTime(job.createdAt),
  startedAt: job.startedAt === null ? null : storedTime(job.startedAt),
  endedAt: job.endedAt === null ? null : storedTime(job.endedAt),
  trouble: job.trouble,
  troubleText: job.trouble === null || job.troublePl === null ? null : { en: job.trouble, pl: job.troublePl },
  own: job.who === login,
})

export const officeRoutes: OfficeRoutes = {
  async 'today.show'({ office, actor, parts }) {
    const today = await showToday(office, actor, parts.counters)
    return isRefused(today) ? today : todayAnswer(office, actor, today)
  },
  async 'audit.list'({ office, actor, query }) {
    const { from, to, cursor, limit = 100, ...rest } = query
    const last = rowBefore(cursor)
    const criteria: AuditCriteria = {
      ...rest,
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { until: Date.parse(to) }),
      ...(last === null ? {} : { before: last }),
    }
    const found = await listAudit(office, actor, criteria, { limit })
    if (isRefused(found)) return found
    return {
      items: found.items.map(({ id, at, kind, object, seq, ...row }) => ({
        ...row,
        id: String(id),
        at: time(at),
        object: { kind, id: object },
        chained: seq,
      })),
      next: found.next,
    }
  },
  async 'audit.verify'({ office, actor, parts }) {
    const anchor = await parts.auditAnchor()
    const report = await verifyAudit(office, actor, anchor?.head ?? null)
    if (isRefused(report)) return report
    return {
      rows: report.head.seq,
      faults: [...report.faults],
      anchoredAt: anchor === null ? null : time(anchor.at),
      head: report.head.hash,
    }
  },
  async 'alerts.list'({ office, actor, query }) {
    const found = await listAlerts(office, actor, { before: rowBefore(query.cursor), limit: query.limit ?? 100 })
    if (isRefused(found)) return found
    return {
      items: found.items.map(({ id, kind, text, since, lastAt, count, seenBy }) => ({
        id: String(id),
        kind,
        text: { ...text },
        since: time(since),
        lastAt: time(lastAt),
        count,
        to: null,
        seenBy: seenBy.map(({ login, at }) => ({ login, at: time(at) })),
      })),
      next: found.next,
    }
  },
  async 'alerts.see'({ office, actor, params }) {
    const result = await seeAlert(office, actor, Number(params.id))
    return isRefused(result) ? result : {}
  },
  async 'jobs.list'({ office, actor, query }) {
    const page = { open: query.open ?? false, before: rowBefore(query.cursor), limit: query.limit ?? 100 }
    const { items, next } = await listJobs(office, actor, page)
    return { items: items.map((job) => jobAnswer(actor, job)), next }
  },
  async 'jobs.show'({ office, actor, params }) {
    const job = await showJob(office, actor, Number(params.id))
    return isRefused(job) ? job : jobAnswer(actor, job)
  },
  async 'searches.list'({ office, actor, session }) {
    const items = await listSearches(office, actor, session?.user.roles ?? [])
    return {
      items: items.map(({ id, login, columns, ...search }) => ({
        ...search,
        id: String(id),
        columns: [...columns],
        own: login === actor.login,
        by: login,
      })),
    }
  },
  async 'searches.save'({ office, actor, session, body }) {
    if (session === null) return refused('not_signed_in')
    const saved = await saveSearch(office, actor, body)
    return isRefused(saved) ? saved : { id: String(saved.id) }
  },
  async 'searches.remove'({ office, actor, params }) {
    await removeSearch(office, actor, Number(params.id))
    return null
  },
}

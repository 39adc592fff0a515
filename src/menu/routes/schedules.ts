import { isRefused } from '../../office/refusal.ts'
import {
  addSchedule,
  dropSchedule,
  listSchedules,
  retryScheduled,
  type ScheduledRun,
} from '../../office/reports/schedules.ts'
import type { Handlers } from '../call.ts'
import { time } from '../format.ts'

type ScheduleRoutes = Pick<Handlers, Extract<keyof Handlers, `schedules.${string}`>>

const runAnswer = ({ id, dueAt, from, to, state, tries, file, trouble }: ScheduledRun) => ({
  id: String(id),
  dueAt: time(dueAt),
  from,
  to,
  state,
  tries,
  file,
  trouble: trouble === null ? null : { ...trouble },
})

export const scheduleRoutes: ScheduleRoutes = {
  async 'schedules.list'({ office, actor, parts: { places, mails } }) {
    const all = await listSchedules(office, actor)
    if (isRefused(all)) return all
    return {
      items: all.map(({ id, nextAt, madeAt: _madeAt, stores, issues, last, failed, ...schedule }) => ({
        ...schedule,
        id: String(id),
        stores: stores === null ? null : [...stores],
        issues: issues === null ? null : [...issues],
        nextAt: time(nextAt),
        last: last === null ? null : runAnswer(last),
        failed: failed === null ? null : runAnswer(failed),
      })),
      directories: places.directories.map(({ name }) => name),
      mailDomains: mails ? [...places.mailDomains] : [],
    }
  },
  async 'schedules.add'({ office, actor, body, parts }) {
    const made = await addSchedule(office, actor, body, parts.places)
    return isRefused(made) ? made : { id: String(made.id), nextAt: time(made.nextAt) }
  },
  async 'schedules.remove'({ office, actor, params }) {
    const gone = await dropSchedule(office, actor, Number(params.id))
    return isRefused(gone) ? gone : null
  },
  async 'schedules.retry'({ office, actor, params }) {
    const again = await retryScheduled(office, actor, Number(params.id))
    return isRefused(again) ? again : null
  },
}

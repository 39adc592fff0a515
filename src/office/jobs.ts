import { type JobView, type ListedJob, selectJob, selectListedJobs, toJobView, toListedJob } from '../db/sql/jobs.ts'
import type { Actor } from './actor.ts'
import type { Page } from './card-lists.ts'
import type { Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { JobView, ListedJob }

/** How far a job is. Own jobs may always be seen. */
export async function findJob(
  office: Office,
  actor: Actor,
  { job: id }: { readonly job: number },
): Promise<JobView | Refused> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectJob(id)))
  const job = row === undefined ? null : toJobView(row)
  if (job?.who === actor.login) return job
  return mayDo(actor, 'jobs.see') ?? job ?? refused('no_such_job', { job: id })
}

/** All jobs for persons who may see them, else their own; newest first. */
export async function listJobs(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { open, before, limit }: { readonly open: boolean; readonly before: number | null; readonly limit: number },
): Promise<Page<ListedJob>> {
  const who = actor.rights.has('jobs.see') ? null : actor.login
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectListedJobs({ open, who, before, id: null }, limit + 1)),
  )
  const items = rows.slice(0, limit).map(toListedJob)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? String(last.id) : null }
}

/** One of the list. */
export async function showJob(office: Pick<Office, 'db'>, actor: Actor, id: number): Promise<ListedJob | Refused> {
  const [[row] = []] = await office.db.use((connection) =>
    connection.send(selectListedJobs({ open: false, who: null, before: null, id }, 1)),
  )
  const job = row === undefined ? null : toListedJob(row)
  if (job?.who === actor.login) return job
  return mayDo(actor, 'jobs.see') ?? job ?? refused('no_such_job', { job: id })
}

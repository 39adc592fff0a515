import { type JobView, selectJob, toJobView } from '../db/sql/jobs.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { JobView }

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

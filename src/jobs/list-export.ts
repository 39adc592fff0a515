import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { longQuery, QueryEnded, rowsInPieces } from '../db/long-query.ts'
import { finishJob, type Job, lockJob, totalOfJob } from '../db/sql/jobs.ts'
import { deleteExportParts, finishListExport, insertExportPart, selectExportInput } from '../db/sql/list-exports.ts'
import { auditStatements } from '../office/audit-row.ts'
import { EXPORT_JOB, EXPORT_MOST, type OrderedExport } from '../office/list-exports.ts'
import { countListed, listTable, selectListed } from '../office/list-tables.ts'
import type { Office } from '../office/office.ts'
import { WRITERS } from '../office/table-file.ts'
import { BEAT_MS, type Held, holdJob } from './held-job.ts'
import { JobFailed, LeaseLost, type JobKind, type Work } from './runner.ts'

/** About 5 ms of work, which is the longest time that a payment waits for it. */
const PIECE = 500
const PART_BYTES = 1_000_000

/**
 * Writes the file of a long list, part by part, from one statement, so that all rows show one instant. A process that
 * takes over from a killed one starts again with a new instant. Cancelling ends the statement in the database too.
 */
export const listExports = (
  office: Pick<Office, 'nextId' | 'clock'>,
  beat = BEAT_MS,
): Readonly<Record<string, JobKind>> => ({
  [EXPORT_JOB]: async (job, work) => {
    const [[row] = []] = await work.connection.send(selectExportInput(job.subject))
    if (row === undefined) throw new JobFailed(`export ${job.subject} is not there`)
    const [login, list, text] = row as [string, string, string]
    const input = JSON.parse(text) as OrderedExport
    await work.connection.send('BEGIN')
    const [[ours] = []] = await work.connection.send(lockJob(job))
    // A process that stalled after it took the lease must not delete the parts of its successor.
    if (ours === undefined) throw new LeaseLost(`job ${job.id}`)
    await work.connection.send(deleteExportParts(job.subject))
    await work.connection.send('COMMIT')
    const held = holdJob(job, work, beat)
    try {
      const made = await makeFile(job, work, input, held)
      const { rows, sha256 } = made
      await work.connection.send('BEGIN')
      const [[still] = []] = await work.connection.send(lockJob(job))
      if (still === undefined) throw new LeaseLost(`job ${job.id}`)
      const act = {
        action: `${list}.export`,
        object: { kind: 'export', id: job.subject },
        details: { rows, sha256, format: input.format },
      }
      const record = auditStatements(office, { login, channel: 'job' }, office.clock(), act)
      const done = [finishListExport(job.subject, job.fence, made), totalOfJob(job.id, rows), finishJob(job.id)]
      for (const statement of [...done, ...record]) await work.connection.send(statement)
      await work.connection.send('COMMIT')
    } catch (error) {
      if (!(error instanceof QueryEnded)) throw error
      // On stop the job is given back and starts again later. Otherwise it was taken over or cancelled.
      if (!work.stopping.aborted) throw new LeaseLost(`job ${job.id}`)
    } finally {
      await held.release()
    }
  },
})

async function makeFile(
  { id: jobId, subject, fence }: Job,
  { access, connection }: Work,
  input: OrderedExport,
  held: Held,
): Promise<{ rows: number; sums: readonly { value: number; currency: number }[]; sha256: string }> {
  const { signal } = held
  const [counted] = await longQuery(access, countListed(input, EXPORT_MOST), signal)
  const total = Number(counted?.[0])
  if (total > EXPORT_MOST) throw tooLong()
  await connection.send(totalOfJob(jobId, Math.max(1, total)))

  const table = listTable(input.list, input.columns, input)
  const writer = WRITERS[input.format]()
  const hash = createHash('sha256')
  let [part, waiting, bytes] = [0, [] as Buffer[], 0]
  const add = async (content: Buffer, isLast: boolean): Promise<void> => {
    hash.update(content)
    waiting.push(content)
    bytes += content.length
    if (bytes < PART_BYTES && !isLast) return
    await connection.send(insertExportPart(subject, fence, part, gzipSync(Buffer.concat(waiting), { level: 4 })))
    part += 1
    waiting = []
    bytes = 0
  }
  await add(writer.write([table.head]), false)
  for await (const rows of rowsInPieces(access, selectListed(input, EXPORT_MOST + 1), { size: PIECE, signal })) {
    held.rows += rows.length
    if (held.rows > EXPORT_MOST) throw tooLong()
    await add(writer.write(table.cells(rows)), false)
    await turn()
  }
  await add(writer.end(), true)
  return { rows: held.rows, sums: table.sums(), sha256: hash.digest('hex') }
}

const tooLong = (): JobFailed => new JobFailed(`more than ${EXPORT_MOST} rows match`)

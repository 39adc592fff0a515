import { binary, instant, integer, text } from './literal.ts'
import type { JobState } from './jobs.ts'
import type { Row } from './row.ts'

export type ListExport = {
  readonly id: number
  readonly login: string
  readonly list: string
  readonly fileName: string
  readonly state: JobState | 'cancelled'
  readonly rows: number
  /** As many as there will be; null: not known yet. */
  readonly total: number | null
  readonly sums: readonly { readonly value: number; readonly currency: number }[]
  readonly sha256: string | null
  readonly trouble: string | null
  /** Of the job that made it in parts; null: it was made at once. */
  readonly fence: number | null
}

export type MadeExport = Pick<ListExport, 'id' | 'login' | 'list' | 'fileName' | 'rows' | 'sums'> & {
  readonly sha256: string
}

export const insertListExport = (e: MadeExport, at: number, content: Buffer): string =>
  `INSERT INTO list_exports (id, login, list, file_name, at, row_count, sums, sha256, content) VALUES (${integer(e.id)},
   ${text(e.login)},${text(e.list)},${text(e.fileName)},${instant(at)},${integer(e.rows)},${text(JSON.stringify(e.sums))},
   ${text(e.sha256)},${binary(content.toString('hex'))})`

/** `wish`: the order as JSON. */
export const insertOrderedExport = (
  e: Pick<ListExport, 'id' | 'login' | 'list' | 'fileName'> & { readonly input: string },
  at: number,
): string =>
  `INSERT INTO list_exports (id, login, list, file_name, at, row_count, sums, sha256, content, wish) VALUES
   (${integer(e.id)},${text(e.login)},${text(e.list)},${text(e.fileName)},${instant(at)},0,'[]','','',${text(e.input)})`

export const selectOpenExports = (login: string): string =>
  `SELECT COUNT(*) FROM jobs WHERE kind = 'export' AND who = ${text(login)} AND state IN ('waiting', 'running')`

export const selectListExport = (id: number, login: string): string =>
  `SELECT e.id, e.login, e.list, e.file_name, e.row_count, e.sums, e.sha256, e.fence, e.cancelled, e.wish IS NOT NULL, j.state,
   j.done, j.total, j.trouble FROM list_exports e LEFT JOIN jobs j ON j.kind = 'export' AND j.subject = e.id
   WHERE e.id = ${integer(id)} AND e.login = ${text(login)} ORDER BY j.id DESC LIMIT 1`

export const selectExportInput = (id: number): string =>
  `SELECT login, list, wish FROM list_exports WHERE id = ${integer(id)} AND wish IS NOT NULL`

export const selectExportContent = (id: number, login: string): string =>
  `SELECT content FROM list_exports WHERE id = ${integer(id)} AND login = ${text(login)}`

export const selectExportPart = (id: number, fence: number, part: number): string =>
  `SELECT content FROM list_export_parts WHERE export_id = ${integer(id)} AND fence = ${integer(fence)} AND part = ${integer(part)}`

export const insertExportPart = (id: number, fence: number, part: number, content: Buffer): string =>
  `INSERT INTO list_export_parts (export_id, fence, part, content) VALUES (${integer(id)},${integer(fence)},${integer(part)},
   ${binary(content.toString('hex'))})`

/** The parts of an attempt that did not finish. */
export const deleteExportParts = (id: number): string =>
  `DELETE FROM list_export_parts WHERE export_id = ${integer(id)}`

export const finishListExport = (
  id: number,
  fence: number,
  { rows, sums, sha256 }: Pick<MadeExport, 'rows' | 'sums' | 'sha256'>,
): string =>
  `UPDATE list_exports SET row_count = ${integer(rows)}, sums = ${text(JSON.stringify(sums))}, sha256 = ${text(sha256)},
   fence = ${integer(fence)} WHERE id = ${integer(id)}`

/** Ends the job without doing it; its process notices at its next lock. */
export const cancelListExportJob = (id: number): readonly string[] => [
  `UPDATE jobs SET state = 'failed', open_for = NULL, lease_until = NULL, ended_at = UTC_TIMESTAMP(3), trouble = 'cancelled'
   WHERE kind = 'export' AND subject = ${integer(id)} AND state IN ('waiting', 'running')`,
  `UPDATE list_exports SET cancelled = 1 WHERE id = ${integer(id)}`,
  deleteExportParts(id),
]

export const deleteOldListExports = (before: number): string =>
  `DELETE p FROM list_export_parts p JOIN list_exports e ON e.id = p.export_id WHERE e.at < ${instant(before)};
   DELETE FROM list_exports WHERE at < ${instant(before)}`

export function toListExport(row: Row): ListExport {
  const [id, login, list, fileName, rowCount, sums, sha256, fence, cancelled, ordered, jobState, done, total, trouble] =
    row as [
      number, string, string, string, number, string, string, number | null, number, number, JobState | null, number | null,
      number | null, string | null,
    ] // prettier-ignore
  const state = ordered === 0 ? 'done' : cancelled === 1 ? 'cancelled' : (jobState ?? 'failed')
  const isDone = state === 'done'
  return {
    id,
    login,
    list,
    fileName,
    state,
    rows: isDone ? rowCount : (done ?? 0),
    total: isDone ? rowCount : total === 0 ? null : total,
    sums: JSON.parse(sums) as ListExport['sums'],
    sha256: isDone ? sha256 : null,
    trouble: isDone ? null : trouble,
    fence,
  }
}

import { binary, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

export type ListExport = {
  readonly id: number
  readonly login: string
  readonly list: string
  readonly fileName: string
  readonly rows: number
  readonly sums: readonly { readonly value: number; readonly currency: number }[]
  readonly sha256: string
}

export const insertListExport = (e: ListExport, at: number, content: Buffer): string =>
  `INSERT INTO list_exports (id, login, list, file_name, at, row_count, sums, sha256, content) VALUES (${integer(e.id)},
   ${text(e.login)},${text(e.list)},${text(e.fileName)},${instant(at)},${integer(e.rows)},${text(JSON.stringify(e.sums))},
   ${text(e.sha256)},${binary(content.toString('hex'))})`
export const selectListExport = (id: number, login: string): string =>
  `SELECT id, login, list, file_name, row_count, sums, sha256 FROM list_exports WHERE id = ${integer(id)} AND login = ${text(login)}`
export const selectExportContent = (id: number, login: string): string =>
  `SELECT file_name, content FROM list_exports WHERE id = ${integer(id)} AND login = ${text(login)}`
export const deleteOldListExports = (before: number): string => `DELETE FROM list_exports WHERE at < ${instant(before)}`

export function toListExport(row: Row): ListExport {
  const [id, login, list, fileName, rows, sums, sha256] = row as [
    number,
    string,
    string,
    string,
    number,
    string,
    string,
  ]
  return { id, login, list, fileName, rows, sums: JSON.parse(sums) as ListExport['sums'], sha256 }
}

import type { Attached } from '../../core/attached.ts'
import type { Changes } from '../../core/apply.ts'
import { insertAudit, insertUnchained } from './audit.ts'
import { integer, text } from './literal.ts'
import { insertStagedLoads } from './staged.ts'

type Rows = Changes['attached']
type RowsOf<Kind extends Attached['kind']> = readonly {
  readonly row: Extract<Attached, { kind: Kind }>['row']
  readonly at: number
  readonly by: number
}[]

/** The statements that insert what belongs to the decisions of a batch. */
export function insertAttached(attached: Rows): string[] {
  return (Object.keys(INSERTS) as Attached['kind'][]).flatMap((kind) => {
    const rows = attached.filter((one) => one.attached.kind === kind)
    if (rows.length === 0) return []
    const insert = INSERTS[kind] as (rows: RowsOf<Attached['kind']>) => string[]
    return insert(rows.map(({ attached: { row }, at, by }) => ({ row, at, by })))
  })
}

const INSERTS: { readonly [Kind in Attached['kind']]: (rows: RowsOf<Kind>) => string[] } = {
  audit: (rows) => {
    const audited = rows.map(({ row, at, by }) => ({ ...row, id: by, at }))
    return [insertAudit(audited), insertUnchained(audited)]
  },
  staged_load: (rows) => [insertStagedLoads(rows.map(({ row, by }) => ({ ...row, id: by })))],
  web_request: (rows) => [
    `INSERT INTO web_requests (transaction_id, data) VALUES ${rows
      .map(({ row, by }) => `(${integer(by)},${text(JSON.stringify(row))})`)
      .join(',')}`,
  ],
}

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

/** The statements that insert what belongs to the decisions of a batch, but for what goes beside its transactions. */
export function insertAttached(attached: Rows): string[] {
  return (Object.keys(INSERTS) as (keyof typeof INSERTS)[]).flatMap((kind) => {
    const rows = attached.filter((one) => one.attached.kind === kind)
    if (rows.length === 0) return []
    const insert = INSERTS[kind] as (rows: RowsOf<Attached['kind']>) => string[]
    return insert(rows.map(({ attached: { row }, at, by }) => ({ row, at, by })))
  })
}

/**
 * The kept data of shops' requests, in the packet of the INSERT of their transactions, after it: a packet of its own
 * cost a tenth of a shop's payment. As in `insertUnfoldedBeside`, without the first one's transaction the value is NULL
 * and refused, and all of them with it. Null: there is none.
 */
export function insertWebRequestsBeside(attached: Rows): string | null {
  let values = ''
  for (const { attached: one, by } of attached) {
    if (one.kind !== 'web_request') continue
    const id = values === '' ? `(SELECT id FROM transactions WHERE id = ${integer(by)})` : integer(by)
    values += `${values === '' ? '' : ','}(${id},${text(JSON.stringify(one.row))})`
  }
  return values === '' ? null : `INSERT INTO web_requests (transaction_id, data) VALUES ${values}`
}

const INSERTS: {
  readonly [Kind in Exclude<Attached['kind'], 'web_request'>]: (rows: RowsOf<Kind>) => string[]
} = {
  audit: (rows) => {
    const audited = rows.map(({ row, at, by }) => ({ ...row, id: by, at }))
    return [insertAudit(audited), insertUnchained(audited)]
  },
  staged_load: (rows) => [insertStagedLoads(rows.map(({ row, by }) => ({ ...row, id: by })))],
}

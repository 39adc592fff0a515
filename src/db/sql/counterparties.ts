import { text } from './literal.ts'
import type { Row } from './row.ts'

/** A company that buys cards, or an employer. */
export type Counterparty = { readonly code: string; readonly name: string; readonly state: string }

/** No row where the code is taken. */
export const insertCounterparty = (code: string, name: string): string =>
  `INSERT INTO counterparties (code, name, state) SELECT ${text(code)},${text(name)},'open'
   FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM counterparties WHERE code = ${text(code)})`

/** No row where there is no open one of this code. */
export const closeCounterparty = (code: string): string =>
  `UPDATE counterparties SET state = 'closed' WHERE code = ${text(code)} AND state = 'open'`

/** A row where there is an open one of this code; it stays open until the end of the transaction. */
export const lockOpenCounterparty = (code: string): string =>
  `SELECT code FROM counterparties WHERE code = ${text(code)} AND state = 'open' LOCK IN SHARE MODE`

export const selectCounterparties = 'SELECT code, name, state FROM counterparties ORDER BY code'

export function toCounterparty(row: Row): Counterparty {
  const [code, name, state] = row as [string, string, string]
  return { code, name, state }
}

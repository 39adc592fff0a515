import { text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/**
 * A client certificate bound to a terminal or store: its messages are accepted only on a connection with a bound
 * certificate.
 */
export type Binding = {
  readonly what: 'terminal' | 'store'
  readonly code: string
  readonly by: 'fingerprint' | 'subject'
  /** 64 hex digits, or a subject of up to 255 characters. */
  readonly name: string
}

const TABLES = {
  terminal: { table: 'terminal_certificates', code: 'terminal_code' },
  store: { table: 'store_certificates', code: 'store_code' },
} as const satisfies Record<Binding['what'], { table: string; code: string }>

/** Adds a binding to the existing ones; a duplicate is ignored. */
export const insertBinding = ({ what, code, by, name }: Binding): string =>
  `INSERT INTO ${TABLES[what].table} (${TABLES[what].code}, named_by, name) VALUES (${text(code)},${text(by)},${text(name)})
   ON DUPLICATE KEY UPDATE name = name`

export const deleteBinding = ({ what, code, by, name }: Binding): string =>
  `DELETE FROM ${TABLES[what].table} WHERE ${TABLES[what].code} = ${text(code)} AND named_by = ${text(by)}
   AND name = ${text(name)}`

export const selectBindings = `SELECT 'terminal' AS what, terminal_code, named_by, name FROM terminal_certificates
  UNION ALL SELECT 'store', store_code, named_by, name FROM store_certificates ORDER BY 1 DESC, 2, 3, 4`

export function toBinding(row: Row): Binding {
  const [what, code, by, name] = row as [string, string, string, string]
  return { what: oneOf(['terminal', 'store'], what), code, by: oneOf(['fingerprint', 'subject'], by), name }
}

/** The code of the terminal and its store, held to the end of the database transaction. */
export const lockTerminalStore = (code: string): string =>
  `SELECT code, store_code FROM terminals WHERE code = ${text(code)} FOR UPDATE`

export const setSignOn = (code: string, required: boolean): string =>
  `UPDATE terminals SET sign_on = ${required ? '1' : '0'} WHERE code = ${text(code)}`

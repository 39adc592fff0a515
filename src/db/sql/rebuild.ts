import { oneOf, type Row } from './row.ts'

/** Seconds for which the rebuild waits for transactions on the table; later transactions queue behind it. */
export const REBUILD_WAIT_SECONDS = 1

export const setRebuildWait = `SET SESSION lock_wait_timeout = ${REBUILD_WAIT_SECONDS}`

/** Copies the rows that are there into a new file and drops the old one, beside reads and writes. */
export const rebuild = (table: RebuiltTable): string => `ALTER TABLE ${table} FORCE, ALGORITHM=INPLACE, LOCK=NONE`

/** Tables with sealed data that a key rotation replaces. */
export type RebuiltTable = 'cards' | 'terminal_keys'

const NAMES = [
  'Innodb_lsn_current',
  'Innodb_redo_log_current_lsn',
  'innodb_log_file_size',
  'innodb_log_files_in_group',
  'innodb_redo_log_capacity',
  'log_bin',
] as const

/** A row of what the two statements answer. */
export function toNamedValue(row: Row): readonly [name: (typeof NAMES)[number], value: string] {
  const [name, value] = row as [string, string]
  return [oneOf(NAMES, name), value]
}

/**
 * The differences between MariaDB and MySQL. All other SQL works on both: no RETURNING, UUID type or VALUES lists
 * (MariaDB), no VALUES ROW() or aliases of new rows (MySQL).
 */

/** A comment that MariaDB reads and MySQL does not, from this version on. */
const onlyMariadb = (version: number, sql: string): string => `/*M!${version} ${sql} */`

/** Set in each session: MySQL has no such variable, there `jobs/idle-transactions.ts` does the same. */
export const idleTransactionTimeout = (seconds: number): string =>
  onlyMariadb(100300, `, idle_transaction_timeout = ${seconds}`)

/** A row where the server ends idle transactions by itself. */
export const hasIdleTimeout = "SHOW VARIABLES LIKE 'idle_transaction_timeout'"

/** Whether the next reads of this session wait for the commits of other nodes; MySQL has no Galera. */
export const waitForOthers = (wait: boolean): string =>
  `SET SESSION ${onlyMariadb(100500, `wsrep_sync_wait = ${wait ? 1 : 0}, `)} foreign_key_checks = 1`

/** 1205 a lock was waited for in vain; NOWAIT found one: 1205 on MariaDB, 3572 on MySQL. */
export const LOCKED: ReadonlySet<number | null> = new Set([1205, 3572])

/** How far the redo log has come. */
export const selectLogPosition = `SHOW GLOBAL STATUS WHERE Variable_name IN
  ('Innodb_lsn_current', 'Innodb_redo_log_current_lsn')`

/** How much the redo log holds (MySQL names its capacity from 8.0.30 on), and whether there is a binary log. */
export const selectLogSizes = `SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('innodb_log_file_size', 'innodb_log_files_in_group', 'innodb_redo_log_capacity', 'log_bin')`

/**
 * A DDL statement that was done already: table exists, unknown table (to drop), duplicate column, duplicate key name, can't
 * drop (MariaDB, then MySQL), duplicate constraint (the same).
 */
export const ALREADY_DONE: ReadonlySet<number> = new Set([1050, 1051, 1060, 1061, 1091, 3940, 1826, 3821, 3822])

import { integer } from './literal.ts'

/** Connections to this database that have been idle inside a transaction for this long. */
export const selectIdleTransactions = (seconds: number): string =>
  `SELECT p.id FROM information_schema.innodb_trx t
   JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
   WHERE p.db = DATABASE() AND p.command = 'Sleep' AND p.time >= ${integer(seconds)}`

export const killConnection = (id: number): string => `KILL ${integer(id)}`

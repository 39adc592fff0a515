import type { NodeReport, WriterRecord } from '../cluster.ts'
import { integer, text } from './literal.ts'

/** The identity of a node, independent of the address it is reached by. */
const IDENTITY = "CONCAT(@@hostname, ':', @@port)"

/**
 * The writer of the record, and this node, in each transaction. The row stays locked to the end: where another process
 * makes another node the writer, that change is applied here too, and the cluster ends whatever holds the lock.
 */
export const selectFence = `SELECT node, ${IDENTITY} FROM database_writer WHERE id = 1 LOCK IN SHARE MODE`

export const selectWriter = `SELECT node, epoch, ${IDENTITY} FROM database_writer WHERE id = 1`

export const selectIdentity = `SELECT ${IDENTITY}`

/** Seconds for which a node stays the writer at least: two processes that see different nodes do not take turns. */
const TENURE_SECONDS = 3

export const claimWriter = (identity: string, epoch: number): string =>
  `UPDATE database_writer SET node = ${text(identity)}, epoch = epoch + 1, since = UTC_TIMESTAMP(3)
   WHERE id = 1 AND epoch = ${integer(epoch)}
     AND (node = '' OR since < UTC_TIMESTAMP(3) - INTERVAL ${TENURE_SECONDS} SECOND)`

/** A server that is no member of a Galera cluster has wsrep_on OFF, or has no such variable. */
export const showWritable = `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'read_only', 'super_read_only')`
export const showWsrep = `SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status')`

export function isWritable(variables: ReadonlyMap<string, string>): boolean {
  const is = (name: string, value: string): boolean => (variables.get(name) ?? '').toLowerCase() === value
  if (is('read_only', 'on') || is('super_read_only', 'on') || is('read_only', 'read_only')) return false
  return !is('wsrep_on', 'on') || (is('wsrep_ready', 'on') && is('wsrep_cluster_status', 'primary'))
}

export const reportOf = (
  variables: ReadonlyMap<string, string>,
  identity: string,
  record: WriterRecord | null,
): NodeReport => ({ identity, isWritable: isWritable(variables), record })

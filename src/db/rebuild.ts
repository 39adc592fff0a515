import { setTimeout as sleep } from 'node:timers/promises'
import { setUpError } from '../config/set-up-error.ts'
import { type Access, openConnection } from './access.ts'
import { rebuild, type RebuiltTable, setRebuildWait, toNamedValue } from './sql/rebuild.ts'
import { selectLogPosition, selectLogSizes } from './sql/servers.ts'
import type { Row } from './sql/row.ts'

/** Places in which the database still has data that the rebuilt table no longer has. */
export type OldLogs = {
  /** The status variable to look at, and its value from which on the redo log has been written over once. */
  readonly position: { readonly name: string; readonly now: number; readonly until: number } | null
  /** There is a binary log, which contains the old data until its files are purged. */
  readonly binaryLog: boolean
}

/** 1205: transactions would not let go of the table. 1799: more was written to it meanwhile than the server notes down. */
const AGAIN: ReadonlySet<unknown> = new Set([1205, 1799])
const TRIES = 10
const PAUSE_MS = 500

/**
 * Rewrites a table, beside traffic, because InnoDB clears neither the pages that it frees nor the remains of rows and index
 * entries in the pages that it keeps. If it is interrupted, the table is unchanged.
 *
 * @throws a set-up error where the traffic leaves no room for it
 */
export async function rebuildTable(access: Access, table: RebuiltTable): Promise<OldLogs> {
  const connection = await openConnection(access, { multipleStatements: false })
  const rows = async (sql: string): Promise<readonly Row[]> => {
    const [found] = await connection.query({ sql, rowsAsArray: true })
    return found as unknown as readonly Row[]
  }
  try {
    await connection.query(setRebuildWait)
    for (let tries = 1; ; tries++) {
      try {
        await connection.query(rebuild(table))
        break
      } catch (error) {
        if (!AGAIN.has((error as { errno?: unknown }).errno)) throw error
        if (tries === TRIES) {
          throw setUpError(
            `${table}: no moment for the rebuild in ${TRIES} tries; call it again when there is less traffic`,
          )
        }
        await sleep(PAUSE_MS * tries)
      }
    }
    return logsBehind(await rows(selectLogPosition), await rows(selectLogSizes))
  } finally {
    connection.destroy()
  }
}

function logsBehind(position: readonly Row[], sizes: readonly Row[]): OldLogs {
  const size = new Map(sizes.map(toNamedValue))
  const [[name, value] = [null, ''] as const] = position.map(toNamedValue)
  const now = Number(value)
  const holds =
    Number(size.get('innodb_redo_log_capacity') ?? size.get('innodb_log_file_size')) *
    (size.has('innodb_redo_log_capacity') ? 1 : Number(size.get('innodb_log_files_in_group') ?? 1))
  return {
    position: name === null ? null : { name, now, until: now + holds },
    binaryLog: size.get('log_bin') === 'ON',
  }
}

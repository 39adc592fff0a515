import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/**
 * From `seen` of a machine's monotonic clock on, the database's clock was ahead of it by `ahead`; ms. `boot`: machine
 * and boot.
 */
export type SeenOffset = { readonly boot: string; readonly seen: number; readonly ahead: number }

/** The entries of one machine are in order; the last of all is the newest by the database's time. */
export const selectOffsets = (most: number): string =>
  `SELECT boot, seen, ahead FROM (SELECT boot, seen, ahead FROM clock_offsets ORDER BY seen + ahead DESC LIMIT ${integer(most)}) AS newest
   ORDER BY boot, seen`

export function toSeenOffset(row: Row): SeenOffset {
  const [boot, seen, ahead] = row as [string, number, number]
  return { boot, seen, ahead }
}

/** If another process of this machine saw the same at the same time, one row is enough. */
export const insertOffset = ({ boot, seen, ahead }: SeenOffset): string =>
  `INSERT INTO clock_offsets (boot, seen, ahead) VALUES (${text(boot)},${integer(seen)},${integer(ahead)})
   ON DUPLICATE KEY UPDATE ahead = VALUES(ahead)`

/**
 * Deletes this machine's entries that ended before `seen`, and others' that ended before the database's time `time`.
 */
export const deleteOffsets = (boot: string, seen: number, time: number): string =>
  `DELETE FROM clock_offsets WHERE (boot = ${text(boot)} AND seen < ${integer(seen)})
   OR (boot <> ${text(boot)} AND seen + ahead < ${integer(time)})`

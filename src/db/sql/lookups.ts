import type { Lookups } from '../../core/lookups.ts'
import { fromInstant, instantOrNull, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Locked after the cards and the packs, in order: two batches of one source count one after the other. */
export const lockLookups = (sources: readonly string[]): string =>
  `SELECT source, asked, locks, locked_until, counted_at FROM card_lookups
   WHERE source IN (${sources.map(text).join(',')}) ORDER BY source FOR UPDATE`

export function toLookups(row: Row): Lookups {
  const [source, count, locks, lockedUntil, countedAt] = row as [string, number, number, string | null, string | null]
  const at = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))
  return { source, count, locks, lockedUntil: at(lockedUntil), countedAt: at(countedAt) }
}

export const writeLookups = (lookups: readonly Lookups[]): string =>
  `INSERT INTO card_lookups (source, asked, locks, locked_until, counted_at) VALUES ${lookups
    .map(
      (l) =>
        `(${text(l.source)},${integer(l.count)},${integer(l.locks)},${instantOrNull(l.lockedUntil)},${instantOrNull(l.countedAt)})`,
    )
    .join(',')}
   ON DUPLICATE KEY UPDATE asked = VALUES(asked), locks = VALUES(locks), locked_until = VALUES(locked_until),
   counted_at = VALUES(counted_at)`

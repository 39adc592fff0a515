import type { Lookups } from '../../core/lookups.ts'
import { fromInstant, instantOrNull, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Locked after the cards and the packs, in order: two batches of one source count one after the other. */
export const lockLookups = (sources: readonly string[]): string =>
  `SELECT source, asked, locks, locked_until FROM card_lookups
   WHERE source IN (${sources.map(text).join(',')}) ORDER BY source FOR UPDATE`

export function toLookups(row: Row): Lookups {
  const [source, count, locks, lockedUntil] = row as [string, number, number, string | null]
  return { source, count, locks, lockedUntil: lockedUntil === null ? null : fromInstant(lockedUntil) }
}

export const writeLookups = (lookups: readonly Lookups[]): string =>
  `INSERT INTO card_lookups (source, asked, locks, locked_until) VALUES ${lookups
    .map((l) => `(${text(l.source)},${integer(l.count)},${integer(l.locks)},${instantOrNull(l.lockedUntil)})`)
    .join(',')}
   ON DUPLICATE KEY UPDATE asked = VALUES(asked), locks = VALUES(locks), locked_until = VALUES(locked_until)`

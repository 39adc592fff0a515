import type { Tries } from '../../core/tries.ts'
import { fromInstant, instantOrNull, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Read under the lock of the cards' rows, like everything that a decision depends on. */
export const selectTries = (cardIds: readonly number[]): string =>
  `SELECT card_id, source, wrong, locks, locked_until FROM card_tries WHERE card_id IN (${cardIds.map(integer).join(',')})`

export function toTries(row: Row): Tries {
  const [cardId, source, wrong, locks, lockedUntil] = row as [number, string, number, number, string | null]
  return { cardId, source, wrong, locks, lockedUntil: lockedUntil === null ? null : fromInstant(lockedUntil) }
}

export const writeTries = (tries: readonly Tries[]): string =>
  `INSERT INTO card_tries (card_id, source, wrong, locks, locked_until) VALUES ${tries
    .map(
      (t) =>
        `(${integer(t.cardId)},${text(t.source)},${integer(t.wrong)},${integer(t.locks)},${instantOrNull(t.lockedUntil)})`,
    )
    .join(',')}
   ON DUPLICATE KEY UPDATE wrong = VALUES(wrong), locks = VALUES(locks), locked_until = VALUES(locked_until)`

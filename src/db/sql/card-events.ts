import type { Changes } from '../../core/apply.ts'
import { instant, integer, text, textOrNull } from './literal.ts'

/** What happened to cards; the id is that of the request, of a second event its spare one. */
export const insertCardEvents = (events: Changes['events']): string =>
  `INSERT INTO card_events (id, card_id, event, who, at, reason, detail) VALUES ${events
    .map(
      ({ event: e, at, by }) =>
        `(${integer(by)},${integer(e.cardId)},${text(e.event)},${text(e.who)},${instant(at)},${textOrNull(e.reason)},${textOrNull(e.detail)})`,
    )
    .join(',')}`

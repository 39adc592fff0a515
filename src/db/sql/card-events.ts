import type { Changes } from '../../core/apply.ts'
import { instant, integer, text, textOrNull } from './literal.ts'

/** The history of cards; an event's id is that of the request, or its spare id for a second event. */
export const insertCardEvents = (events: Changes['events']): string =>
  `INSERT INTO card_events (id, card_id, event, who, at, reason, detail) VALUES ${events
    .map(
      ({ event: e, at, by }) =>
        `(${integer(by)},${integer(e.cardId)},${text(e.event)},${text(e.who)},${instant(at)},${textOrNull(e.reason)},${textOrNull(e.detail)})`,
    )
    .join(',')}`

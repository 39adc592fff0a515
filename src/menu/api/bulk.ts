import { Type } from 'typebox'
import { BLOCKS } from '../../core/card.ts'
import { Done } from './problem.ts'
import type { Route } from './route.ts'
import {
  Cursor,
  Day,
  Id,
  Limit,
  MaskedNumber,
  members,
  Money,
  oneOf,
  opt,
  orNull,
  page,
  Reason,
  LocalizedText,
} from './values.ts'

const ofId = members({ id: Id })

/** Many cards at once: a preview freezes the ids, running it makes a job. */
const BulkPreview = members({
  id: Id,
  action: oneOf(['block', 'unblock', 'extend']),
  cards: Type.Integer(),
  money: Type.Array(Money),
  skipped: Type.Array(members({ why: LocalizedText, cards: Type.Integer() })),
  secondPerson: Type.Boolean(),
})

export const BULK = {
  'bulk.preview': {
    method: 'POST',
    path: '/api/bulk',
    access: ['cards.bulk'],
    body: members({
      action: oneOf(['block', 'unblock', 'extend']),
      /** These cards, or all that match this query of the list. */
      cards: opt(Type.Array(Id, { minItems: 1, maxItems: 10_000 })),
      query: opt(Type.String({ maxLength: 1000 })),
      kind: opt(oneOf(BLOCKS)),
      until: opt(Day),
    }),
    answer: BulkPreview,
  },
  'bulk.run': {
    method: 'POST',
    path: '/api/bulk/:id/run',
    access: ['cards.bulk'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
  'bulk.show': {
    method: 'GET',
    path: '/api/bulk/:id',
    access: ['cards.bulk', 'changes.approve'],
    params: ofId,
    query: members({ limit: Limit, cursor: Cursor }),
    answer: members({
      preview: BulkPreview,
      state: oneOf(['previewed', 'proposed', 'running', 'done', 'undone', 'refused']),
      reason: orNull(Type.String()),
      by: Type.String(),
      done: Type.Integer(),
      failed: Type.Integer(),
      rows: page(members({ card: Id, number: MaskedNumber, result: orNull(Type.String()) })),
    }),
  },
  /** Gives each card its own earlier state again, where nothing happened to it since. */
  'bulk.undo': {
    method: 'POST',
    path: '/api/bulk/:id/undo',
    access: ['cards.bulk'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
} as const satisfies Record<string, Route>

import type { Answer } from '../../api/call.ts'

/** A card as its own page shows it. */
export type CardRecord = Answer<'cards.show'>

export type CardAction = CardRecord['actions'][number]['action']

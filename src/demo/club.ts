import type { CardKeys } from '../cards/keys.ts'
import { type CardPlan, plannedNumbers } from '../cards/made-card.ts'
import { FIRST_PLACE } from '../cards/number-space.ts'

/** The demo's third issue of plastic cards. The demo's history of the last weeks was played with these cards. */
export const CLUB = { code: 'CLUB', name: 'Club card', prefix: '629914', length: 16, cards: 260 } as const

/** Its packs, in the order of the serials: two on sale, one on its way, one that has just been made. */
export const CLUB_PACKS = [
  { store: '000000000000001', state: 'active', cards: 120 },
  { store: '000000000000002', state: 'active', cards: 80 },
  { store: '000000000000002', state: 'dispatched', cards: 40 },
  { store: '000000000000001', state: 'made', cards: 20 },
] as const

export const clubPlan = (issueId: number, firstId: number): CardPlan => ({
  issueId,
  firstId,
  prefix: CLUB.prefix,
  length: CLUB.length,
  body: 'scrambled',
  firstPlace: FIRST_PLACE,
  ean: null,
  ecodeSeed: null,
  validUntil: null,
})

/** Numbers by serial, from 1. */
export const clubNumbers = (keys: CardKeys): readonly string[] =>
  plannedNumbers(keys, clubPlan(0, 0), { first: 1, count: CLUB.cards })

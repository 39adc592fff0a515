import type { Bug } from '../../../planting.ts'

/** Bugs in the kept figures of cards, which reports use instead of cards; `proof-check.ts` must find each of them. */
export const PROOF_BUGS = [
  {
    name: 'a change of a card is not told to the counts',
    file: 'engine/executor',
    text: 'if (moves.length > 0)',
    instead: 'if (false)',
  },
  {
    name: 'a card that moves on two days of a month comes twice from its end',
    file: 'db/sql/card-days',
    text: 'z.day <= ${text(until)}',
    instead: "z.day <= '2000-01-01'",
  },
  {
    name: 'days that are kept are read from the transfers too',
    file: 'db/sql/card-ages',
    text: 'after: until ?? base',
    instead: 'after: base',
  },
  {
    name: 'what a card was before a day is added',
    file: 'db/sql/card-ages',
    text: "['was_', '-']",
    instead: "['was_', '']",
  },
] as const satisfies readonly Bug[]

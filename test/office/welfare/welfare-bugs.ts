import type { Bug } from '../../planting.ts'

/** Bugs between an employer's list and the money on cards; `history.ts` must find each of them. */
export const USUAL_WELFARE_BUGS = [
  {
    name: 'what is staged stays behind on a card that is replaced',
    file: 'core/apply',
    text: 'if (change.set.replacedBy !== undefined)',
    instead: 'if (false)',
  },
  {
    name: 'a card that is linked to nobody is loaded',
    file: 'office/welfare/check-card',
    text: 'if (sell && card.counterparty === code)',
    instead: 'if (true)',
  },
  {
    name: 'a recall takes portions of another counterparty',
    file: 'office/welfare/unspent',
    text: "origin.account === account && origin.operation === 'welfare_load'",
    instead: "origin.operation === 'welfare_load'",
  },
] as const satisfies readonly Bug[]

/** More of them, for the soak. */
export const FURTHER_WELFARE_BUGS = [
  {
    name: 'a load is applied twice',
    file: 'core/staged',
    text: '{ ...set, ...soldBy(state, card, booked) } })], unstaged: [load],',
    instead: '{ ...set, ...soldBy(state, card, booked) } })], unstaged: [],',
  },
  {
    name: 'a load is seen before its batch is booked',
    file: 'db/sql/staged',
    text: "WHERE s.card_id = ${card} AND b.state = 'booked')`",
    instead: 'WHERE s.card_id = ${card})`',
  },
  {
    name: 'a staged load can be spent',
    file: 'core/staged',
    text: 'set: { staged: card.staged + amount } })',
    instead: 'set: { staged: card.staged + amount }, ledger: amount, available: amount })',
  },
  {
    name: 'a top-up takes the room of a staged load',
    file: 'core/operate',
    text: 'if (card.ledger + card.staged + amount > issue.maximumBalance)',
    instead: 'if (card.ledger + amount > issue.maximumBalance)',
  },
  {
    name: 'what the year has had does not count',
    file: 'office/welfare/check-list',
    text: 'const sum = year.sum + Math.max(',
    instead: 'const sum = Math.max(',
  },
  {
    name: 'the card that is linked at the approval is loaded, not the one that was proposed',
    file: 'office/welfare/recheck',
    text: "if (cardId !== null && (frozen || row.cardShown !== ''))",
    instead: "if (cardId !== null && row.cardShown !== '')",
  },
  {
    name: 'a duplicate after the proposal is loaded without anybody having seen it',
    file: 'office/welfare/check-card',
    text: "row.card.by === 'id' && row.card.isFrozen",
    instead: 'false',
  },
  {
    name: 'the same list is taken a second time',
    file: 'office/welfare/load-list',
    text: 'if (there !== undefined)',
    instead: 'if (false)',
  },
  {
    name: 'who has left is loaded',
    file: 'office/welfare/check-rows',
    text: "if (employee?.state === 'left')",
    instead: 'if (false)',
  },
  {
    name: 'the newest portion is spent first',
    file: 'core/portions',
    text: 'portions.sort((a, b) => a.order - b.order);',
    instead: 'portions.sort((a, b) => b.order - a.order);',
  },
  {
    name: 'a row that was changed by the second check is not written',
    file: 'office/welfare/recheck',
    text: 'if (moved.length > 0)',
    instead: 'if (false)',
  },
  {
    name: 'what is booked is not put on a card that has expired meanwhile',
    file: 'core/staged',
    text: 'if (booked === null)',
    instead: "if (booked === null || card.state === 'expired')",
  },
  {
    name: 'the roll-forward counts recalls as welfare',
    file: 'core/reports/fact',
    text: "welfare_recall: 'recalled'",
    instead: "welfare_recall: 'welfare'",
  },
  {
    name: 'the statement leaves recalls out',
    file: 'db/sql/welfare-report',
    text: '(SELECT CAST(COALESCE(SUM(t.amount), 0) AS SIGNED) FROM welfare_recall_rows rr',
    instead: '(SELECT CAST(COALESCE(SUM(0), 0) AS SIGNED) FROM welfare_recall_rows rr',
  },
  {
    name: 'the report of counterparties counts a recall as a load',
    file: 'office/reports/counterparties',
    text: "welfare_recall: { step: 'recalled', sign: -1 }",
    instead: "welfare_recall: { step: 'recalled', sign: 1 }",
  },
] as const satisfies readonly Bug[]

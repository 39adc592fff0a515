import type { Bug } from '../planting.ts'

/** Bugs in the foundations of doors, figures and events; `foundations-run.ts` must find each of them. */
export const USUAL_FOUNDATION_BUGS = [
  {
    name: 'a key of the web is none that a reversal can be first to: a reversal before it leaves no tombstone',
    file: 'core/reverse',
    text: 'KIND.web,',
    instead: '',
  },
  {
    name: 'the chain begins anew with each run',
    file: 'db/audit-chain',
    text: 'head = { seq: head.seq + 1, hash: hashOf(key, head, row) };',
    instead: 'head = { seq: head.seq + 1, hash: hashOf(key, { ...NO_HEAD, seq: head.seq }, row) };',
  },
  {
    name: 'what is folded is deleted in a transaction of its own',
    file: 'db/folding',
    text: 'await connection.send(`${deleteUnfolded(taken.map(({ id }) => id))};COMMIT`);',
    instead:
      "await connection.send('COMMIT'); await connection.send('BEGIN'); await connection.send(`${deleteUnfolded(taken.map(({ id }) => id))};COMMIT`);",
  },
] as const satisfies readonly Bug[]

/** More of them, for the soak. */
export const FURTHER_FOUNDATION_BUGS = [
  {
    name: 'a dropped load is booked all the same',
    file: 'core/staged',
    text: 'if (booked === null) return',
    instead:
      "if (booked === null) return stepsOf({ ...state, stagedBatches: new Map([[batch.id, { ...batch, booked: { at: 0, businessDate: '2026-11-22', channel: 'job', who: null } }]]) }, load); if (false) return",
  },
  {
    name: 'a card that moves twice in a batch is numbered once in the database',
    file: 'db/sql/cards',
    text: 'cards.every((c) => c.seq === (before.get(c.id)?.seq ?? 0) + 1)',
    instead: 'cards.length > 0',
  },
  {
    name: 'an audit row is written for what was declined',
    file: 'core/outcome',
    text: "where === 'stored' || isApproved(result)",
    instead: 'true',
  },
  {
    name: 'what is unconfirmed is not told to those who fold',
    file: 'engine/executor',
    text: "rows.filter(({ state }) => state !== 'pending'), ...answered",
    instead: "rows.filter(({ state }) => state !== 'pending' && state !== 'unconfirmed'), ...answered",
  },
  {
    name: 'loads of a batch that is not decided yet are taken for dropped ones',
    file: 'db/sql/staged',
    text: "AND b.state <> 'staging' ORDER BY s.id`",
    instead: 'ORDER BY s.id`',
  },
  {
    name: 'a line that comes twice is staged twice',
    file: 'core/staged',
    text: 'if (state.stagedLines.has(lineText(ask)))',
    instead: 'if (false)',
  },
  {
    name: 'the table of operations is not asked who may ask',
    file: 'core/decide',
    text: 'return asks.includes(ASKERS[requester.channel]);',
    instead: 'return asks.length > 0;',
  },
  {
    name: 'an audit row is not queued for the chain',
    file: 'db/sql/attached',
    text: 'return [insertAudit(audited), insertUnchained(audited)];',
    instead: 'return [insertAudit(audited)];',
  },
  {
    name: 'what is chained stays in the queue',
    file: 'db/audit-chain',
    text: 'await connection.send(deleteWaiting(links.map(({ auditId }) => auditId)));',
    instead: '',
  },
  {
    name: 'a fate that changes is not told to those who fold',
    file: 'engine/executor',
    text: "rows.filter(({ state }) => state === 'pending'), ...settled",
    instead: "rows.filter(({ state }) => state === 'pending')",
  },
  {
    name: 'a search row keeps the state that it had first',
    file: 'db/sql/search',
    text: 'state = VALUES(state), undone_by',
    instead: 'undone_by',
  },
  {
    name: 'a load that is applied stays staged',
    file: 'core/staged',
    text: '{ ...set, ...soldBy(state, card, booked) } })], unstaged: [load],',
    instead: '{ ...set, ...soldBy(state, card, booked) } })], unstaged: [],',
  },
  {
    name: 'a booked load is on the ledger and not available',
    file: 'core/staged',
    text: 'cardChange(card, { ledger: amount, available: amount, set:',
    instead: 'cardChange(card, { ledger: amount, available: 0, set:',
  },
  {
    name: 'a load is staged after its batch is decided',
    file: 'core/staged',
    text: "if (batch.state !== 'staging')",
    instead: 'if (false)',
  },
] as const satisfies readonly Bug[]

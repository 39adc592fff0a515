import type { Bug } from '../planting.ts'

/** Plausible bugs of such an engine, one of each kind, most of them in its use of the database. The checker must find each of
 * them. */
export const USUAL_BUGS = [
  {
    name: 'a request that another process has booked is booked again: the unique key is ignored',
    file: 'db/sql/transactions',
    text: '`INSERT INTO transactions (',
    instead: '`INSERT IGNORE INTO transactions (',
  },
  {
    name: 'an early reversal leaves no tombstone',
    file: 'core/reverse',
    text: '{ rows: [tombstone] }',
    instead: '{}',
  },
  {
    name: 'answers go out before the COMMIT is done',
    file: 'engine/executor',
    text: 'await connection.send(last);',
    instead: 'void connection.send(last).catch(() => undefined);',
  },
  {
    name: 'a load is available before it is confirmed',
    file: 'core/approve',
    text: 'available: pending ? 0 : amount }',
    instead: 'available: amount }',
  },
  {
    name: 'cards are read without a lock',
    file: 'engine/load',
    text: 'locking(lockCards([...cardIds]))',
    instead: "lockCards([...cardIds]).replace(' FOR UPDATE', '')",
  },
] as const satisfies readonly Bug[]

/** More of them, each 3 s of processor: for the soak. */
export const FURTHER_BUGS = [
  {
    name: 'a card that was read a moment ago is not read again',
    file: 'engine/load',
    text: '.map(toCard); cardLocator.replaced(cards);',
    instead: `.map(toCard).map((card) => {
      const kept = (cardLocator.kept ??= new Map())
      if (!kept.has(card.id)) setTimeout(() => kept.delete(card.id), 500)
      return kept.get(card.id) ?? (kept.set(card.id, card), card)
    })`,
  },
  {
    name: 'after a lost COMMIT the batch is run again under fresh keys',
    file: 'engine/attempt',
    text: 'executeBatch({ ...attempt, takenAsFree, committing: sent }, requests)',
    instead:
      "executeBatch({ ...attempt, takenAsFree, committing: sent }, tries === 1 ? requests : requests.map((r) => ({ ...r, id: r.spareId, key: { ...r.key, terminal: 'FRESH', stan: r.id % 1_000_000 } })))",
  },
  {
    name: 'the transfer of a reversal is of the amount asked, not of the amount taken',
    file: 'core/reverse',
    text: "return book(request, original, opposite(original.transfer), 'terminal', {",
    instead:
      "return book(request, original, { ...opposite(original.transfer), amount: original.labels.amount ?? original.transfer.amount }, 'terminal', {",
  },
  {
    name: 'each late confirmation books once more',
    file: 'core/confirm',
    text: "settle(original, { undoneBy: 'rebooked', returned, released: rest })",
    instead: 'settle(original, { returned, released: rest })',
  },
  {
    name: 'a partial approval is booked as if it were of the whole amount',
    file: 'core/operate',
    text: 'approve({ ...c, amount: card.available }, result)',
    instead: 'approve(c, result)',
  },
  {
    name: 'the fate of a single earlier transaction is not written',
    file: 'engine/executor',
    text: 'changes.settled.size > 0',
    instead: 'changes.settled.size > 1',
  },
  {
    name: 'of more than three cards in a batch one is not written',
    file: 'engine/executor',
    text: 'if (cards.length > 0)',
    instead: 'if (cards.length > 3) cards.pop(); if (cards.length > 0)',
  },
  {
    name: 'a lost COMMIT is told as a refusal',
    file: 'engine/attempt',
    text: "if (unknown) watch.trouble('outcome not known, settling', error, requests);",
    instead:
      "if (unknown) { batch.forEach(({ resolve }) => resolve({ result: 'overloaded', row: null, forwarding: null })); return []; }",
  },
  {
    name: 'a repeat of what is stored is decided anew, under another key',
    file: 'core/decide',
    text: 'return answerOnly(request, earlier.result, earlier);',
    instead:
      "return decide(state, { ...request, id: request.spareId, key: { ...request.key, terminal: 'AGAIN', stan: request.id % 1_000_000 } });",
  },
  {
    name: 'another amount under the same key is taken for a repeat',
    file: 'core/decide',
    text: 'earlier.content !== request.content ||',
    instead: '',
  },
  {
    name: 'a second reversal gives back once more',
    file: 'core/reverse',
    text: "if (original.state === 'reversed') return againstReversed(request, original); if (original.state !== 'unconfirmed')",
    instead: "if (original.state !== 'unconfirmed' && original.state !== 'reversed')",
  },
  {
    name: 'a confirmed payment is reversed all the same',
    file: 'core/reverse',
    text: "if (original.state !== 'unconfirmed') return withCase",
    instead: "if (original.state !== 'unconfirmed' && original.state !== 'confirmed') return withCase",
  },
  {
    name: 'the timer reverses what was confirmed a moment ago',
    file: 'core/reverse',
    text: "if (original.state !== 'unconfirmed' || transfer === null)",
    instead: "if ((original.state !== 'unconfirmed' && original.state !== 'confirmed') || transfer === null)",
  },
  {
    name: 'the timer opens no case',
    file: 'core/reverse',
    text: "[] : [openCase(original, 'unconfirmed')];",
    instead: '[] : [];',
  },
  {
    name: 'a confirmation does not make a load available',
    file: 'core/settle',
    text: '[cardChange(receiver, { available: transfer.amount })]',
    instead: '[]',
  },
  {
    name: 'a cancelled sale leaves the card sold',
    file: 'core/undo',
    text: 'available: waiting - amount, set: loadUndone(state, receiver, transaction)',
    instead: 'available: waiting - amount, set: {}',
  },
  {
    name: 'what is cancelled can be cancelled once more',
    file: 'core/cancel',
    text: "if (original.state === 'cancelled' ||",
    instead: 'if (',
  },
  {
    name: 'a refund does not count on its receipt',
    file: 'core/approve',
    text: 'settle(payment, { returned: payment.returned + amount })',
    instead: 'settle(payment, {})',
  },
  {
    name: 'a payment of all that is there is refused',
    file: 'core/operate',
    text: 'amount <= card.available)',
    instead: 'amount < card.available)',
  },
  {
    name: 'an answer shows the balances from before',
    file: 'core/approve',
    text: 'balancesOf(state, card, changeTo(changes, card))',
    instead: 'balancesOf(state, card, null)',
  },
  {
    name: 'under policy next nothing is confirmed by the next request',
    file: 'core/apply',
    text: 'const touched = [];',
    instead: 'return [];',
  },
  {
    name: 'a repeat of what has been reversed is told as it was the first time',
    file: 'core/decide',
    text: 'if (wasReversed(earlier) && !stands)',
    instead: 'if (false)',
  },
  {
    name: 'the timer gives back all of a payment that was refunded in part',
    file: 'core/reverse',
    text: 'const rest = transfer.amount - original.returned;',
    instead: 'const rest = transfer.amount;',
  },
  {
    name: 'a terminal that reverses after the timer leaves the case open',
    file: 'core/reverse',
    text: "cases: [{ change: 'close', transactionId: original.id, resolution: 'reversed_by_terminal', by: null, note: null }]",
    instead: 'cases: []',
  },
  {
    name: 'a late confirmation does not ask for the balance',
    file: 'core/undo',
    text: "(amount > giver.available || giver.state !== 'sold')",
    instead: "giver.state !== 'sold'",
  },
  {
    name: 'a late confirmation leaves the case open',
    file: 'core/confirm',
    text: "cases: [{ change: 'close', transactionId: original.id, resolution: 'confirmed_late', by: null, note: null }]",
    instead: 'cases: []',
  },
  {
    name: 'a confirmation after the reversal opens no case',
    file: 'core/confirm',
    text: 'cases: decided ? [] :',
    instead: 'cases: true ? [] :',
  },
  {
    name: 'what a cancellation gives back is available before it is confirmed',
    file: 'core/undo',
    text: 'available: pending ? 0 : amount,',
    instead: 'available: amount,',
  },
  {
    name: 'the reversal of a cancellation leaves its original cancelled',
    file: 'core/undo',
    text: "settle(original, { state: 'confirmed', undoneBy: null, confirmBy: null }),",
    instead: '',
  },
  {
    name: 'a reversed refund still counts on its receipt',
    file: 'core/undo',
    text: 'returned: stands(payment) ? payment.returned - amount : payment.returned',
    instead: 'returned: payment.returned',
  },
  {
    name: 'a request does not see what is booked before it in its batch',
    file: 'core/apply',
    text: 'state.transactions.set(key, row);',
    instead: '',
  },
  {
    name: 'under policy next a repeat confirms too',
    file: 'core/apply',
    text: 'if (state.transactions.has(keyText(request.key)))',
    instead: 'if (false)',
  },
  {
    name: 'under policy next what stands in the same batch is not confirmed',
    file: 'core/apply',
    text: 'changes.rows.push(row); if (row.confirmBy === NEXT_REQUEST)',
    instead: 'changes.rows.push(row); if (false)',
  },
  {
    name: 'terminals under policy next are read without a lock',
    file: 'engine/load',
    text: 'locking(lockTerminals(keys.map((key) => key.terminal)))',
    instead: "lockTerminals(keys.map((key) => key.terminal)).replace(' FOR UPDATE', '')",
  },
  {
    name: 'an original that was booked while it was looked for is not looked for again',
    file: 'engine/load',
    text: 'if (cardsOf(row).some((id) => !state.cards.has(id)))',
    instead: 'if (false)',
  },
  {
    name: 'after an error there is no ROLLBACK',
    file: 'db/connection',
    text: "const { connection, socket } = await current; await within(limits.answerWithin, socket, connection.query('ROLLBACK'));",
    instead: '',
  },
  {
    name: 'a lost COMMIT is told as done',
    file: 'engine/executor',
    text: 'await connection.send(last);',
    instead: 'await connection.send(last).catch((error) => { if (error.fatal !== true) throw error; });',
  },
] as const satisfies readonly Bug[]

import type { Bug } from '../planting.ts'

/** Plausible bugs of such an HTTP API; the checker must find each of them. */
export const USUAL_API_BUGS = [
  {
    name: 'a key is forgotten after an error: what was declined is asked again',
    file: 'office/shop-request',
    text: 'idempotencyKey: input.idempotencyKey, });',
    instead: `idempotencyKey: (globalThis.forgotten ??= new Map()).has(caller.shop.code + input.idempotencyKey)
        ? input.idempotencyKey + globalThis.forgotten.get(caller.shop.code + input.idempotencyKey) : input.idempotencyKey });
    { const { submit } = office
      office = { ...office, async submit(request) {
        const outcome = await submit(request)
        if (outcome.row?.state === 'declined') globalThis.forgotten.set(caller.shop.code + input.idempotencyKey, request.id)
        return outcome
      } } }`,
  },
  {
    name: 'a replay asks the card again',
    file: 'office/shop-payments',
    text: 'const { operation } = KINDS[kind];',
    instead: `const { operation } = KINDS[kind];
      { const seen = await (await import('./shop-cards.js')).showCard(office, caller, input.card); if (isShopNo(seen)) return seen }`,
  },
  {
    name: 'the tombstone of a key of the web is lost',
    file: 'core/reverse',
    text: 'KIND.web,',
    instead: '',
  },
] as const satisfies readonly Bug[]

/** More of them, for the soak. */
export const FURTHER_API_BUGS = [
  {
    name: 'number and eCode are shown after the confirmation: the first answer is kept and said again',
    file: 'office/shop-sales',
    text: 'const sold = isOpen && shown !== null ? { ...shown, ...view.card } : view.card;',
    instead: `const kept = (globalThis.kept ??= new Map())
      if (isOpen && shown !== null) kept.set(sale.digest, shown)
      const sold = kept.has(sale.digest) ? { ...kept.get(sale.digest), ...view.card } : view.card;`,
  },
  {
    name: 'a webhook goes out before the COMMIT',
    file: 'office/shop-request',
    text: "const { digest = '' } = key;",
    instead: `const { digest = '' } = key;
      if (input.operation === 'payment') {
        const { insertShopEvents } = await import('../db/sql/shop-events.js')
        const data = JSON.stringify({ id: 'pay_x', status: 'unconfirmed', amount: { value: input.amount }, card: { last4: '' }, confirmBy: null })
        await office.db.use((connection) => connection.send(insertShopEvents([
          { shop: caller.shop.code, type: 'payment.created', at: office.clock(), sequence: 1, cardId: null, sourceId: request.id, subjectId: request.id, data }])))
      }`,
  },
  {
    name: 'refunds race: each adds to a reading of a moment ago, and the sum of the other is lost',
    file: 'core/approve',
    text: 'settle(payment, { returned: payment.returned + amount })',
    instead: `settle(payment, { returned: ((seen) => {
        if (!seen.has(payment.id)) { seen.set(payment.id, payment.returned); setTimeout(() => seen.delete(payment.id), 1_000) }
        return seen.get(payment.id) + amount
      })(globalThis.seen ??= new Map()) })`,
  },
  {
    name: 'two shops with the same key have one digest',
    file: 'cards/web-key',
    text: '`${shop}\\u0000${idempotencyKey}`',
    instead: '`${idempotencyKey}`',
  },
  {
    name: 'a key is once for each endpoint, not for the shop',
    file: 'office/shop-request',
    text: 'idempotencyKey: input.idempotencyKey, });',
    instead: "idempotencyKey: input.idempotencyKey + (input.operation === 'payment' ? '' : input.operation) });",
  },
  {
    name: 'another amount under the same key is taken for a repeat',
    file: 'office/shop-request',
    text: 'canonical([method, path, content, shown])',
    instead: 'canonical([method, path, shown])',
  },
  {
    name: 'a replay shows the payment as it is now',
    file: 'office/shop-payments',
    text: "return { view: await paymentView(office, row, kept, 'created'), replayed, kept };",
    instead: "return { view: await paymentView(office, row, kept, replayed ? 'now' : 'created'), replayed, kept };",
  },
  {
    name: 'the replay of a payment that was booked again says that it is reversed',
    file: 'core/decide',
    text: "const stands = request.requester.channel === 'web' && earlier.undoneBy === 'rebooked';",
    instead: 'const stands = false;',
  },
  {
    name: 'a shop reverses also what it has confirmed',
    file: 'core/reverse',
    text: 'original.finalAtOnce && isInTime ?',
    instead: 'isInTime ?',
  },
  {
    name: 'a late confirmation books a payment that the shop has reversed',
    file: 'core/reverse',
    text: "settlements: [settle(original, { undoneBy: 'terminal' })],",
    instead: 'settlements: [],',
  },
  {
    name: 'a confirmation for less is taken for a refund: what it kept cannot be cancelled',
    file: 'core/confirm',
    text: 'released: rest, }), changes:',
    instead: 'released: 0, }), changes:',
  },
  {
    name: 'a payment is cancelled in full after a refund',
    file: 'core/undo',
    text: 'if (transfer === null || returned > released)',
    instead: 'if (transfer === null)',
  },
  {
    name: 'a virtual card whose sale was undone is sold again',
    file: 'core/undo',
    text: "return { ...count, state: 'closed' };",
    instead: "return { ...count, state: 'sellable' };",
  },
  {
    name: "another shop's payments are shown",
    file: 'db/sql/web-requests',
    text: 'WHERE w.transaction_id = ${integer(id)} AND w.shop = ${text(shop)}`',
    instead: 'WHERE w.transaction_id = ${integer(id)}`',
  },
  {
    name: 'events are forgotten where their transaction is rolled back',
    file: 'db/folding',
    text: 'const ids = {',
    instead:
      "await connection.send(deleteUnfolded(taken.map(({ id }) => id))); await connection.send('COMMIT'); await connection.send('BEGIN'); const ids = {",
  },
  {
    name: 'each repeated confirmation is an event',
    file: 'db/sql/shop-events',
    text: "AND t.result LIKE 'approved%' AND t.card_seq IS NOT NULL`; export const toShopStep",
    instead: "AND t.result LIKE 'approved%'`; export const toShopStep",
  },
  {
    name: 'steps are told in the order of their ids, not of the card',
    file: 'office/shop-event-fold',
    text: 'own.sort((a, b) => a.sequence - b.sequence);',
    instead: ';',
  },
  {
    name: 'the timer takes back nothing of the web: its key is not whole',
    file: 'db/sql/due',
    text: "digest === null ? {} : { digest: digest.toString('hex') }",
    instead: '{}',
  },
  {
    name: 'a shop has only the time of terminals to confirm',
    file: 'db/sql/due',
    text: '`kind <> ${integer(KIND.web)} AND terminal_code <> ${text(ECARD)}`',
    instead: "'TRUE'",
  },
  {
    name: 'who repeats with a wrong eCode is shown the balance',
    file: 'office/shop-refusal',
    text: 'if (ABOUT_EARLIER.has(code)) return said;',
    instead: '',
  },
] as const satisfies readonly Bug[]

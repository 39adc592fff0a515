import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { isById, type Key, KIND, type Original } from '../../src/core/key.ts'
import { engineSetting, keyOf, type TestCard } from './engine-setting.ts'
import { wrongSequences } from './sequences.ts'

const setting = await engineSetting(t)
const { connection, operation, request } = setting
const engine = setting.engine()
t.teardown(() => engine.stop())
let stan = 0

const SHOP = { channel: 'web', who: 'webshop' } as const

const till = (ask: Request['ask'], kind: number): Request =>
  request(ask, { kind, terminal: 'TILL', stan: ++stan, confirmation: 'explicit' })
/** Of a web shop, under a key of the one kind that all its endpoints share. */
const shop = (ask: Request['ask'], key: Key = keyOf(KIND.web, 'SHOP', ++stan)): Request => ({
  ...till(ask, KIND.web),
  key,
  requester: SHOP,
})

const confirmation = (original: Original) => ({ act: 'confirmation', original }) as const
const cancellation = (original: Original) =>
  ({ act: 'cancellation', original, amount: null, presented: null, sending: null }) as const
const reversal = (original: Original) =>
  ({ act: 'reversal', by: 'terminal', original, amount: null, presented: null }) as const

async function soldCard(amount = 10_000): Promise<TestCard> {
  const [card] = await setting.newCards(1)
  if (card === undefined) throw new Error('no card')
  await sent(
    request(operation('sale', card, amount), { kind: 200, terminal: 'OPENING', stan: ++stan, confirmation: 'none' }),
  )
  return card
}

/** The row of a request, as `role channel who for_store card_seq/other_seq available_seq`, after its result. */
async function sent(asked: Request): Promise<string> {
  const { result, row } = await engine.submit(asked)
  if (row === null) return result
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT role, channel, who, for_store, card_seq, other_seq, available_seq FROM transactions WHERE id = ?',
    [row.id],
  )
  const kept = (rows[0] ?? {}) as Record<string, string | number | null>
  const seqs = `${kept['card_seq'] ?? '-'}/${kept['other_seq'] ?? '-'} ${kept['available_seq'] ?? '-'}`
  return `${result} ${kept['role']} ${kept['channel']} ${kept['who'] ?? '-'} ${kept['for_store'] ?? '-'} ${seqs}`
}

const availableSeq = async ({ key }: Request): Promise<unknown> => {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT available_seq FROM transactions WHERE transmitted = ? AND stan = ? AND terminal_code = ? AND kind = ?',
    [key.transmitted, key.stan, key.terminal, key.kind],
  )
  return rows[0]?.['available_seq']
}

t.test('each row says what it does, who asked, and as which step of its card', async (t) => {
  const card = await soldCard()
  const payment = till(operation('payment', card, 1_000), KIND.financial)
  t.equal(await sent(payment), 'approved books terminal - - 2/- -')
  t.equal(
    await sent(till(confirmation(payment.key), KIND.confirmation)),
    'approved confirms terminal - - -/- -',
    'a payment that is confirmed leaves its card as it is',
  )
  const cancelled = till(cancellation(payment.key), KIND.cancellation)
  t.equal(await sent(cancelled), 'approved cancels terminal - - 3/- -', 'not available before it is confirmed')
  t.equal(await sent(till(confirmation(cancelled.key), KIND.confirmation)), 'approved confirms terminal - - 4/- -')
  t.equal(await availableSeq(cancelled), 4)

  const topUp = till(operation('top_up', card, 2_000), KIND.financial)
  t.equal(await sent(topUp), 'approved books terminal - - 5/- -')
  const { row } = await engine.submit({ ...topUp, id: setting.nextId() })
  if (row === null) throw new Error('no row')
  t.equal(
    await sent(setting.timer(row)),
    'approved reverses job confirm-timer 000000000000001 6/- -',
    "the store is the original's",
  )
  t.equal(await sent(till(confirmation(topUp.key), KIND.confirmation)), 'approved rebooks terminal - - 7/- 7')
  t.equal(
    await sent(till({ act: 'refused', result: 'wrong_store', role: 'books' }, KIND.financial)),
    'wrong_store books terminal - - -/- -',
  )
  t.equal(await sent(till(operation('balance', card, 0), KIND.inquiry)), 'approved informs terminal - - -/- -')
  t.same(await wrongSequences(connection), [])
})

t.test('a duplicate and what follows it move two cards, each in its own order', async (t) => {
  const [old, fresh] = [await soldCard(), (await setting.newCards(1))[0]]
  if (fresh === undefined) return
  const topUp = till(operation('top_up', old, 2_000), KIND.financial)
  await sent(topUp)
  const successor = { numberHash: fresh.numberHash, otherHash: null, newestKey: 1 }
  const duplicate = till({ ...operation('duplicate', old, 0), amount: null, contra: null, successor }, KIND.financial)
  t.equal(await sent({ ...duplicate, confirmation: 'none' }), 'approved books terminal - - 3/1 1')
  t.equal(await sent(till(confirmation(topUp.key), KIND.confirmation)), 'approved confirms terminal - - 4/- -')
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT card_seq, other_seq, role FROM transactions WHERE terminal_code = 'FOLLOW' AND card_id = ?",
    [old.id],
  )
  t.match(rows, [{ card_seq: 5, other_seq: 2, role: 'books' }], 'what was unconfirmed went on to the new card')
  t.same(await wrongSequences(connection), [])
})

t.test('who may ask for what stands in the table of operations', async (t) => {
  const card = await soldCard()
  t.equal(await sent(shop(operation('payment', card, 100))), 'approved books web webshop - 2/- -')
  const cashOut = shop(operation('cash_out', card, 9_900))
  t.equal(await sent(cashOut), 'unsupported books web webshop - -/- -')
  t.equal((await engine.submit({ ...cashOut, id: setting.nextId() })).result, 'unsupported', 'a repeat too')
  t.equal(
    await sent({
      ...till(operation('payment', card, 100), KIND.financial),
      requester: { channel: 'menu', who: 'ola' },
    }),
    'unsupported books menu ola - -/- -',
  )
  t.equal(await sent(till(operation('expiry', card, 100), KIND.financial)), 'unsupported books terminal - - -/- -')
})

t.test('an original is named by its id as well as by its key, and a web shop is undone like a till', async (t) => {
  const card = await soldCard()
  const paid = await engine.submit(shop(operation('payment', card, 4_000)))
  const payment = { id: paid.row?.id ?? 0 }
  t.equal(
    await sent(shop(confirmation(payment))),
    'approved confirms web webshop - 3/- -',
    'the shop hears of it in the order of the card',
  )
  const refund = (amount: number) => shop({ ...operation('refund', card, amount), receipt: payment })
  t.equal(await sent({ ...refund(1_500), confirmation: 'none' }), 'approved books web webshop - 4/- 4')
  t.equal((await engine.submit(refund(2_600))).result, 'amount_differs', 'never more than was paid')
  t.equal(
    (await engine.submit({ ...refund(1), ask: { ...operation('refund', card, 1), receipt: { id: 1 } } })).result,
    'original_not_found',
    'an id that is no payment is no refund without a receipt',
  )
  t.equal((await engine.submit(shop(cancellation(payment)))).result, 'original_spent', 'not after a refund')

  const other = await engine.submit(shop(operation('payment', card, 500)))
  t.equal(await sent(shop(cancellation({ id: other.row?.id ?? 0 }))), 'approved cancels web webshop - 6/- -')
  t.equal((await engine.submit(shop(cancellation({ id: 999_999_999 })))).result, 'original_not_found')
  t.equal((await engine.submit(shop(reversal({ id: 999_999_999 })))).result, 'approved', 'nothing to reverse')
  t.same(await wrongSequences(connection), [])
})

t.test('a reversal that comes first stops its original under any role', async (t) => {
  const card = await soldCard()
  const paid = await engine.submit(shop(operation('payment', card, 1_000)))
  const payment = { id: paid.row?.id ?? 0 }
  const later = [
    ['a payment', operation('payment', card, 100)],
    ['a confirmation', confirmation(payment)],
    ['a cancellation', cancellation(payment)],
    ['a refund', { ...operation('refund', card, 100), receipt: payment }],
  ] as const
  for (const [what, ask] of later) {
    const key = keyOf(KIND.web, 'SHOP', ++stan)
    t.equal((await engine.submit(shop(reversal(key)))).result, 'approved', what)
    t.equal((await engine.submit(shop(ask, key))).result, 'original_reversed', what)
  }
  const [rows] = await connection.query<RowDataPacket[]>('SELECT ledger, available FROM cards WHERE id = ?', [card.id])
  t.match(rows, [{ ledger: 9_000, available: 9_000 }])
})

t.test('one key is one request, whatever the endpoint', async (t) => {
  const card = await soldCard()
  const key = keyOf(KIND.web, 'SHOP', ++stan)
  const asks = [
    operation('payment', card, 100),
    operation('top_up', card, 1_000),
    { ...operation('refund', card, 200), receipt: null },
  ] as const
  const answers = await Promise.all(asks.map((ask) => engine.submit(shop(ask, key))))
  t.equal(answers.filter(({ result }) => result === 'approved').length, 1)
  t.equal(answers.filter(({ result }) => result === 'key_reused').length, 2)
  t.notOk(isById(key))
})

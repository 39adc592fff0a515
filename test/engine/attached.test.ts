import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import type { ToAttach } from '../../src/core/attached.ts'
import type { Request } from '../../src/core/request.ts'
import { type Key, KIND } from '../../src/core/key.ts'
import { databaseProxy } from './database-proxy.ts'
import { engineSetting, keyOf, type TestCard } from './engine-setting.ts'
import { wrongUnfolded } from './unfolded-check.ts'

const setting = await engineSetting(t)
const { connection, operation, request } = setting
let stan = 0

const AUDIT: ToAttach = {
  kind: 'audit',
  where: 'approved',
  row: {
    who: 'ola',
    channel: 'menu',
    action: 'cards.adjust',
    object: { kind: 'card', id: '1' },
    store: null,
    outcome: 'done',
    details: { reason: 'asked for' },
  },
}
const WEB: ToAttach = { kind: 'web_request', where: 'stored', row: { method: 'POST', path: '/payments' } }

const pay = (card: TestCard, amount: number, key: Key = keyOf(KIND.web, 'SHOP', ++stan)): Request => ({
  ...request(operation('payment', card, amount), { kind: KIND.web, terminal: 'SHOP', stan, confirmation: 'none' }),
  key,
  requester: { channel: 'web', who: 'webshop' },
  attached: [AUDIT, WEB],
})

async function soldCard(): Promise<TestCard> {
  const [card] = await setting.newCards(1)
  if (card === undefined) throw new Error('no card')
  const engine = setting.engine()
  const about = { kind: KIND.financial, terminal: 'OPENING', stan: ++stan, confirmation: 'none' as const }
  await engine.submit(request(operation('sale', card, 10_000), about))
  await engine.stop()
  return card
}

/** The tables with rows under this id, and their number. */
async function attachedTo(id: number): Promise<string> {
  const counts = await Promise.all(
    ['audit WHERE id', 'audit_unchained WHERE audit_id', 'web_requests WHERE transaction_id'].map(async (where) => {
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${where} = ?`, [id])
      return String(rows[0]?.['n'])
    }),
  )
  return counts.join(' ')
}

t.test('attached rows are written with their decision, and only for the results that they are for', async (t) => {
  const engine = setting.engine()
  t.teardown(() => engine.stop())
  const card = await soldCard()
  const approved = pay(card, 1_000)
  t.equal((await engine.submit(approved)).result, 'approved')
  t.equal(await attachedTo(approved.id), '1 1 1')
  const repeat = { ...approved, id: setting.nextId() }
  t.equal((await engine.submit(repeat)).result, 'approved')
  t.equal(await attachedTo(repeat.id), '0 0 0', 'a repeat decides nothing')
  const declined = pay(card, 99_999)
  t.equal((await engine.submit(declined)).result, 'exceeds_balance')
  t.equal(await attachedTo(declined.id), '0 0 1', 'the decision is stored, what only an approval has is not')
})

t.test('the line breaks at COMMIT: each decision has its rows once', async (t) => {
  for (const where of ['before', 'during', 'after'] as const) {
    const proxy = await databaseProxy(t, setting.access)
    const engine = setting.engine({ workers: 1 }, {}, proxy.access)
    const [card, other] = [await soldCard(), await soldCard()]
    await engine.submit(pay(card, 1))
    proxy.breakNextCommit(where)
    const requests = [pay(card, 1_000), pay(other, 2_000), pay(card, 3_000), pay(other, 99_999)]
    const answers = await Promise.all(requests.map(engine.submit))
    t.equal(proxy.breaks(), 1, where)
    t.same(
      answers.map(({ result }) => result),
      ['approved', 'approved', 'approved', 'exceeds_balance'],
    )
    t.same(await Promise.all(requests.map(({ id }) => attachedTo(id))), ['1 1 1', '1 1 1', '1 1 1', '0 0 1'], where)
    await engine.stop()
  }
  t.same(await wrongUnfolded(connection), [])
})

t.test('two keys that agree only in the looked-up bits are different keys', async (t) => {
  const engine = setting.engine()
  t.teardown(() => engine.stop())
  const card = await soldCard()
  const key = keyOf(KIND.web, 'SHOP', ++stan)
  const [one, other] = ['a', 'b'].map((letter) => ({ ...key, digest: letter.repeat(64) }))
  if (one === undefined || other === undefined) return
  const reversal = (original: Key): Request => ({
    ...pay(card, 0),
    ask: { act: 'reversal', by: 'terminal', original, amount: null, presented: null },
  })
  t.equal((await engine.submit(pay(card, 1_000, one))).result, 'approved')
  t.equal((await engine.submit(pay(card, 1_000, other))).result, 'key_reused', 'not taken for a repeat')
  t.equal((await engine.submit({ ...pay(card, 1_000, one), id: setting.nextId() })).result, 'approved')
  t.equal((await engine.submit(reversal(other))).result, 'malfunction', "the other key's payment is not reversed")
  const [rows] = await connection.query<RowDataPacket[]>('SELECT ledger FROM cards WHERE id = ?', [card.id])
  t.equal(rows[0]?.['ledger'], 9_000)
  const unseen = { ...keyOf(KIND.web, 'SHOP', ++stan), digest: 'c'.repeat(64) }
  t.equal((await engine.submit(reversal(unseen))).result, 'approved')
  t.equal((await engine.submit(pay(card, 1, unseen))).result, 'original_reversed', 'the tombstone has the whole digest')
  t.equal((await engine.submit(pay(card, 1, { ...unseen, digest: 'd'.repeat(64) }))).result, 'key_reused')
})

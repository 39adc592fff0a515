import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND, resolutionKey } from '../../src/core/key.ts'
import { startFolding } from '../../src/jobs/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { engineSetting, type TestCard } from '../engine/engine-setting.ts'

const setting = await engineSetting(t)
const { access, connection, operation, request } = setting
const engine = setting.engine()
t.teardown(() => engine.stop())
let stan = 0

const till = (ask: Request['ask'], kind: number): Request =>
  request(ask, { kind, terminal: 'TILL', stan: ++stan, confirmation: 'explicit' })
const about = (act: 'confirmation' | 'cancellation' | 'reversal', { key }: Request): Request =>
  till(
    {
      confirmation: { act: 'confirmation', original: key } as const,
      cancellation: { act: 'cancellation', original: key, amount: null, presented: null, sending: null } as const,
      reversal: { act: 'reversal', by: 'terminal', original: key, amount: null, presented: null } as const,
    }[act],
    KIND[act],
  )

/** One of each: paid, confirmed, cancelled, reversed, taken back by the timer, booked late, decided by a clerk, a duplicate. */
async function life(card: TestCard, fresh: TestCard): Promise<void> {
  const opening = request(operation('sale', card, 50_000), {
    kind: 200,
    terminal: 'TILL',
    stan: ++stan,
    confirmation: 'none',
  })
  await engine.submit(opening)
  const pay = () => till(operation('payment', card, 1_000), KIND.financial)
  const [kept, cancelled, reversed, late, decided] = [pay(), pay(), pay(), pay(), pay()] as const
  const topUp = till(operation('top_up', card, 2_000), KIND.financial)
  for (const one of [kept, cancelled, reversed, late, decided, topUp]) await engine.submit(one)
  for (const one of [about('confirmation', kept), about('cancellation', cancelled), about('reversal', reversed)])
    await engine.submit(one)
  for (const one of [late, decided]) {
    const { row } = await engine.submit({ ...one, id: setting.nextId() })
    if (row !== null) await engine.submit(setting.timer(row))
  }
  await engine.submit(about('confirmation', late))
  const decision = {
    act: 'resolution',
    original: decided.key,
    decision: 'confirm',
    who: 'ola',
    reason: 'seen',
    rest: null,
  } as const
  await engine.submit({
    ...till(decision, KIND.resolution),
    key: resolutionKey(decided.id, 0),
    requester: { channel: 'cli', who: null },
  })
  const successor = { numberHash: fresh.numberHash, otherHash: null, newestKey: 1 }
  await engine.submit(
    till({ ...operation('duplicate', card, 0), amount: null, contra: null, successor }, KIND.financial),
  )
  await engine.submit(about('confirmation', topUp))
  await engine.submit(till(operation('balance', fresh, 0), KIND.inquiry))
}

async function rows(sql: string): Promise<RowDataPacket[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql)
  return found
}

/** The expected search rows, computed another way: from each transaction by itself. */
async function expected(): Promise<unknown[]> {
  const all = await rows(
    'SELECT t.*, c.issue_id FROM transactions t LEFT JOIN cards c ON c.id = t.card_id ORDER BY t.id',
  )
  const isCard = (account: unknown): boolean => Number(account ?? 0) > 1_000_000
  return all.map((t) => {
    const both = isCard(t['debit_account']) && isCard(t['credit_account'])
    const other: unknown = [t['debit_account'], t['credit_account']].find((account) => account !== t['card_id'])
    return [
      t['id'],
      t['received_at'],
      t['for_store'] ?? t['store_code'],
      t['card_id'],
      both ? other : null,
      t['issue_id'],
      t['rrn'],
      t['role'],
      t['channel'],
      t['state'],
      t['undone_by'],
      t['amount'],
    ]
  })
}

const found = async (): Promise<unknown[]> =>
  (await rows('SELECT * FROM search_transactions ORDER BY id')).map((s) => [
    s['id'],
    s['at'],
    s['store_code'],
    s['card_id'],
    s['other_card_id'],
    s['issue_id'],
    s['rrn'],
    s['role'],
    s['channel'],
    s['state'],
    s['undone_by'],
    s['amount'],
  ])

/** Until nothing is left to fold. */
async function folded(left = 'SELECT id FROM unfolded LIMIT 1'): Promise<void> {
  while ((await rows(left)).length > 0) await sleep(20)
}

const parts = { access, folds: [SEARCH_ROWS], trouble: (error: unknown) => t.fail(String(error)) }

t.test('search rows agree with the transactions', async (t) => {
  const processes = [startFolding(parts), startFolding(parts)]
  t.teardown(async () => {
    for (const one of processes) await one.stop()
  })
  const cards = await setting.newCards(20)
  for (let i = 0; i < cards.length; i += 2) {
    const [card, fresh] = [cards[i], cards[i + 1]]
    if (card !== undefined && fresh !== undefined) await life(card, fresh)
  }
  await folded()
  t.same(await found(), await expected())
})

t.test(
  'what is from before is filled beside, roles too, and a row that is settled meanwhile is not forgotten',
  async (t) => {
    const before = await rows('SELECT id, role, channel, for_store FROM transactions ORDER BY id')
    t.same([...new Set(before.map(({ role }) => String(role)))].sort(), [
      'books',
      'cancels',
      'confirms',
      'informs',
      'rebooks',
      'reverses',
    ])
    const [waiting] = await setting.newCards(1)
    if (waiting === undefined) return
    const sale = till(operation('sale', waiting, 10_000), KIND.financial)
    await engine.submit(sale)
    await connection.query('UPDATE transactions SET role = NULL, channel = NULL, for_store = NULL')
    await connection.query('DELETE FROM search_transactions')
    await connection.query(
      "UPDATE backfills SET next_id = 0, until_id = (SELECT next_id FROM id_blocks WHERE name = 'row')",
    )
    t.equal(
      (await engine.submit(about('confirmation', sale))).result,
      'approved',
      'what has no role yet is read from its kind',
    )

    const folding = startFolding(parts)
    await folded('SELECT name FROM backfills WHERE next_id < until_id')
    await folded()
    await folding.stop()
    t.same(await found(), await expected())
    const after = await rows('SELECT id, role, channel, for_store FROM transactions ORDER BY id')
    t.same(after.slice(0, before.length), before, 'each role is found again from kind, money and case')
  },
)

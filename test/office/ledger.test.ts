import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { KIND } from '../../src/core/key.ts'
import type { Ask } from '../../src/core/request.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { foldOnce } from '../../src/db/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { engineSetting } from '../engine/engine-setting.ts'

const setting = await engineSetting(t)
const { connection } = setting
const run = (sql: string): Promise<unknown> => connection.query(sql)
const faults = async (): Promise<readonly string[]> => (await verifyLedger(setting.access)).faults

t.test('the demo set adds up: its money was put there by sales', async (t) => {
  const told: [number, number][] = []
  const { cards, transfers, currencies, faults } = await verifyLedger(
    setting.access,
    (done, of) => void told.push([done, of]),
  )
  t.same(
    told,
    told.map((_, i) => [i, told.length - 1]),
    'it says how far it is, from none to all of the checks',
  )
  t.ok(told.length > 8)
  const [[count]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS cards, SUM(ledger) AS total FROM cards')
  const [[sold]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM cards WHERE ledger > 0')
  t.same(faults, [])
  t.equal(cards, count?.['cards'])
  t.equal(transfers, sold?.['n'])
  const total = String(count?.['total'])
  t.same(currencies, [{ currency: 985, cards: total, others: `-${total}`, sum: '0' }])
})

t.test('whatever is wrong is found, and named', async (t) => {
  const [card, other] = await setting.newCards(2)
  if (card === undefined || other === undefined) return
  const engine = setting.engine()
  const about = { terminal: 'LEDGER', confirmation: 'explicit' as const, kind: KIND.financial }
  const sale = await engine.submit(setting.request(setting.operation('sale', card, 10_000), { ...about, stan: 1 }))
  await engine.stop()
  const id = sale.row?.id ?? 0
  t.same(await faults(), [])

  const rows: [string, string, string, RegExp[]][] = [
    [
      'a balance that nobody booked',
      `UPDATE cards SET ledger = 10001 WHERE id = ${card.id}`,
      `UPDATE cards SET ledger = 10000 WHERE id = ${card.id}`,
      [
        new RegExp(
          `^card ${card.id}: ledger 10001, available 0; its transfers give 10000, of which 10000 unconfirmed$`,
        ),
        /^currency 985: all accounts together are 1, not 0$/,
      ],
    ],
    [
      'money available before its confirmation',
      `UPDATE cards SET available = 1 WHERE id = ${card.id}`,
      `UPDATE cards SET available = 0 WHERE id = ${card.id}`,
      [/available 1; its transfers give 10000/],
    ],
    [
      'a confirmation that made nothing available',
      `UPDATE transactions SET state = 'confirmed', confirm_by = NULL WHERE id = ${id}`,
      `UPDATE transactions SET state = 'unconfirmed', confirm_by = '2026-11-22 18:00:00' WHERE id = ${id}`,
      [/available 0; its transfers give 10000, of which 0 unconfirmed/],
    ],
    [
      'a transfer that says another amount',
      `UPDATE transactions SET amount = 9999 WHERE id = ${id}`,
      `UPDATE transactions SET amount = 10000 WHERE id = ${id}`,
      [/its transfers give 9999/, /are 1, not 0/],
    ],
    [
      'a transfer to another card',
      `UPDATE transactions SET credit_account = ${other.id} WHERE id = ${id}`,
      `UPDATE transactions SET credit_account = ${card.id} WHERE id = ${id}`,
      [/its transfers give 0/, /its transfers give 10000/],
    ],
    [
      'a transfer from nowhere',
      `UPDATE transactions SET debit_account = 999999 WHERE id = ${id}`,
      `UPDATE transactions SET debit_account = (SELECT MIN(id) FROM accounts WHERE kind = 'store_receivable') WHERE id = ${id}`,
      [/are 10000, not 0/, new RegExp(`^transaction ${id}: an account of its transfer does not exist`)],
    ],
  ]
  for (const [title, breaks, mends, wanted] of rows) {
    await run(breaks)
    const found = await faults()
    t.equal(found.length, wanted.length, `${title}: ${found.join(' · ')}`)
    for (const pattern of wanted)
      t.ok(
        found.some((fault) => pattern.test(fault)),
        `${title}: ${pattern.source}`,
      )
    await run(mends)
    t.same(await faults(), [], `${title}: mended`)
  }
})

t.test('whatever is wrong with what is folded, unfolded or staged is found, and named', async (t) => {
  const [card] = await setting.newCards(1)
  if (card === undefined) return
  const engine = setting.engine()
  const about = { terminal: 'FOLDED', confirmation: 'none' as const, kind: KIND.financial }
  const play = async (stan: number, ask: Ask, kind: number = KIND.financial): Promise<number> =>
    (await engine.submit(setting.request(ask, { ...about, kind, stan }))).row?.id ?? 0
  const folded = await play(1, setting.operation('sale', card, 10_000))
  const folding = workerConnection(setting.access)
  while ((await foldOnce(folding, [SEARCH_ROWS], { batches: 500, ids: 5_000 }))?.isMore === true);
  await folding.close()
  const [paid, inquiry] = [
    await play(2, setting.operation('payment', card, 1_000)),
    await play(3, setting.operation('balance', card, 0), KIND.inquiry),
  ]
  await engine.stop()
  const [account] = await read('SELECT MIN(id) AS id FROM accounts')
  const batch = `INSERT INTO staged_batches (id, operation, account, state, loads) VALUES (7, 'welfare_load', ${String(account?.['id'])}, 'staging', 1)`
  const load = (id: number, of: number): string =>
    `INSERT INTO staged_loads (id, spare_id, batch_id, line, card_id, amount) VALUES (${id}, 6, 7, 1, ${of}, 5)`
  const flag = `UPDATE cards SET staged = 5 WHERE id = ${card.id}`

  const corruptions: [what: string, statements: readonly string[], found: string][] = [
    [
      'a batch of nothing',
      ["INSERT INTO unfolded (settled, touched) VALUES ('999', '')"],
      'unfolded: there is no transaction 999',
    ],
    [
      'a fate of nothing',
      ["INSERT INTO unfolded (settled, touched) VALUES ('', '998')"],
      'unfolded: there is no transaction 998',
    ],
    [
      'told twice',
      [`INSERT INTO unfolded (settled, touched) VALUES ('${paid}', '')`],
      `transaction ${paid}: is settled in unfolded more than once`,
    ],
    [
      'told before it is known',
      [`UPDATE transactions SET state = 'pending' WHERE id = ${inquiry}`],
      `transaction ${inquiry}: is settled in unfolded, and still pending`,
    ],
    [
      'told to nobody',
      [`DELETE FROM unfolded WHERE settled LIKE '${paid}%'`],
      `transaction ${paid}: is neither folded nor unfolded`,
    ],
    [
      'a search row is lost',
      [`DELETE FROM search_transactions WHERE id = ${folded}`],
      `transaction ${folded}: is neither folded nor unfolded`,
    ],
    [
      'a search row says another fate',
      [`UPDATE search_transactions SET state = 'reversed' WHERE id = ${folded}`],
      `transaction ${folded}: its search row says something else`,
    ],
    [
      'a search row says another amount',
      [`UPDATE search_transactions SET amount = 1 WHERE id = ${folded}`],
      `transaction ${folded}: its search row says something else`,
    ],
    [
      'a search row of nothing',
      [
        'CREATE TEMPORARY TABLE other SELECT * FROM search_transactions LIMIT 1',
        'UPDATE other SET id = 997',
        'INSERT INTO search_transactions SELECT * FROM other',
        'DROP TEMPORARY TABLE other',
      ],
      'search row 997: there is no such transaction',
    ],
    ['room for no load', [flag], `card ${card.id}: leaves room for staged loads of 5, there are 0`],
    [
      'applied, and staged still',
      [batch, load(folded, card.id), flag],
      `staged load ${folded}: is applied, and staged still`,
    ],
    ['a load of no card', [batch, load(5, 4)], 'staged load 5: there is no card 4'],
    [
      'a batch that lost its loads',
      [
        batch,
        "UPDATE staged_batches SET state = 'booked', booked_at = '2026-11-22', business_date = '2026-11-22', channel = 'menu'",
      ],
      'batch 7: booked with 1 loads, 0 are there',
    ],
    [
      'a load of a batch that nobody booked',
      [
        batch,
        `UPDATE transactions SET terminal_code = 'STAGED', store_code = 'AKART', transmitted = 7 WHERE id = ${folded}`,
      ],
      `transaction ${folded}: is a load of batch 7, which is not booked`,
    ],
  ]
  t.same(await faults(), [])
  for (const [what, statements, found] of corruptions) {
    await keep()
    for (const statement of statements) await run(statement)
    t.same(await faults(), [found], what)
    await restore()
    t.same(await faults(), [], `${what}: mended`)
  }
})

const KEPT = ['transactions', 'search_transactions', 'unfolded', 'cards', 'staged_batches', 'staged_loads'] as const

/** The rows that a corruption changes, before the change. */
async function keep(): Promise<void> {
  for (const table of KEPT) {
    await run(`DROP TABLE IF EXISTS kept_${table}`)
    await run(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
  }
}

/** The generated column of `cards` writes itself. */
async function restore(): Promise<void> {
  await run('SET SESSION foreign_key_checks = 0')
  for (const table of KEPT) {
    const columns = await read(
      `SELECT GROUP_CONCAT(column_name) AS list FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name = '${table}' AND COALESCE(generation_expression, '') = ''`,
    )
    const list = String(columns[0]?.['list'])
    await run(`DELETE FROM ${table}`)
    await run(`INSERT INTO ${table} (${list}) SELECT ${list} FROM kept_${table}`)
    await run(`DROP TABLE kept_${table}`)
  }
  await run('SET SESSION foreign_key_checks = 1')
}

const read = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]

t.test('it looks at one moment, whatever goes on beside it', async (t) => {
  const cards = await setting.newCards(8)
  const engine = setting.engine()
  let stan = 1_000
  let isOver = false
  const traffic = cards.map(async (card) => {
    const about = { terminal: 'LEDGER', confirmation: 'explicit' as const, kind: KIND.financial }
    await engine.submit(setting.request(setting.operation('sale', card, 10_000), { ...about, stan: ++stan }))
    while (!isOver) {
      await engine.submit(setting.request(setting.operation('top_up', card, 1_000), { ...about, stan: ++stan }))
      await engine.submit(setting.request(setting.operation('payment', card, 1), { ...about, stan: ++stan }))
    }
  })
  for (let i = 0; i < 10; i++) t.same(await faults(), [])
  isOver = true
  await Promise.all(traffic)
  await engine.stop()
  t.ok(stan > 1_020, `${stan - 1_000} requests beside it`)
})

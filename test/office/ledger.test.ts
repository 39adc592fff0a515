import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { KIND } from '../../src/core/key.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { engineSetting } from '../engine/engine-setting.ts'

const setting = await engineSetting(t)
const { connection } = setting
const run = (sql: string): Promise<unknown> => connection.query(sql)
const faults = async (): Promise<readonly string[]> => (await verifyLedger(setting.access)).faults

t.test('the demo set adds up: its money was put there by sales', async (t) => {
  const { cards, transfers, currencies, faults } = await verifyLedger(setting.access)
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

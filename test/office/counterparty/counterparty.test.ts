import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { decideApproval, listApprovals } from '../../../src/office/approvals.ts'
import type { Actor } from '../../../src/office/actor.ts'
import { decideCreditLimit, proposeCreditLimit } from '../../../src/office/counterparty/credit-limits.ts'
import {
  correctPayment,
  decidePayments,
  enterPayment,
  importPayments,
  listPayments,
} from '../../../src/office/counterparty/payments.ts'
import { statementOf } from '../../../src/office/counterparty/statement.ts'
import { listCredits, showCounterparty } from '../../../src/office/counterparties.ts'
import { approvePackSale, askPackSale } from '../../../src/office/pack-sale.ts'
import { bookPackLoads } from '../../../src/office/pack-loads.ts'
import { activatePack } from '../../../src/office/packs.ts'
import { fileOf } from '../../../src/office/reports/files.ts'
import { rightsOf } from '../../../src/office/rights.ts'
import { engineSetting } from '../../engine/engine-setting.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ACME, JAN, OLA, packSetting } from '../pack-setting.ts'
import { ok, person, testOffice } from '../test-office.ts'

/** Debts, payments and limits of counterparties: payments by two people, corrections, statements, credit limits. */

const setting = await engineSetting(t)
const { access, connection } = setting
const office = await testOffice(t, access)
await everyChangeIsAudited(t, access, connection)
const engine = setting.engine()
const packs = await packSetting(setting, office)
const parts = { ...office, submit: engine.submit }
const PLN = 985
const today = new Date().toISOString().slice(0, 10)
const payment = {
  counterparty: 'ACME',
  currency: PLN,
  amount: 30_000,
  paidOn: '2026-11-20',
  reference: 'FT1',
  note: 'November',
}
const owed = async (): Promise<number> => {
  const { credits } = await ok(showCounterparty(office, OLA, 'ACME'))
  return credits.find(({ currency }) => currency === PLN)?.owed ?? 0
}
const upload = (name: string, ...lines: readonly string[]) => ({ name, content: Buffer.from(lines.join('\r\n')) })

t.test('a payment stands once a second person has approved it', async (t) => {
  const { proposal } = await ok(enterPayment(office, OLA, payment))
  t.equal(await owed(), 0, 'what waits is not paid yet')
  t.match(await enterPayment(office, JAN, { ...payment, amount: 1 }), { refused: 'payment_reference_used' })
  t.match(await decidePayments(office, OLA, { id: proposal, approve: true, reason: '' }), { refused: 'own_request' })
  const [shown] = (await listApprovals(office, JAN, { open: true })).filter(({ kind }) => kind === 'payment')
  t.match(shown, { by: 'ola', subject: { en: 'Payment of a counterparty' }, changes: [{ money: { after: 30_000 } }] })
  const decision = { kind: 'payment', id: proposal, approve: true, reason: '', version: shown?.version ?? '' }
  await ok(decideApproval(office, JAN, decision))
  t.equal(await owed(), -30_000)
  t.match(await enterPayment(office, JAN, payment), { refused: 'payment_reference_used' }, 'a reference comes once')
  t.match(await ok(listPayments(office, OLA, { counterparty: 'ACME', most: 10 })), {
    payments: [{ reference: 'FT1', enteredBy: 'ola', approvedBy: 'jan', amount: 30_000 }],
    waiting: [],
  })
})

t.test('what was refused may be entered again', async () => {
  const input = { ...payment, reference: 'FT2', amount: 500 }
  const { proposal } = await ok(enterPayment(office, OLA, input))
  await ok(decidePayments(office, JAN, { id: proposal, approve: false, reason: 'not on the statement' }))
  const again = await ok(enterPayment(office, OLA, input))
  await ok(decidePayments(office, OLA, { id: again.proposal, approve: false, reason: 'withdrawn' }))
})

t.test('a correction is a row of its own, once', async (t) => {
  const { payments } = await ok(listPayments(office, OLA, { counterparty: 'ACME', most: 1 }))
  const id = payments[0]?.id ?? 0
  const { proposal, entries } = await ok(correctPayment(office, JAN, { payment: id, note: 'of another company' }))
  t.match(entries, [{ amount: -30_000, corrects: id }])
  t.match(await correctPayment(office, JAN, { payment: id, note: 'again' }), { refused: 'payment_reference_used' })
  await ok(decidePayments(office, OLA, { id: proposal, approve: true, reason: '' }))
  t.equal(await owed(), 0)
  const [correction] = (await ok(listPayments(office, OLA, { counterparty: 'ACME', most: 1 }))).payments
  t.match(await correctPayment(office, JAN, { payment: correction?.id ?? 0, note: 'x' }), {
    refused: 'payment_is_correction',
  })
  t.match(await correctPayment(office, JAN, { payment: 1, note: 'x' }), { refused: 'no_such_payment' })
})

t.test('what cannot be a payment', async (t) => {
  const rows: [Partial<typeof payment>, object][] = [
    [{ amount: 0 }, { refused: 'payment_not_valid', details: { field: 'amount' } }],
    [{ amount: 1.5 }, { refused: 'payment_not_valid', details: { field: 'amount' } }],
    [{ paidOn: '2099-01-01' }, { refused: 'payment_not_valid', details: { field: 'date', value: '2099-01-01' } }],
    [{ paidOn: '2026-02-30' }, { refused: 'payment_not_valid', details: { field: 'date' } }],
    [{ reference: ' ' }, { refused: 'payment_not_valid', details: { field: 'reference' } }],
    [{ reference: 'x'.repeat(36) }, { refused: 'payment_not_valid', details: { field: 'reference' } }],
    [{ reference: 'COR-1' }, { refused: 'payment_not_valid', details: { field: 'reference', value: 'COR-1' } }],
    [{ reference: ' COR-1' }, { refused: 'payment_not_valid', details: { field: 'reference' } }],
    [{ counterparty: 'NOBODY' }, { refused: 'no_such_counterparty', details: { code: 'NOBODY' } }],
  ]
  for (const [wrong, wanted] of rows) {
    t.match(await enterPayment(office, OLA, { ...payment, reference: 'FT9', ...wrong }), wanted, JSON.stringify(wrong))
  }
})

t.test("a bank's file is entered as a whole or not at all", async (t) => {
  const wrong = upload('wrong.csv', 'Data;Kwota;Kontrahent;Referencja;Waluta', '31.11.2026;10,00;ACME;B1;PLN',
    'soon;;ACME;B2;PLN', '20.11.2026;10,00;ACME;B3;XXX', '20.11.2026;10,00;ACME;B3;PLN', '20.11.2026;1,00;ACME;B3;PLN') // prettier-ignore
  const refusal = await importPayments(office, OLA, wrong)
  t.match(refusal, {
    refused: 'payments_not_valid',
    details: { count: 5 },
    faults: [
      { at: 'wrong.csv:2', text: 'date: 2026-11-31' },
      { at: 'wrong.csv:3', text: 'amount:  (amount missing)' },
      { at: 'wrong.csv:3', text: 'date: soon' },
      { at: 'wrong.csv:4', text: 'currency: XXX' },
      { at: 'wrong.csv:6', text: 'reference B3 as in line 5' },
    ],
  })
  const taken = upload('taken.csv', 'reference,counterparty,amount,date', 'COR-1,ACME,1.00,2026-11-20')
  t.match(await importPayments(office, OLA, taken), { faults: [{ at: 'taken.csv:2', text: 'reference: COR-1' }] })
  const comma = upload('comma.csv', 'reference,counterparty,date,amount', 'B1,ACME,2026-11-20,5,50')
  t.match(await importPayments(office, OLA, comma), {
    faults: [{ at: 'comma.csv:2', text: 'more cells than headings: 50' }],
  })
  const twice = upload('twice.csv', 'reference,counterparty,amount,date,Kwota', 'B1,ACME,5.00,2026-11-20,7.00')
  t.match(await importPayments(office, OLA, twice), { refused: 'list_column_twice', details: { column: 'amount' } })
  t.match(await importPayments(office, OLA, upload('none.csv', 'a,b', '1,2')), { refused: 'list_column_missing' })
  t.match(await importPayments(office, OLA, upload('empty.csv', '')), { refused: 'list_empty' })
  const good = upload('bank.csv', 'reference,counterparty,amount,date,note', 'B1,ACME,"1,234.50",2026-11-20,first', 'B2,ACME,-34.50,2026-11-21,') // prettier-ignore
  const { proposal, entries } = await ok(importPayments(office, OLA, good))
  t.match(entries, [
    { amount: 123_450, line: 2 },
    { amount: -3_450, line: 3 },
  ])
  t.match(await importPayments(office, JAN, good), { refused: 'payment_reference_used', details: { reference: 'B1' } })
  await ok(decidePayments(office, JAN, { id: proposal, approve: true, reason: '' }))
  t.equal(await owed(), -120_000)
})

t.test(
  'who approves a file sees what each counterparty pays and is paid back, of rows that are not shown too',
  async (t) => {
    await connection.query("INSERT INTO counterparties (code, name, state) VALUES ('HIDE', 'Hide', 'open')")
    const plain = Array.from({ length: 20 }, (_, i) => `P${i},ACME,1.00,2026-11-20`)
    const shownOf = async (...hidden: readonly string[]) => {
      const file = upload('hidden.csv', 'reference,counterparty,amount,date', ...plain, ...hidden)
      const { proposal } = await ok(importPayments(office, OLA, file))
      const found = (await listApprovals(office, JAN, { open: true })).find(({ id }) => id === proposal)
      await ok(decidePayments(office, OLA, { id: proposal, approve: false, reason: 'withdrawn' }))
      return (found?.changes ?? []).slice(20).map(({ name, money }) => [name.en, money?.after])
    }
    t.same(await shownOf('H1,ACME,100000.00,2026-11-20', 'H2,HIDE,-100000.00,2026-11-20'), [
      ['ACME, payments: 21', 100_020_00],
      ['HIDE, paid back: 1', -100_000_00],
      ['In all, payments: 22', 20_00],
    ])
    t.same(await shownOf('H1,ACME,5.00,2026-11-20', 'H2,ACME,-5.00,2026-11-20'), [
      ['ACME, payments: 21', 25_00],
      ['ACME, paid back: 1', -5_00],
      ['In all, payments: 22', 20_00],
    ])
  },
)

t.test('a credit limit is set by two people, and stops what would go over it', async (t) => {
  const limit = { counterparty: 'ACME', currency: PLN, amount: 150_000, reason: 'as agreed' }
  const id = await ok(proposeCreditLimit(office, OLA, limit))
  t.match(await proposeCreditLimit(office, JAN, limit), { refused: 'already_proposed' })
  t.match(await proposeCreditLimit(office, JAN, { ...limit, amount: -5 }), { refused: 'wrong_input' })
  t.match(await decideCreditLimit(office, OLA, { id, approve: true, reason: '' }), { refused: 'own_request' })
  await ok(decideCreditLimit(office, JAN, { id, approve: true, reason: '' }))
  t.match(await proposeCreditLimit(office, OLA, limit), { refused: 'credit_limit_same' })

  // It has paid 1,200.00 in advance and may owe 1,500.00: packs for 2,700.00.
  const packOf = async (cards: number): Promise<number> => {
    const pack = await packs.packOf(cards, ACME)
    await ok(activatePack(office, OLA, { pack: pack.id, skip: true }))
    return pack.id
  }
  const [first, second, third] = [await packOf(30), await packOf(20), await packOf(5)]
  await ok(askPackSale(office, OLA, { pack: first, amount: 5_000 }))
  await ok(askPackSale(office, OLA, { pack: second, amount: 7_500 }))
  const [one, other] = await Promise.all([
    approvePackSale(office, JAN, { pack: first }),
    approvePackSale(office, JAN, { pack: second }),
  ])
  const refusals = [one, other].filter((result) => 'refused' in result)
  t.match(refusals, [{ refused: 'credit_exceeded' }], 'of two at the same time one is too much')
  const sold = 'refused' in one ? second : first
  t.match((await ok(showCounterparty(office, OLA, 'ACME'))).credits, [
    { owed: -120_000, committed: 150_000, limit: 150_000 },
  ])
  await t.rejects(bookPackLoads(parts, sold, () => { throw new Error('killed') }), /killed/) // prettier-ignore
  const halfway = (await ok(showCounterparty(office, OLA, 'ACME'))).credits[0]
  t.equal((halfway?.owed ?? 0) + (halfway?.committed ?? 0), 30_000, 'what is booked is committed no more')
  t.ok(await bookPackLoads(parts, sold))
  t.match(
    (await ok(listCredits(office, OLA))).filter(({ counterparty }) => counterparty === 'ACME'),
    [{ owed: 30_000, committed: 0, limit: 150_000 }],
  )
  t.match(await askPackSale(office, OLA, { pack: third, amount: 30_000 }), {
    refused: 'credit_exceeded',
    details: { amount: { en: '1,500.00 PLN', pl: '1\u00a0500,00 PLN' }, owed: { en: '300.00 PLN' } },
  })
  await ok(askPackSale(office, OLA, { pack: third, amount: 24_000 }))
  await ok(approvePackSale(office, JAN, { pack: third }))
  t.ok(await bookPackLoads(parts, third))
  t.equal(await owed(), 150_000)
  const none = await ok(proposeCreditLimit(office, OLA, { ...limit, amount: null }))
  await ok(decideCreditLimit(office, JAN, { id: none, approve: true, reason: '' }))
  t.equal((await ok(showCounterparty(office, OLA, 'ACME'))).credits[0]?.limit, null)
})

t.test('the statement runs from opening to closing balance', async (t) => {
  const input = { counterparty: 'ACME', from: '2026-11-21', to: null }
  const statement = await ok(statementOf(office, OLA, input, 'en'))
  t.match(statement.rows[0], { what: 'Opening balance', balance: -123_450 })
  t.match(statement.rows[1], { day: '2026-11-21', what: 'Payment', reference: 'B2', paid: -3_450, balance: -120_000 })
  t.equal(statement.rows.at(-1)?.['balance'], 150_000)
  t.match(statement.totals, [{ currency: 'PLN', charged: 270_000, paid: -3_450, balance: 150_000 }])
  t.match(statement.filter.to, today.slice(0, 4))
  const text = String((await fileOf(statement, { format: 'csv', preset: 'pl', language: 'pl', by: 'ola' })).content)
  t.match(text, '\r\nKontrahenci: ACME\r\n')
  t.match(text, /2026-11-21;Payment;B2;;PLN;0,00;'?-34,50;'?-1200,00/u)
  t.match(await statementOf(office, OLA, { ...input, counterparty: 'NOBODY' }, 'en'), {
    refused: 'no_such_counterparty',
  })
})

t.test('without the right nothing is shown or done', async (t) => {
  const eve: Actor = { ...person('eve'), rights: rightsOf(['helpDesk']) }
  const issuer: Actor = { ...person('iza'), rights: rightsOf(['issuer']) }
  const no = { refused: 'right_missing' }
  t.match(await enterPayment(office, issuer, payment), no)
  t.match(await importPayments(office, issuer, upload('x.csv', '')), no)
  t.match(await correctPayment(office, issuer, { payment: 1, note: '' }), no)
  t.match(await proposeCreditLimit(office, issuer, { counterparty: 'ACME', currency: PLN, amount: 1, reason: 'x' }), no)
  t.match(await listPayments(office, eve, { counterparty: null, most: 1 }), no)
  t.match(await showCounterparty(office, eve, 'ACME'), no)
  t.match(await statementOf(office, eve, { counterparty: 'ACME', from: null, to: null }, 'en'), no)
  const [[rows]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM counterparty_payments')
  t.equal(rows?.['n'], 4)
  await engine.stop()
})

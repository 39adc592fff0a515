import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { workerConnection } from '../../../src/db/connection.ts'
import { foldOnce } from '../../../src/db/folding.ts'
import { selectArrivals } from '../../../src/db/sql/late-transactions.ts'
import { REPORT_SUMS } from '../../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../../src/db/search-rows.ts'
import { KIND } from '../../../src/core/key.ts'
import type { Actor } from '../../../src/office/actor.ts'
import { decideApproval, listApprovals } from '../../../src/office/approvals.ts'
import { isRefused } from '../../../src/office/refusal.ts'
import { fileOf } from '../../../src/office/reports/files.ts'
import { setInput } from '../../../src/office/reports/inputs.ts'
import type { MatrixRow } from '../../../src/office/reports/report.ts'
import { runReport } from '../../../src/office/reports/reports.ts'
import { matrixOf } from '../../../src/office/reports/settlement.ts'
import { rightsOf } from '../../../src/office/rights.ts'
import { decideSettlement, proposeSettlement } from '../../../src/office/settlement/closing.ts'
import { pagesApart } from '../../../src/office/reports/files-apart.ts'
import { notePages, settlementReport } from '../../../src/office/settlement/documents.ts'
import type { Settlement } from '../../../src/office/settlement/figures.ts'
import { LEDGER_ACCOUNTS, monthLedger, settlementLedger } from '../../../src/office/settlement/general-ledger.ts'
import { isAllNamed } from '../../../src/office/settlement/late.ts'
import { listSettlements, showSettlement } from '../../../src/office/settlement/reading.ts'
import { engineSetting } from '../../engine/engine-setting.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { nothingPlayed, playDays, randomOf, STORES } from '../reports/history.ts'
import { readBooks, settlements } from '../reports/second.ts'
import { ok, person, testOffice } from '../test-office.ts'

/**
 * Closed settlements never change, whatever happens afterwards. With their corrections they add up to the settlement of the
 * whole time, which is computed a second time from the messages.
 */

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
const setting = await engineSetting(t)
const { access, connection } = setting
const engine = setting.engine()
const office = await testOffice(t, access)
const watched = workerConnection(access)
t.teardown(() => watched.close())
await everyChangeIsAudited(t, access, connection)
const [ola, jan] = [person('ola'), person('jan')]
const [A, B] = STORES
const reason = 'month end'
const random = randomOf(SEED)
const played = nothingPlayed()
/** Sometimes all is folded, sometimes a part: figures are the same. */
const fold = async (): Promise<void> => {
  const batches = [0, 20, 1_000][random(3)] ?? 0
  if (batches > 0) await foldOnce(watched, [SEARCH_ROWS, REPORT_SUMS], { batches, ids: 1_000_000 })
}
const play = async (moves: number, ...days: readonly string[]): Promise<void> => {
  await playDays(setting, engine, { seed: random(1_000_000), days, moves, played })
  await fold()
}
const close = async (from: string, to: string, stores: readonly string[] | null): Promise<Settlement> => {
  const { id } = await ok(proposeSettlement(office, ola, { from, to, stores, reason }))
  const [approval] = (await listApprovals(office, jan, { open: true })).filter(({ kind }) => kind === 'settlement')
  await ok(
    decideApproval(office, jan, {
      kind: 'settlement',
      id: approval?.id ?? 0,
      approve: true,
      reason,
      version: approval?.version ?? '',
    }),
  )
  return (await ok(showSettlement(office, ola, { id }))).settlement
}

/** All of a seed's own: days of stores that are closed, one after the other, and what comes late on them. */
const CLOSINGS: readonly [from: string, to: string, stores: readonly string[] | null][] = [
  ['2026-11-18', '2026-11-19', null],
  ['2026-11-20', '2026-11-20', [A]],
  ['2026-11-20', '2026-11-21', [B]],
  ['2026-11-21', '2026-11-21', [A]],
  ['2026-11-22', '2026-11-22', null],
]
const closed: Settlement[] = []

t.test(`a history with closings between, seed ${SEED}`, async (t) => {
  await foldOnce(watched, [SEARCH_ROWS, REPORT_SUMS], { batches: 1_000, ids: 1_000_000 })
  await play(80, '2026-11-18', '2026-11-19', '2026-11-20')
  for (const [from, to, stores] of CLOSINGS) {
    closed.push(await close(from, to, stores))
    for (const before of closed) {
      t.same((await ok(showSettlement(office, ola, { id: before.id }))).settlement, before, 'what is closed stays')
    }
    // Late rows on days that are closed, undoings of what was booked on them, and days that go on.
    if (to !== '2026-11-22') await play(60, '2026-11-18', to, '2026-11-21', '2026-11-22')
  }
  t.same(
    closed.map(({ number }) => number),
    [1, 2, 3, 4, 5],
    'numbered without gaps',
  )
  t.ok(closed.some(({ lines }) => lines.some(({ kind }) => kind === 'late')), 'something came late') // prettier-ignore
  t.ok(closed.some(({ lines }) => lines.some(({ kind }) => kind === 'undone')), 'something was undone later') // prettier-ignore

  const books = await readBooks(setting)
  for (const [store, [receivable, payable]] of settlements(books, '2026-11-18', '2026-11-22')) {
    const lines = closed.flatMap((one) => one.lines).filter((line) => line.store === store)
    const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((all, line) => all + of(line), 0)
    t.same(
      [sum((line) => line.receivable), sum((line) => line.payable)],
      [receivable, payable],
      `all settlements of ${store} and their corrections are what the messages say`,
    )
    for (const { number, lines: own, matrix } of closed) {
      const paid = own.filter((line) => line.store === store).reduce((all, line) => all + line.payable, 0)
      const column = matrix.filter(({ spentIn }) => spentIn === store).reduce((all, { amount }) => all + amount, 0)
      t.equal(column, paid, `the column of ${store} in settlement ${String(number)} adds up to its payable`)
    }
  }
  const whole = await ok(runReport(office, ola, 'settlement', { from: '2026-11-18', to: '2026-11-22' }))
  const nonZero = (rows: readonly MatrixRow[]) => rows.filter(({ amount }) => amount !== 0)
  t.same(matrixOf(closed.flatMap(({ matrix }) => matrix)), nonZero(whole.matrix ?? []), 'so does the matrix')
  const [first] = closed
  const ids = new Set(closed.map(({ id }) => id))
  t.ok(
    closed.every(({ lines }) => lines.every(({ corrects }) => corrects === 0 || ids.has(corrects))),
    'each correction names a closed one',
  )
  t.match(
    first?.lines.every(({ kind }) => kind === 'own'),
    true,
  )
})

t.test('what cannot be settled', async (t) => {
  const input = { from: '2026-11-23', to: '2026-11-23', stores: null, reason }
  t.match(await proposeSettlement(office, ola, { ...input, to: '2026-11-22' }), { refused: 'period_backwards' })
  t.match(await proposeSettlement(office, ola, { ...input, to: '2099-01-01' }), { refused: 'settlement_not_over' })
  t.match(await proposeSettlement(office, ola, { ...input, stores: ['NOWHERE'] }), { refused: 'no_such_store' })
  t.match(await proposeSettlement(office, ola, { ...input, from: '2026-11-21', stores: [B] }), {
    refused: 'settlement_overlaps',
    details: { store: B },
  })
  const one = await ok(proposeSettlement(office, ola, input))
  t.match(await proposeSettlement(office, ola, { ...input, from: '2026-11-24', to: '2026-11-24', stores: [A] }), {
    refused: 'settlement_waits',
  })
  const [waiting] = (await listApprovals(office, jan, { open: true })).filter(({ kind }) => kind === 'settlement')
  const decision = { id: waiting?.id ?? 0, reason }
  t.match(await decideSettlement(office, ola, { ...decision, approve: true }), { refused: 'own_request' })
  const issuer: Actor = { ...jan, rights: rightsOf(['issuer']) }
  t.match(await decideSettlement(office, issuer, { ...decision, approve: true }), { refused: 'right_missing' })
  t.match(await proposeSettlement(office, issuer, input), { refused: 'right_missing' })
  t.match(await ok(decideSettlement(office, jan, { ...decision, approve: false })), { state: 'refused', number: null })
  t.notOk(
    (await ok(listSettlements(office, ola))).some(({ id }) => id === one.id),
    'what was refused is gone',
  )
  t.equal((await close('2026-11-23', '2026-11-23', null)).number, 6, 'and its days can be settled')
})

t.test('what came late is named by the settlement that has its amount', async (t) => {
  const [card] = await setting.newCards(1)
  if (card === undefined) throw new Error('no card')
  const send = async (operation: 'sale' | 'payment', amount: number): Promise<number> => {
    played.stan += 1
    const about = { kind: KIND.financial, terminal: 'R1', stan: played.stan, confirmation: 'none' } as const
    const request = setting.request(setting.operation(operation, card, amount), about)
    // Received now, for a day that the settlement below closes.
    const { result, row } = await engine.submit({
      ...request,
      businessDate: '2026-11-24',
      today: '2026-11-24',
      at: Date.now(),
    })
    t.equal(result, 'approved')
    return row?.id ?? 0
  }
  const foldAll = () => foldOnce(watched, [SEARCH_ROWS, REPORT_SUMS], { batches: 1_000, ids: 1_000_000 })
  await send('sale', 5_000)
  await send('payment', 700)
  await foldAll()
  const { id, number, lines } = await close('2026-11-24', '2026-11-24', null)
  t.match(lines, [{ kind: 'own', store: A, receivable: 5_000, payable: 700 }])
  const paid = [await send('payment', 1_100), await send('payment', 200)]
  await foldAll()

  const next = await close('2026-11-25', '2026-11-25', null)
  t.match(next.lines, [{ kind: 'late', corrects: id, store: A, receivable: 0, payable: 1_300 }])
  const page = await ok(showSettlement(office, ola, { id: next.id }))
  t.match(page.late, [
    { id: paid[0], corrects: id, store: A, day: '2026-11-24', operation: 'payment', payable: 1_100 },
    { id: paid[1], corrects: id, store: A, day: '2026-11-24', operation: 'payment', payable: 200 },
  ])
  t.equal(page.late.length, 2, 'and what was in time is not')
  t.ok(isAllNamed(page.settlement, page.late))
  t.notOk(isAllNamed(page.settlement, page.late.slice(1)), 'one of them alone is not the whole line')
  const csv = String((await fileOf(settlementReport(page, 'pl'), { format: 'csv', preset: 'en', language: 'pl', by: 'ola' })).content) // prettier-ignore
  t.match(csv, `${String(number)},${A},2026-11-24,${String(paid[0])},payment,PLN,0.00,11.00`)
  const [note] = await ok(Promise.resolve(notePages(office, page, { store: A, language: 'pl', by: 'ola' })))
  t.match(note?.more?.at(-1)?.rows[0], [
    String(number),
    '2026-11-24',
    String(paid[0]),
    'Płatność',
    'PLN',
    '0,00',
    '11,00',
  ])

  // A thousand that came in time on the same day, and a thousand that came meanwhile on others.
  const copies = (count: number, day: string, at: string): string =>
    `INSERT INTO search_transactions (at, id, store_code, terminal_code, business_date, stan, rrn, role, channel, operation, entry_mode, result, state, amount)
     WITH RECURSIVE n AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM n WHERE seq < ${count})
     SELECT ${at}, 8000000000 + ${day.replaceAll('-', '')} * 10000 + seq, '${A}', 'R1', '${day}', 1, '1', 'books', 'terminal', 'payment', '022', 'approved', 'confirmed', 100
     FROM n`
  await connection.query(copies(1_000, '2026-11-24', "'2026-11-24 12:00:00'"))
  await connection.query(copies(1_000, '2026-11-25', 'UTC_TIMESTAMP(3)'))
  await connection.query('ANALYZE TABLE search_transactions')
  const counted = workerConnection(access)
  await counted.send('FLUSH STATUS')
  const period = { from: '2026-11-24', to: '2026-11-24', after: Date.parse('2026-11-25'), until: Date.now() }
  const [named = []] = await counted.send(selectArrivals(period, 5_000))
  const [reads = []] = await counted.send("SHOW SESSION STATUS LIKE 'Handler_read%'")
  await counted.close()
  t.ok(named.length >= 2)
  const read = reads.reduce((sum, [, count]) => sum + Number(count), 0)
  t.ok(read < 50, `${read} rows are read for ${named.length}`)
  await connection.query('DELETE FROM search_transactions WHERE id > 8000000000')

  const after = await close('2026-11-26', '2026-11-26', null)
  t.same((await ok(showSettlement(office, ola, { id: after.id }))).late, [], 'it is named once')
  t.same((await ok(showSettlement(office, ola, { id: next.id }))).late, page.late, 'by the same one')
})

t.test('a day that is settled stays settled, however many settlements came since', async (t) => {
  const first = (await ok(showSettlement(office, ola, { number: 3 }))).settlement
  const newer = 'number BETWEEN 10001 AND 11000'
  // Of another store, as many as the list has; without the sequences that only MariaDB has.
  const digits = `(SELECT 0 AS d ${Array.from({ length: 9 }, (_, i) => `UNION ALL SELECT ${i + 1}`).join(' ')})`
  await connection.query(
    `INSERT INTO settlements (id, number, state, from_day, to_day, definition, exact_at, exact_rows, exact_sum, digest,
       proposed_by, proposed_at, closed_by, closed_at)
     SELECT (SELECT MAX(id) FROM settlements) + n.seq, 10000 + n.seq, state, from_day, to_day, definition, exact_at,
       exact_rows, exact_sum, digest, proposed_by, proposed_at, closed_by, closed_at
     FROM settlements JOIN (SELECT 1 + a.d + 10 * b.d + 100 * c.d AS seq FROM ${digits} a, ${digits} b, ${digits} c) n WHERE id = ?`,
    [first.id],
  )
  await connection.query(`INSERT INTO settlement_stores SELECT id, 'ELSEWHERE' FROM settlements WHERE ${newer}`)
  const list = await ok(listSettlements(office, ola))
  t.equal(list.length, 1_000)
  t.ok(
    list.every(({ id, matrix }) => id !== first.id && matrix === undefined),
    'the list is of the newest, without their matrix',
  )
  const again = { from: first.from, to: first.to, stores: [B], reason }
  t.match(await proposeSettlement(office, ola, again), { refused: 'settlement_overlaps', details: { store: B } })
  await connection.query(`DELETE FROM settlement_stores WHERE store_code = 'ELSEWHERE'`)
  await connection.query(`DELETE FROM settlements WHERE ${newer}`)
})

t.test('notes, files and bookings', async (t) => {
  const page = await ok(showSettlement(office, ola, { number: 2 }))
  const report = settlementReport(page, 'pl')
  t.match(report.title, { en: 'Settlement 2', pl: 'Rozliczenie 2' })
  const csv = String((await fileOf(report, { format: 'csv', preset: 'en', language: 'pl', by: 'ola' })).content)
  t.match(csv, /Należne od sklepu/u)
  const all = await pagesApart(
    await ok(Promise.resolve(notePages(office, page, { store: null, language: 'pl', by: 'ola' }))),
  )
  t.equal((all as Buffer).subarray(0, 5).toString(), '%PDF-')
  t.match(notePages(office, page, { store: 'X', language: 'en', by: 'ola' }), { refused: 'no_such_store' })

  t.match(await settlementLedger(office, ola, { number: 2 }), { refused: 'accounts_unset' })
  for (const [i, account] of LEDGER_ACCOUNTS.entries()) {
    await ok(setInput(office, ola, { name: `account.${account}`, value: `2${i}0` }))
  }
  for (const number of [1, 2, 3, 4, 5]) {
    const { totals, rows } = await ok(settlementLedger(office, ola, { number }))
    const { debit, credit } = totals[0] ?? {}
    t.equal(debit, credit, `settlement ${number}: debits are credits`)
    const lines = (await ok(showSettlement(office, ola, { number }))).settlement.lines
    const net = lines.reduce((sum, { receivable, payable }) => sum + receivable - payable, 0)
    const onCards = rows.filter(({ account }) => account === '200')
    const liability = onCards.reduce((sum, row) => sum + Number(row['credit']) - Number(row['debit']), 0)
    t.equal(liability, net, 'what cards hold changes by the net')
  }
  const month = await ok(monthLedger(office, ola, { month: '2026-11' }))
  t.equal(month.totals[0]?.['debit'], month.totals[0]?.['credit'])
  const rolled = await ok(runReport(office, ola, 'roll-forward', { from: '2026-11-01', to: '2026-11-30' }))
  const cards = month.rows.filter(({ account }) => account === '200')
  const change = cards.reduce((sum, row) => sum + Number(row['credit']) - Number(row['debit']), 0)
  const { opening, closing } = rolled.totals[0] ?? {}
  t.equal(change, Number(closing) - Number(opening), 'the month of the general ledger is that of the roll-forward')
  for (const wrong of ['2026-13', '0000-01', '0001-01', '2026-1', '2026-11-01']) {
    t.match(await monthLedger(office, ola, { month: wrong }), { refused: 'wrong_input' }, wrong)
  }
})

t.test('whoever changes a closed figure in the database is found out', async (t) => {
  const id = closed[0]?.id ?? 0
  await connection.query('UPDATE settlement_lines SET payable = payable + 1 WHERE settlement_id = ? LIMIT 1', [id])
  t.match(await showSettlement(office, ola, { number: 1 }), { refused: 'settlement_altered' })
  await connection.query('UPDATE settlement_lines SET payable = payable - 1 WHERE settlement_id = ? LIMIT 1', [id])
  t.notOk(isRefused(await showSettlement(office, ola, { number: 1 })))
  await t.rejects(
    connection.query<RowDataPacket[]>('UPDATE settlements SET closed_by = proposed_by WHERE id = ?', [id]),
    /settlements_four_eyes/,
  )
  await engine.stop()
})

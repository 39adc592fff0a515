import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { workerConnection } from '../../../src/db/connection.ts'
import { foldOnce } from '../../../src/db/folding.ts'
import { REPORT_SUMS } from '../../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../../src/db/search-rows.ts'
import { keepFigures } from '../../../src/jobs/report-figures.ts'
import { monthEnds, monthEndToWrite, writeMonthEnd } from '../../../src/office/reports/month-ends.ts'
import { cardDaysToKeep, keepCardDay, keepCardDays } from '../../../src/office/reports/card-days.ts'
import { daysToKeep } from '../../../src/office/reports/kept-figures.ts'
import type { Report } from '../../../src/office/reports/report.ts'
import { runReport, type ReportSelection } from '../../../src/office/reports/reports.ts'
import { verifyAndMend, verifySums } from '../../../src/office/reports/verification.ts'
import { engineSetting } from '../../engine/engine-setting.ts'
import { ok, person, testOffice } from '../test-office.ts'
import { nothingPlayed, playDays } from './history.ts'

/*
 * The kept figures of past days and months agree with the transactions, whatever was booked late. A report is the same with
 * and without them.
 */

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
/** Over the ends of two months. */
const DAYS = ['2026-08-30', '2026-08-31', '2026-09-01', '2026-09-29', '2026-09-30', '2026-10-02']

const setting = await engineSetting(t)
const engine = setting.engine()
const office = { ...(await testOffice(t, setting.access)), clock: () => Date.parse('2026-10-20T10:00:00Z') }
const ola = person('ola')
const connection = workerConnection(setting.access)
t.teardown(() => connection.close())
const run = (sql: string): Promise<unknown> => setting.connection.query(sql)
const fold = (): Promise<unknown> =>
  foldOnce(connection, [SEARCH_ROWS, REPORT_SUMS], { batches: 10_000, ids: 1_000_000 })
const keep = (): Promise<void> => keepFigures(office, () => false, 1)
const played = nothingPlayed()
let seed = SEED
const play = (days: readonly string[], moves: number): Promise<unknown> =>
  playDays(setting, engine, { seed: seed++, days, moves, played })

const ASKED: readonly [string, ReportSelection][] = [
  ...['2026-08-31', '2026-09-15', '2026-09-30', '2026-10-02'].flatMap((asOf): [string, ReportSelection][] => [
    ['liability', { asOf }],
    ['liability', { asOf, ageBy: 'activity' }],
    ['liability', { asOf, ageBy: 'validity' }],
    ['liability', { asOf, stores: ['000000000000002'] }],
    ['breakage', { asOf }],
    ['breakage', { asOf, stores: ['000000000000002'] }],
  ]),
  ['cards', {}],
  ['cards', { issues: ['GIFT50'] }],
  ['settlement', { from: '2026-08-01', to: '2026-10-31' }],
  ['settlement', { from: '2026-08-31', to: '2026-09-30' }],
  ['settlement', { from: '2026-09-01', to: '2026-09-30', stores: ['000000000000001'] }],
  ['roll-forward', { from: '2026-10-01', to: '2026-10-31' }],
  ['roll-forward', { from: '2026-09-30', to: '2026-09-30', stores: ['000000000000002'] }],
  ['cashiers', { from: '2026-08-01', to: '2026-10-31' }],
  ['cashiers', { from: '2026-09-30', to: '2026-09-30' }],
]
const figuresOf = async (): Promise<Pick<Report, 'rows' | 'matrix'>[]> => {
  const all = []
  for (const [name, input] of ASKED) {
    const { rows, matrix = [] } = await ok(runReport(office, ola, name, input))
    all.push({ name, input, rows, matrix })
  }
  return all
}
/** Without anything that is kept. */
async function fromTransactions(): Promise<unknown> {
  const tables = ['spans', 'months', 'day_ends', 'card_counts']
  for (const table of tables) await run(`CREATE TABLE aside_${table} AS SELECT * FROM report_${table}; `.trim().replace(/;$/u, '')) // prettier-ignore
  for (const table of tables) await run(`DELETE FROM report_${table}`)
  const figures = await figuresOf()
  for (const table of tables) {
    await run(`INSERT INTO report_${table} SELECT * FROM aside_${table}`)
    await run(`DROP TABLE aside_${table}`)
  }
  return figures
}
const whole = async (): Promise<string[]> =>
  (await monthEnds(office)).flatMap(({ month, written }) => (written?.state === 'written' && written.transfers === written.transfersNow ? [month] : [])) // prettier-ignore

t.test(`kept figures are those of the transactions, seed ${SEED}`, async (t) => {
  await play(DAYS, 240)
  await fold()
  await keep()
  t.same(await daysToKeep(office), [], 'every day that is over is kept')
  t.same((await whole()).slice(-2), ['2026-08-31', '2026-09-30'], 'and the ends of months')
  t.same(await figuresOf(), await fromTransactions())
  const found = await ok(verifySums(office, ola))
  t.same(found.faults, [])
  t.equal(found.kept.monthEnds, (await whole()).length)
  t.ok(found.kept.days >= 5, `${found.kept.days} days`)
  t.equal(found.kept.cardDays, found.kept.days)
})

t.test(`what comes late onto a day makes its month be made anew, seed ${SEED}`, async (t) => {
  await play(['2026-09-29', '2026-10-02'], 40)
  t.same(await figuresOf(), await fromTransactions(), 'not folded yet')
  await fold()
  t.equal((await whole()).at(-1), '2026-08-31', 'September is not used any more')
  t.ok((await daysToKeep(office)).includes('2026-09-29'))
  t.same(await figuresOf(), await fromTransactions(), 'folded')
  t.same((await ok(verifySums(office, ola))).faults, [], 'out of date is not wrong')
  await keep()
  t.equal((await whole()).at(-1), '2026-09-30')
  t.same(await figuresOf(), await fromTransactions(), 'made anew')
})

t.test(`what cards held is the same with any of the days since a month's end kept, seed ${SEED}`, async (t) => {
  t.same(await cardDaysToKeep(office), [])
  const wanted = await fromTransactions()
  for (const day of ['2026-10-02', '2026-09-29', '2026-08-31']) {
    await run(`DELETE FROM report_day_ends WHERE day >= '${day}'`)
    t.same(await figuresOf(), wanted, `up to ${day}`)
  }
  await run('DELETE FROM report_day_ends')
  const days = await cardDaysToKeep(office)
  t.equal(days[0]?.day.slice(0, 7), '2026-10', 'the latest month first')
  for (const day of days.slice(0, 2)) t.equal(await keepCardDay(office, day), true)
  t.same(await figuresOf(), wanted, 'some of the days')
  await run("UPDATE report_days SET transfers = transfers + 1 WHERE day = '2026-09-29'")
  const late = days.find(({ day }) => day === '2026-09-30')
  t.equal(late !== undefined && (await keepCardDay(office, late)), false, 'not while something comes onto a day before')
  await run("UPDATE report_days SET transfers = transfers - 1 WHERE day = '2026-09-29'")
  await keepCardDays(office)
  t.same(await cardDaysToKeep(office), [])
  t.same(await figuresOf(), wanted)
})

t.test(
  `a month is made in pieces, by whoever comes, and begun anew where something came late meanwhile, seed ${SEED}`,
  async (t) => {
    await run('DELETE FROM report_months')
    const done = []
    for (let piece = 0; piece < 4; piece++) done.push(await writeMonthEnd(office, '2026-08-31'))
    t.same(done, ['more', 'more', 'more', 'more'])
    await run("UPDATE report_days SET transfers = transfers + 1 WHERE day = '2026-08-31'")
    for (let piece = 0; piece < 20 && !done.includes('late'); piece++)
      done.push(await writeMonthEnd(office, '2026-08-31'))
    t.equal(done.at(-1), 'late')
    await run("UPDATE report_days SET transfers = transfers - 1 WHERE day = '2026-08-31'")
    await keep()
    t.equal(await monthEndToWrite(office), null)
    t.same(await figuresOf(), await fromTransactions())
  },
)

t.test(`a month is summed up in lots, each of which goes on from the one before, seed ${SEED}`, async (t) => {
  await run("UPDATE report_months SET state = 'clearing' WHERE month_end >= '2026-08-31'")
  const [lot, pieces] = [7, { '2026-08-31': 0, '2026-09-30': 0 }]
  const summed: number[] = []
  for (const month of ['2026-08-31', '2026-09-30'] as const) {
    for (let done = 'more'; done === 'more'; pieces[month]++) {
      done = await writeMonthEnd(office, month, lot)
      const [rows] = await setting.connection.query(`SELECT summed FROM report_months WHERE month_end = '${month}' AND state = 'summing'`) // prettier-ignore
      summed.push(...(rows as { summed: number }[]).map((row) => Number(row.summed)))
    }
  }
  t.ok(new Set(summed).size >= 4, `stops on the way: ${[...new Set(summed)].join(', ')}`)
  t.equal(await monthEndToWrite(office), null)
  t.same(await figuresOf(), await fromTransactions())
  t.same((await ok(verifySums(office, ola))).faults, [])
})

t.test(`a month is whole whichever version goes on with it between its lots, seed ${SEED}`, async (t) => {
  const month = '2026-08-31'
  const there = async (): Promise<[state: string, transfers: number, now: number]> => {
    const [[row]] = await setting.connection.query<RowDataPacket[]>({
      sql: `SELECT state, transfers, (SELECT SUM(transfers) FROM report_days WHERE day <= month_end) FROM report_months WHERE month_end = '${month}'`,
      rowsAsArray: true,
    })
    const [state, transfers, now] = (row ?? []) as unknown as [string, number, number | string]
    return [state, transfers, Number(now)]
  }
  const until = async (isReached: (state: string, transfers: number) => boolean): Promise<void> => {
    for (let done = 'more'; done === 'more'; done = await writeMonthEnd(office, month, 7)) {
      const [state, transfers] = await there()
      if (isReached(state, transfers)) return
    }
    t.fail('was never between two lots')
  }
  // As the version before summing in lots has it: it knows nothing of `summed`.
  const beginAnew = `INSERT INTO report_months (month_end, state, transfers, carried, added) VALUES ('${month}','clearing',0,0,NULL)
    ON DUPLICATE KEY UPDATE state = 'clearing', transfers = 0, carried = 0, added = NULL`
  await run(`UPDATE report_months SET state = 'clearing' WHERE month_end = '${month}'`)
  await until((state, transfers) => state === 'summing' && transfers < 0)
  const [, transfers, now] = await there()
  t.not(transfers, now, 'the version before finds other transfers than there are, and begins the month anew')
  await run(beginAnew)
  await keep()
  t.same((await ok(verifySums(office, ola))).faults, [], 'from which this version goes on')

  await run(`UPDATE report_months SET state = 'clearing' WHERE month_end = '${month}'`)
  await until((state, transfers) => state === 'summing' && transfers < 0)
  await run(beginAnew)
  await run(`DELETE FROM report_month_sums WHERE month_end = '${month}'`)
  await run(`UPDATE report_months SET state = 'summing', transfers = ${now} WHERE month_end = '${month}'`)
  t.equal(await writeMonthEnd(office, month, 7), 'late', 'that of the version before says nothing about lots')
  await keep()
  t.equal(await monthEndToWrite(office), null)
  t.same((await ok(verifySums(office, ola))).faults, [])
  t.same(await figuresOf(), await fromTransactions())
})

t.test(`what is wrong is named, and made anew, seed ${SEED}`, async (t) => {
  await engine.stop()
  const rows: [string, string, RegExp][] = [
    ['what moved a card on a day', "UPDATE report_card_days SET ledger = ledger + 1 WHERE day = '2026-10-02' LIMIT 1", /^cards of 2026-10-02 card \d+: moved by/],
    ['a card that moved on a day', "DELETE FROM report_card_days WHERE day = '2026-09-30' LIMIT 1", /^cards of 2026-09-30 card \d+: moved by 0,/],
    ['where a card was before a day', "UPDATE report_card_days SET was_sold_in = '9' WHERE day = '2026-10-02' AND was_ledger <> 0 LIMIT 1", /^cards of 2026-10-02 card \d+: came with/],
    ['when a card had moved before a day', "UPDATE report_card_days SET was_moved_on = '2026-01-01' WHERE day = '2026-09-30' AND was_ledger <> 0 LIMIT 1", /^cards of 2026-09-30 card \d+: came with/],
    ['where a card of a day was sold', `UPDATE report_card_days r JOIN report_sales s ON s.card_id = r.card_id AND s.sold_on <= r.day SET r.sold_in = '${'9'.repeat(15)}' WHERE r.day = '2026-10-02'`, /^cards of 2026-10-02 card \d+: sold in 9{15} on/],
    ['a count of cards', "UPDATE report_card_states SET cards = cards + 1 WHERE state = 'sold' AND block = ''", /^cards of issue \d+ sold: \d+ with \d+, the cards are/],
    ['what is to be added to the counts', "INSERT INTO report_card_moves (issue_id, state, block, cards, ledger) SELECT issue_id, 'expired', '', 1, 5 FROM report_card_states LIMIT 1", /^cards of issue \d+ .*the cards are/],
    ['a cell of the matrix', "UPDATE report_matrix SET amount = amount + 1 WHERE span = 'day' AND day = '2026-09-30' LIMIT 1", /^2026-09-30 matrix .*the transactions give/],
    ['a cell of a day and of its month', "UPDATE report_matrix m JOIN (SELECT issue_id, origin, spent_in, currency FROM report_matrix WHERE span = 'day' AND day = '2026-09-30' LIMIT 1) c USING (issue_id, origin, spent_in, currency) SET m.amount = m.amount + 1 WHERE m.day = '2026-09-30'", /^2026-09-30 matrix .*the transactions give/],
    ['a cohort', "DELETE FROM report_cohorts WHERE span = 'day' AND day = '2026-10-02' LIMIT 1", /^2026-10-02 cohort .*: nothing/],
    ['a month', "UPDATE report_cohorts SET amount = amount + 1 WHERE span = 'month' AND day = '2026-09-30' LIMIT 1", /^2026-09-30 report_cohorts: the month is not the sum/],
    ['a balance of a month', "UPDATE report_month_balances SET gross = gross + 1 WHERE day = '2026-09-30' LIMIT 1", /^2026-09-30 report_month_balances: the month is not the sum/],
    ['a card', "UPDATE report_month_cards SET ledger = ledger + 1 WHERE month_end = '2026-08-31' LIMIT 1", /^month end 2026-08-31 card \d+: \d+ moved on \S+, the transactions give/],
    ['a day of activity', "UPDATE report_month_cards SET moved_on = '2026-08-01' WHERE month_end = '2026-09-30' LIMIT 1", /^month end 2026-09-30 card .* moved on 2026-08-01/],
    ['where a card was sold', `UPDATE report_month_cards m JOIN report_sales s ON s.card_id = m.card_id AND s.sold_on <= '2026-08-31' SET m.sold_in = '${'9'.repeat(15)}' WHERE m.month_end = '2026-08-31'`, /^month end 2026-08-31 card \d+: sold in 9{15} on \S+, the transactions give 0\d+ on/],
    ['when a card was sold', "UPDATE report_month_cards m JOIN report_sales s ON s.card_id = m.card_id AND s.sold_on <= '2026-09-30' SET m.sold_on = '2020-02-02' WHERE m.month_end = '2026-09-30'", /^month end 2026-09-30 card \d+: sold in \S+ on 2020-02-02, the transactions give/],
    ['a sum', "UPDATE report_month_sums SET cards = cards + 1 WHERE month_end = '2026-09-30' AND age_by = 'sale' LIMIT 1", /^month end 2026-09-30 by sale/],
  ] // prettier-ignore
  for (const [title, breaks, wanted] of rows) {
    await run(breaks)
    const found = await ok(verifySums(office, ola))
    t.match(found.faults[0], wanted, title)
    const { faults, mended } = await ok(verifyAndMend(office, ola))
    t.same(faults, [], `${title}: nothing is wrong afterwards`)
    t.ok(mended.length > 0, `${title}: told what was made anew`)
  }
  t.same(await figuresOf(), await fromTransactions())
})

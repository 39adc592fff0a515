import t from 'tap'
import { DEMO_MASTER, deriveCardKeys } from '../../../src/cards/keys.ts'
import { cardNumber } from '../../../src/cards/number.ts'
import { currencyOf } from '../../../src/core/currency.ts'
import { dateIn } from '../../../src/office/clock.ts'
import { dayStart } from '../../../src/office/day-bounds.ts'
import { listFindings } from '../../../src/office/welfare/batches.ts'
import { completeBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { addEmployee, employeeLeaves } from '../../../src/office/welfare/employees.ts'
import { makeEmployer, PLN } from '../../../src/office/welfare/employers.ts'
import { FINDING_CODES, findingText, remedyText } from '../../../src/office/welfare/findings.ts'
import { importEmployees } from '../../../src/office/welfare/import-employees.ts'
import type { ListColumn } from '../../../src/office/welfare/list-columns.ts'
import { type Cell, NO_CELL } from '../../../src/office/welfare/list-file.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { parseRow } from '../../../src/office/welfare/parse-row.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { ok } from '../test-office.ts'
import { csv, employer, JAN, OLA, welfareSetting } from './welfare-setting.ts'

/* Each possible finding in a list, once: its row, its column, its text in both languages and its remedy. */

const world = await welfareSetting(t)
const { office } = world
const EUR = 978
const seen = new Set<string>()

await world.rows("INSERT INTO counterparties (code, name, state) VALUES ('OTHER', 'Other', 'open'), ('EURO', 'Euro', 'open')") // prettier-ignore
await ok(makeEmployer(office, OLA, employer('OTHER')))
await ok(makeEmployer(office, OLA, { ...employer('EURO'), currency: EUR }))
const cards = await world.employees(30)
const [unsold, fresh] = await world.unsoldCards(2)
const [nobodys, others] = await world.soldCards(2)
const people = (code: string, ...lines: readonly string[]) =>
  importEmployees(office, OLA, { employer: code, file: csv('people.csv', 'employee,name,card', ...lines) })
const card = (number: number) => cards[number - 1] ?? { id: 0, number: '', numberHash: '' }
const set = (number: number, sql: string) => world.rows(`UPDATE cards SET ${sql} WHERE id = ?`, [card(number).id])
const NOWHERE = cardNumber({ prefix: '629910', length: 16, body: 9_999_999 })

const HEAD = 'employee,name,card,amount,fund,already_used,note,sell'

/** Loads these rows for ACME and returns what was found in each, as `column code`. */
async function foundIn(code: string, ...lines: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { id } = await ok(loadList(office, OLA, { employer: code, file: csv('list.csv', HEAD, ...lines) }))
  return foundInBatch(id, lines.length)
}

async function foundInBatch(id: number, rows: number): Promise<readonly (readonly string[])[]> {
  const found = await ok(listFindings(office, OLA, { id }))
  for (const finding of found) {
    seen.add(finding.code)
    for (const language of ['en', 'pl'] as const) {
      const text = `${findingText(finding, language)} ${remedyText(finding, language)}`
      if (/[{}]|undefined|\[object/u.test(text)) throw new Error(`${finding.code} says: ${text}`)
    }
  }
  return Array.from({ length: rows + 1 }, (_, i) =>
    found.filter(({ line }) => line === (i === 0 ? 0 : i + 1)).map(({ field, code }) => `${field} ${code}`),
  )
}

t.test('each mistake of a list is found in its row and column, and nothing else there', async (t) => {
  await world.booked(csv('before.csv', HEAD, '1,,,70,,,,'))
  await ok(employeeLeaves(office, OLA, { employer: 'ACME', number: '2' }))
  await ok(addEmployee(office, OLA, { employer: 'ACME', number: '31', name: 'Without a card', email: null, card: null })) // prettier-ignore
  await ok(people('ACME', `32,New card,${unsold?.number ?? ''}`))
  await ok(people('OTHER', `1,Somebody else,${others?.number ?? ''}`))
  await set(4, "block = 'lost'")
  await set(5, "valid_until = '2020-01-01'")
  await set(6, 'ledger = 99999999999, available = 99999999999')
  const [packed] = await world.packedCards(1)
  if (fresh === undefined) return
  t.equal(await world.replace(card(8), fresh), 'approved')

  const table: readonly (readonly [row: string, ...found: readonly string[]])[] = [
    ['1,,,70,,,,', 'amount double_in_batch'],
    ['2,,,71,,,,', 'employee employee_left'],
    ['3,Somebody,,72,,,,', 'name name_differs'],
    ['4,,,73,,,,', 'card card_blocked'],
    ['5,,,74,,,,', 'card card_expired'],
    ['6,,,75,,,,', 'amount card_over_maximum'],
    ['8,,,77,,,,', 'card card_replaced'],
    [',,,78,,,,', 'employee employee_missing'],
    ['99,,,79,,,,', 'employee employee_unknown'],
    ['10,,,,,,,', 'amount amount_missing'],
    ['11,,,ten,,,,', 'amount amount_not_a_number'],
    ['12,,,1.500,,,,', 'amount amount_ambiguous'],
    ['13,,,-5,,,,', 'amount amount_negative'],
    ['14,,,1.2345,,,,', 'amount amount_decimals'],
    ['15,,,9999999999999,,,,', 'amount amount_too_large'],
    ['16,,,0,,,,', 'amount amount_zero'],
    ['17,,,80,,much,,', 'already_used already_used_wrong'],
    ['18,,,81,,950,,', 'amount over_yearly_limit'],
    ['31,,,82,,,,', 'card card_missing'],
    ['19,,123,83,,,,', 'card card_wrong'],
    [`20,,${NOWHERE},84,,,,`, 'card card_unknown'],
    [`21,,${nobodys?.number ?? ''},85,,,,`, 'card card_linked_to_nobody'],
    [`22,,${card(23).number},86,,,,`, 'card card_of_another_employee'],
    [`24,,${others?.number ?? ''},87,,,,`, 'card card_of_another_counterparty'],
    ['32,,,88,,,,', 'card card_not_sold'],
    [`25,,${nobodys?.number ?? ''},89,,,,yes`, 'card card_not_for_sale'],
    ['26,,,90,,,,yes', 'sell card_sold'],
    ['27,,,91,,,,perhaps', 'sell sell_wrong'],
    [`28,,,92,,,${'x'.repeat(201)},`, 'note text_too_long'],
    ['12,,,95 €,more,,,', 'amount amount_of_another_currency'],
    ['29,,,93,,,,'],
    ['29,,,94,,,,', 'employee double_in_list'],
    [`27,,${packed?.number ?? ''},96,new,,,yes`],
    [`28,,${packed?.number ?? ''},97,new,,,yes`, 'card card_twice_in_list'],
    ['11,,,98,new,,,,more', 'row surplus_cell'],
  ]
  const found = await foundIn('ACME', ...table.map(([row]) => row))
  t.same(found[0], [], 'nothing about the list as a whole')
  for (const [i, [row, ...wanted]] of table.entries()) t.same(found[i + 1], wanted, row)
})

t.test('a finding says what stands in the cell, and never the whole number of a card', async (t) => {
  const rows = ['77,,,10,,,,', `1,Another,${nobodys?.number ?? ''},eleven,,much,,perhaps`]
  const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('values.csv', HEAD, ...rows) }))
  const found = await ok(listFindings(office, OLA, { id }))
  t.same(Object.fromEntries(found.map(({ line, field, value }) => [`${line} ${field}`, value])), {
    '2 employee': '77',
    '3 amount': 'eleven',
    '3 already_used': 'much',
    '3 sell': 'perhaps',
    '3 name': 'Another',
    '3 card': nobodys?.number.replace(/^(.{6}).*(.{4})$/u, '$1******$2'),
  })
})

t.test(
  'columns that were swapped: text of any alphabet under card, and no number of a card is kept whole',
  async (t) => {
    const rows = [`${card(9).number},,Żaneta Łoś,10,,,,`, `9,${card(9).number},,11,,,${card(9).number},`]
    const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('swapped.csv', HEAD, ...rows) }))
    t.same(await foundInBatch(id, 2), [[], ['card card_wrong', 'employee employee_unknown'], ['name name_differs']])
    const kept = await world.rows('SELECT * FROM welfare_rows WHERE batch_id = ?', [id])
    t.match(kept[0], { card_shown: 'Zaneta Los', number: /^629910\*{6}\d{4}$/ })
    const found = await ok(listFindings(office, OLA, { id }))
    t.match(found[0], { code: 'card_wrong', value: 'Żaneta Łoś' })
    t.notMatch(JSON.stringify([kept, found]), new RegExp(card(9).number, 'u'))
    const swapped = (line: string) =>
      importEmployees(office, OLA, { employer: 'ACME', file: csv('people.csv', 'employee,name', line) })
    for (const line of [`${card(9).number},Somebody`, `77,${card(9).number}`])
      t.match(await swapped(line), { refused: 'employees_wrong', faults: [{ line: 2, text: /number of a card/ }] })
    const listed = importEmployees(office, OLA, {
      employer: 'ACME',
      file: csv('people.csv', 'employee,name,card', '77,Person,12'),
    })
    t.match(await listed, { faults: [{ text: /^the card: a card number/, pl: /^karta: numer karty/ }] })
    const typed = { employer: 'ACME', number: '77', name: card(9).number, email: null, card: null }
    t.match(await addEmployee(office, OLA, { ...typed, number: ' 9 ', name: ' Nine ' }), { refused: 'employee_there' })
    for (const wrong of [{ number: ' ' }, { name: '\t' }, { name: 'Two\nlines' }, { number: 'x'.repeat(41) }])
      t.match(await addEmployee(office, OLA, { ...typed, name: 'Nine', ...wrong }), { refused: 'employee_incomplete' })
    t.match(await addEmployee(office, OLA, typed), { refused: 'card_in_wrong_column' })
  },
)

t.test('one fund in several spellings has one limit, for each employee alone', async (t) => {
  await world.booked(csv('funds.csv', HEAD, '23,,,600,ZFŚS,,,', '24,,,301,zfss,,,'))
  t.same(await foundIn('ACME', '23,,,401,zfśs,,,', '24,,,699,ZFŚS,,,', '26,,,1,ZFSS,,,'), [
    [],
    ['amount over_yearly_limit'],
    [],
    [],
  ])
  t.same(await foundIn('ACME', '23,,,400,ZFSS,,,', '24,,,700,  ZFŚS ,,,'), [[], [], ['amount over_yearly_limit']])
  const spelled = ['26,,,2,social  fund,,,', '26,,,3,Social fund,,,'] as const
  t.same(await foundIn('ACME', ...spelled), [[], [], ['employee double_in_list']])
})

t.test('what was proposed last year and is not booked yet counts this year', async (t) => {
  const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('late.csv', HEAD, '25,,,700,late,,,') }))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  await world.rows("UPDATE welfare_batches SET proposed_at = '2025-12-31 22:59:59.999' WHERE id = ?", [id])
  const again = ['25,,,700,LATE,,,', '26,,,9,late,,,'] as const
  t.same(await foundIn('ACME', ...again), [[], ['amount double_in_batch', 'amount over_yearly_limit'], []])
  await ok(decideBatch(office, JAN, { id, approve: false, reason: 'test' }))
  t.same(await foundIn('ACME', '25,,,700,LATE,,,', '26,,,10,late,,,'), [[], [], []])
})

t.test('an equal load counts for 30 days, and what the year has had until its end', async (t) => {
  const batch = await world.booked(csv('aged.csv', HEAD, '9,,,400,aged,,,'))
  const bookedAt = (at: number) =>
    world.rows('UPDATE welfare_batches SET booked_at = ? WHERE id = ?', [new Date(at), batch])
  let lists = 0
  // The second row makes it another list.
  const again = async (amount: number) =>
    (await foundIn('ACME', `9,,,${amount},AGED,,,`, `28,,,${++lists},other,,,`))[1]
  const since = Date.now() - 30 * 86_400_000
  await bookedAt(since + 60_000)
  t.same(await again(400), ['amount double_in_batch'])
  await bookedAt(since - 60_000)
  t.same(await again(400), [])
  const begins = dayStart(`${dateIn(office.timeZone, Date.now()).slice(0, 4)}-01-01`, office.timeZone)
  await bookedAt(begins)
  t.same(await again(601), ['amount over_yearly_limit'], 'from the first moment of the year')
  t.same(await again(600), [], 'up to the limit')
  await bookedAt(begins - 1)
  t.same(await again(601), [], 'the year before has a limit of its own')
})

t.test('amounts that are all equal, and a card of another currency', async (t) => {
  t.same(await foundIn('ACME', '29,,,55,,,,', '30,,,55,,,,'), [['amount all_amounts_equal'], [], []])
  const [euros] = await world.soldCards(1)
  await ok(people('EURO', `1,Person,${euros?.number ?? ''}`))
  t.same(await foundIn('EURO', '1,,,55,,,,'), [[], ['card card_of_another_currency']])
})

t.test('a card that is replaced after the proposal stops the approval', async (t) => {
  const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('list.csv', HEAD, '30,,,56,,,,') }))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  const [successor] = await world.unsoldCards(1)
  if (successor === undefined) return
  t.equal(await world.replace(card(30), successor), 'approved')
  t.match(await decideBatch(office, JAN, { id, approve: true, reason: '' }), { refused: 'batch_has_stops' })
  t.same(await foundInBatch(id, 1), [[], ['card card_replaced_since']])
})

t.test('a card that refuses while the batch is booked is named too, and why', async (t) => {
  const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('list.csv', HEAD, '7,,,57,,,,') }))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  await set(7, "block = 'stolen'")
  t.match(await ok(completeBatch(office, id)), { state: 'failed' })
  t.same(await foundInBatch(id, 1), [[], ['card card_declined']])
})

t.test('cells of a workbook that are no text: formulas, errors, dates, numbers that lost digits', (t) => {
  const setting = { keys: deriveCardKeys(DEMO_MASTER), decimal: null, currency: currencyOf(PLN), prefixes: ['629910'] }
  const cell = (kind: Cell['kind'], text: string, number: number | null = null): Cell => ({ kind, text, number })
  const table: readonly (readonly [cells: Partial<Record<ListColumn, Cell>>, found: string])[] = [
    [{ amount: cell('formula', '99', 99) }, 'amount formula'],
    [{ amount: cell('error', '#REF!') }, 'amount cell_error'],
    [{ amount: cell('date', '2025-12-01', 45_992) }, 'amount amount_is_a_date'],
    [{ amount: cell('number', '5', 5), card: cell('number', '6.29913E+18', 6.29913e18) }, 'card card_lost_digits'],
  ]
  for (const [cells, wanted] of table) {
    const all: Partial<Record<ListColumn, Cell>> = { employee: cell('text', '1'), ...cells }
    const { faults } = parseRow({ line: 2, cell: (column) => all[column] ?? NO_CELL, surplus: null }, setting)
    for (const { code } of faults) seen.add(code)
    t.same(
      faults.map(({ field, code }) => `${field} ${code}`),
      [wanted],
    )
  }
  t.end()
})

t.test('every finding is covered by these tests', (t) => {
  t.same(
    FINDING_CODES.filter((code) => !seen.has(code)),
    [],
  )
  t.end()
})

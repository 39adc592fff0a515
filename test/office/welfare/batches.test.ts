import t from 'tap'
import { dateIn } from '../../../src/office/clock.ts'
import { dayWords } from '../../../src/office/day-words.ts'
import { isRefused, refusalText } from '../../../src/office/refusal.ts'
import { listFindings, showBatch } from '../../../src/office/welfare/batches.ts'
import { resultFile, rowsFile, wrongRowsFile } from '../../../src/office/welfare/batch-files.ts'
import { checkApart } from '../../../src/office/welfare/apart.ts'
import { completeBatch } from '../../../src/office/welfare/booking.ts'
import { correctRows } from '../../../src/office/welfare/correct.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { linkCard } from '../../../src/office/welfare/employees.ts'
import { linkChanges, linkChangesFile } from '../../../src/office/welfare/link-changes.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { makeEmployer } from '../../../src/office/welfare/employers.ts'
import { proposeBatch, withdrawBatch } from '../../../src/office/welfare/propose.ts'
import { listDigest } from '../../../src/office/welfare/row-digest.ts'
import { clustered } from '../../db/clustered.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ok } from '../test-office.ts'
import { csv, employer, JAN, OLA, welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
const { office } = world
await everyChangeIsAudited(t, world.setting.access, world.setting.connection)

/** Of lists of numbers and amounts: as they are known now, and as they were known by the versions before. */
function digestsOf(rows: readonly (readonly [number: string, amount: number])[]): readonly string[] {
  const digest = listDigest()
  for (const [number, amount] of rows)
    digest.add({ number, amount, amountShown: '', fund: '', alreadyUsed: 0, sell: false, cardShown: '' })
  return digest.any()
}

const load = (...lines: readonly string[]) =>
  loadList(office, OLA, { employer: 'ACME', file: csv('list.csv', ...lines) })

/** `row field code` of what was found. */
const found = async (id: number): Promise<string[]> =>
  (await ok(listFindings(office, OLA, { id }))).map(({ line, field, code }) => `${line} ${field} ${code}`)

t.test('from a list to money on cards, by two people, and never twice', async (t) => {
  const cards = await world.employees(3)
  const lines = ['employee;name;kwota', '1;Person 1;100,50', '2;person 2;200', '3;Person 3;1 000,00']
  const batch = await ok(load(...lines))
  t.match(batch, { state: 'checked', rows: 3, amount: 130_050, stops: 0 })
  t.same(JSON.parse(batch.readAs), { format: 'csv', separator: ';', encoding: 'utf-8', decimal: ',', sheet: null })
  t.same(await found(batch.id), [])

  t.match(await load(...lines), { refused: 'list_loaded_before', details: { batch: batch.id, who: 'ola' } })
  const xlsxOfTheSame = await loadList(office, OLA, {
    employer: 'ACME',
    file: csv('again.csv', 'kwota;employee', '100,50;1', '200,00;2', '1000;3'),
  })
  t.match(xlsxOfTheSame, { refused: 'list_loaded_before' }, 'whatever the file around it looks like')
  const otherOrder = ['employee;kwota', '3;1 000,00', '1;100,50', '2;200']
  t.match(await load(...otherOrder), { refused: 'list_loaded_before' }, 'and in whatever order its rows are')
  const [ids] = await world.rows("SELECT next_id FROM id_blocks WHERE name = 'welfare'")
  t.equal(Number(ids?.['next_id']), batch.id + 1, 'and nothing of it is checked')

  const { id } = batch
  await t.rejects(ok(decideBatch(office, JAN, { id, approve: true, reason: '' })), /is checked; it must be proposed/)
  await ok(proposeBatch(office, OLA, { id, reason: 'Christmas', accept: [] }))
  await t.rejects(ok(decideBatch(office, OLA, { id, approve: true, reason: '' })), /second person/)
  t.match(await linkChanges(office, id, 2), { changes: [{ name: 'Person 1' }, { name: 'Person 2' }], all: 3 })
  const changed = await ok(linkChangesFile(office, JAN, { id, format: 'csv' }))
  t.match(
    changed.content.toString(),
    /^.employee,name,card before,card now,by\r\n1,Person 1,,629910\*{6}\d{4},ola\r\n2,/u,
  )
  t.same(await world.balances(cards), [10_000, 10_000, 10_000])
  await ok(decideBatch(office, JAN, { id, approve: true, reason: 'yes' }))
  t.match(await ok(completeBatch(office, id)), { state: 'booked' })
  t.same(await world.balances(cards), [20_050, 30_000, 110_000])
  t.match(await load(...lines), {
    refused: 'list_loaded_before',
    details: { state: { en: 'booked', pl: 'zaksięgowana' } },
  })
  const [first] = cards
  t.equal(first === undefined ? '' : await world.pay(first, 20_050), 'approved')
  t.same(await world.verified(), [])

  const result = await ok(resultFile(office, OLA, { id, format: 'csv' }))
  const text = result.content.toString()
  t.match(
    text,
    /row,employee,name,card,amount,fund,balance,reference\r\n2,1,Person 1,629910\*{6}\d{4},100\.50,,0\.00,\d+\r\n/,
  )
})

t.test(
  'what a check writes is committed alone, as a cluster wants it, and nothing is open while a file is read',
  async (t) => {
    const sent: string[] = []
    const { use } = office.db
    const watched: typeof use = (work) =>
      use((connection) =>
        work({
          ...connection,
          async send(sql) {
            const packet = /BEGIN|COMMIT/u.exec(sql) === null ? 'row' : sql
            if (/^(?:BEGIN|COMMIT)|COMMIT$|INTO welfare_rows/u.test(sql)) sent.push(packet)
            return connection.send(sql)
          },
        }),
      )
    const lines = Array.from({ length: 1_100 }, (_, i) => `nobody-${i},7`)
    const file = csv('commits.csv', 'employee,amount', ...lines)
    const { rows } = await ok(
      loadList({ ...office, db: { ...office.db, use: watched } }, OLA, { employer: 'ACME', file }),
    )
    t.equal(rows, lines.length)
    const transactions = sent.join(' ').split('BEGIN ').slice(1)
    t.same(
      transactions.map((one) => one.replaceAll(/(?:row )+/gu, 'rows ').trim()),
      ['rows COMMIT', 'rows COMMIT'],
      'a thousand rows, then the rest',
    )
  },
)

t.test('a long list is checked in a thread of its own, with the same result', async (t) => {
  await world.employees(2, 31)
  const rows: number[] = []
  const batches: number[] = []
  const progress = { rows: (count: number) => void rows.push(count), batch: (id: number) => void batches.push(id) }
  const always = { rows: 0, bytes: 0 }
  const file = csv('long.csv', 'employee,amount', '31,7', '32,eight')
  const { id, stops } = await ok(checkApart(office, OLA, 'load', { employer: 'ACME', file }, progress, always))
  t.same([stops, rows, batches], [1, [2], [id]])
  t.same(await found(id), ['3 amount amount_not_a_number'])
  const corrected = csv('long.csv', 'row,employee,amount', '3,32,8')
  t.match(await checkApart(office, OLA, 'correct', { id, file: corrected }, progress, always), { stops: 0 })
  const proposal = { id, reason: 'test', accept: [] }
  t.match(await checkApart(office, OLA, 'propose', proposal, progress, always), { state: 'proposed' })
  const decision = { id, approve: true, reason: 'test' }
  t.match(await checkApart(office, OLA, 'decide', decision, progress, always), { refused: 'own_request' })
  t.match(await checkApart(office, JAN, 'decide', decision, progress, always), { state: 'approved' })
  t.equal((await ok(completeBatch(office, id))).state, 'booked')
  const lists = [3, 4, 5].map((amount) => csv('at-once.csv', 'employee,amount', `31,${amount}`))
  const atOnce = lists.map((list) =>
    checkApart(office, OLA, 'load', { employer: 'ACME', file: list }, progress, always),
  )
  t.match(await Promise.all(atOnce), [{ amount: 300 }, { amount: 400 }, { amount: 500 }], 'three at once')
  const inCluster = { ...office, db: { ...office.db, access: clustered(office.db.access) } }
  const again = csv('cluster.csv', 'employee,amount', '31,6')
  t.match(await checkApart(inCluster, OLA, 'load', { employer: 'ACME', file: again }, progress, always), {
    amount: 600,
  })
})

t.test('every mistake is named by row, column and remedy, and only its rows are loaded again', async (t) => {
  const cards = await world.employees(4, 11)
  const [stranger] = await world.soldCards(1)
  const wrong = [
    'employee,name,card,amount,fund,already_used',
    '11,Person 11,,ten,,',
    `12,Somebody Else,${cards[0]?.number ?? ''},50,,`,
    `13,,${stranger?.number ?? ''},0,,`,
    '14,,,600,,500',
    '14,,,1.500,,',
    '99,,,50,,',
  ]
  const batch = await ok(load(...wrong))
  const { id } = batch
  t.same(await found(id), [
    '2 amount amount_not_a_number',
    '3 name name_differs',
    '3 card card_of_another_employee',
    '4 card card_linked_to_nobody',
    '4 amount amount_zero',
    '5 amount over_yearly_limit',
    '6 amount amount_ambiguous',
    '6 employee double_in_list',
    '7 employee employee_unknown',
  ])
  t.equal(batch.stops, 6)
  t.match(await proposeBatch(office, OLA, { id, reason: '', accept: [] }), { refused: 'batch_has_stops' })
  const file = await ok(wrongRowsFile(office, OLA, { id, format: 'csv' }))
  const [head, ...rows] = file.content.toString().replace('\uFEFF', '').trim().split('\r\n')
  t.equal(head, 'row,employee,name,card,amount,fund,already_used,note,sell,finding,remedy')
  t.equal(rows.length, 6)
  t.match(rows[0], /^2,11,Person 11,,ten,,,,,This is not an amount\.,Write an amount such as 250\.00\.$/)

  const corrected = await ok(
    correctRows(office, OLA, {
      id,
      file: csv(
        'corrected.csv',
        'row,employee,amount,fund',
        '2,11,10,',
        '3,12,50,',
        '4,13,20,',
        '5,14,400,',
        '6,14,500,holidays',
        '7,11,30,sport',
      ),
    }),
  )
  t.match(corrected, { state: 'checked', stops: 0, amount: 101_000 })
  t.same(await found(id), [])
  await ok(proposeBatch(office, OLA, { id, reason: 'corrected', accept: [] }))
  await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  await ok(completeBatch(office, id))
  t.same(await world.balances(cards), [14_000, 15_000, 12_000, 100_000])
  const asCorrected = [
    'employee,amount,fund',
    '11,10,',
    '12,50,',
    '13,20,',
    '14,400,',
    '14,500,holidays',
    '11,30,sport',
  ]
  for (const lines of [wrong, asCorrected])
    t.match(await load(...lines), { refused: 'list_loaded_before', details: { batch: id } }, lines[1] ?? '')

  const again = await ok(load('employee,amount', '11,10', '14,601'))
  t.same(await found(again.id), ['2 amount double_in_batch', '3 amount over_yearly_limit'])
  t.match(await showBatch(office, OLA, again.id), { found: [{ weight: 'warning' }, { weight: 'stop' }] })
})

t.test('warnings are accepted by name, and a card that is blocked meanwhile stops the approval', async (t) => {
  const [one, two] = await world.employees(2, 21)
  const { id } = await ok(load('employee,amount', '21,70', '22,70'))
  t.match(await proposeBatch(office, OLA, { id, reason: 'equal', accept: [] }), {
    refused: 'warnings_not_accepted',
    details: { codes: { en: 'all amounts are equal (all_amounts_equal)', pl: 'wszystkie kwoty są równe' } },
  })
  await ok(proposeBatch(office, OLA, { id, reason: 'equal', accept: ['all_amounts_equal'] }))
  await world.rows("UPDATE cards SET block = 'lost' WHERE id = ?", [one?.id])
  t.match(await decideBatch(office, JAN, { id, approve: true, reason: '' }), { refused: 'batch_has_stops' })
  t.same(await found(id), ['0 amount all_amounts_equal', '2 card card_blocked'])
  await world.rows('UPDATE cards SET block = NULL WHERE id = ?', [one?.id])
  await ok(proposeBatch(office, OLA, { id, reason: 'again', accept: ['all_amounts_equal'] }))
  // The card that was proposed stays, so that nobody slips another one in; a link that changed stops it.
  await ok(linkCard(office, OLA, { employer: 'ACME', number: '22', card: null }))
  t.match(await decideBatch(office, JAN, { id, approve: true, reason: '' }), { refused: 'batch_has_stops' })
  await ok(linkCard(office, OLA, { employer: 'ACME', number: '22', card: two?.number ?? '' }))
  await ok(proposeBatch(office, OLA, { id, reason: 'again', accept: ['all_amounts_equal'] }))
  const approved = await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  t.equal(approved.state, 'approved')
  // Blocked after the approval: the batch fails, and nothing of it is left.
  await world.rows("UPDATE cards SET block = 'lost' WHERE id = ?", [two?.id])
  t.match(await ok(completeBatch(office, id)), { state: 'failed' })
  t.same(await world.balances([one, two].flatMap((card) => card ?? [])), [10_000, 10_000])
  t.same(await world.verified(), [])
  t.notOk(isRefused(await load('employee,amount', '21,70', '22,70')), 'what failed can be loaded again')
})

t.test('whoever approves sees the cards that changed since each employee’s last load, and no other ones', async (t) => {
  await world.employees(3, 51)
  const amounts = (least: number) => [51, 52, 53].map((number, i) => `${number},${least + i}`)
  await world.booked(csv('before.csv', 'employee,amount', ...amounts(31)))
  const [another] = await world.soldCards(1)
  const shown = (number: string | undefined): string => `${number?.slice(0, 6)}******${number?.slice(-4)}`
  await ok(linkCard(office, JAN, { employer: 'ACME', number: '52', card: another?.number ?? '' }))
  const { id } = await ok(load('employee,amount', ...amounts(41)))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  const { changes, all } = await linkChanges(office, id, 10)
  t.equal(all, 1)
  t.match(changes, [{ number: '52', name: 'Person 52', after: shown(another?.number), who: 'jan' }])
  t.notSame(changes[0]?.before, changes[0]?.after)
  await ok(decideBatch(office, JAN, { id, approve: false, reason: 'test' }))
  t.equal((await linkChanges(office, id, 10)).all, 1, 'a batch that was refused has loaded nobody')
})

t.test(
  'a card that changes after the approval, and a load of zero, leave nothing out for the next approver',
  async (t) => {
    await world.employees(2, 55)
    const [first, second] = await world.soldCards(2)
    await world.booked(csv('before.csv', 'employee,amount', '55,61'))
    const shown = (number: string | undefined): string => `${number?.slice(0, 6)}******${number?.slice(-4)}`
    const link = (number: string | undefined) =>
      ok(linkCard(office, JAN, { employer: 'ACME', number: '55', card: number ?? '' }))
    const { id } = await ok(load('employee,amount', '55,62'))
    await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
    await ok(decideBatch(office, JAN, { id, approve: true, reason: 'test' }))
    await link(first?.number)
    t.equal((await ok(completeBatch(office, id))).state, 'booked', 'on the card that was approved')
    const next = async (amount: number) => {
      const one = await ok(load('employee,amount', `55,${amount}`))
      return (await linkChanges(office, one.id, 10)).changes.map(({ after }) => after)
    }
    t.same(await next(63), [shown(first?.number)])
    await world.booked(csv('after.csv', 'employee,amount', '55,64'))
    t.same(await next(65), [])
    await link(second?.number)
    await world.booked(csv('zero.csv', 'employee,amount', '55,0', '56,66'), ['amount_zero'])
    t.same(await next(67), [shown(second?.number)], 'a zero was no load')
  },
)

t.test('a batch of a company that was closed meanwhile can be refused, and not approved', async (t) => {
  await world.employees(1, 57)
  const { id } = await ok(load('employee,amount', '57,71'))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  const set = (state: string) => world.rows('UPDATE counterparties SET state = ? WHERE code = ?', [state, 'ACME'])
  await set('closed')
  t.match(await load('employee,amount', '57,72'), { refused: 'no_open_counterparty' })
  t.match(await decideBatch(office, JAN, { id, approve: true, reason: 'x' }), { refused: 'no_open_counterparty' })
  t.match(await decideBatch(office, JAN, { id, approve: false, reason: 'x' }), { state: 'refused' })
  await set('open')
})

t.test('a list that was loaded by a version of before is known, by the digest that it had then', async (t) => {
  await world.employees(2, 81)
  const { id } = await ok(load('employee,amount', '81,81', '82,82'))
  const [, inOrder = ''] = digestsOf([
    ['81', 81_00],
    ['82', 82_00],
  ])
  const before = Buffer.from(inOrder, 'hex')
  await world.rows('UPDATE welfare_batches SET sha256 = ?, first_sha256 = ? WHERE id = ?', [before, before, id])
  t.match(await load('employee,amount', '81,81', '82,82'), { refused: 'list_loaded_before', details: { batch: id } })
})

t.test('clerks with the same file at once: one batch, and the others are told which', async (t) => {
  await world.employees(2, 58)
  const all = await Promise.all([1, 2, 3].map(() => load('employee,amount', '58,73', '59,74')))
  const [made] = all.flatMap((one) => (isRefused(one) ? [] : [one]))
  const refusals = all.filter(isRefused)
  t.equal(refusals.length, 2)
  const day = dayWords(dateIn(office.timeZone, made?.preparedAt ?? 0))
  for (const one of refusals) {
    t.match(one, { refused: 'list_loaded_before', details: { batch: made?.id } })
    t.match(refusalText(one, 'en'), `loaded on ${day.en}; it is checked.`, 'the day as a page writes it')
    t.match(refusalText(one, 'pl'), `dnia ${day.pl}; jest sprawdzona.`)
  }
})

t.test('the result shows the balance of the card that stands there now, however often it was replaced', async (t) => {
  const [card] = await world.employees(1, 63)
  const [one, two] = await world.unsoldCards(2)
  const batch = await world.booked(csv('result.csv', 'employee,amount', '63,33'))
  if (card === undefined || one === undefined || two === undefined) return
  t.equal(await world.replace(card, one), 'approved')
  t.equal(await world.replace(one, two), 'approved')
  const { content } = await ok(resultFile(office, OLA, { id: batch, format: 'csv' }))
  t.match(content.toString(), /\r\n2,63,Person 63,629910\*{6}\d{4},33\.00,,133\.00,\d+\r\n$/u)
})

t.test('a card that is linked to somebody else after the approval is not sold; a row keeps its warnings', async (t) => {
  await world.employees(2, 65)
  const [fresh] = await world.packedCards(1)
  await world.booked(csv('same.csv', 'employee,amount', '65,34'))
  const list = ['employee,card,amount,sell', `66,${fresh?.number ?? ''},35,yes`, '65,,34,'] as const
  const failed = async (wanted: readonly string[], spoil: () => Promise<unknown>): Promise<void> => {
    const { id } = await ok(load(...list))
    await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: ['double_in_batch'] }))
    await ok(decideBatch(office, JAN, { id, approve: true, reason: 'test' }))
    await spoil()
    t.equal((await ok(completeBatch(office, id))).state, 'failed')
    t.same(await found(id), wanted)
  }
  const [before] = await world.rows("SELECT card_id FROM employees WHERE number = '65'")
  await failed(['2 card card_of_another_employee', '3 amount double_in_batch'], () =>
    ok(linkCard(office, OLA, { employer: 'ACME', number: '65', card: fresh?.number ?? '' })),
  )
  await world.rows("UPDATE employees SET card_id = ? WHERE number = '65'", [before?.['card_id']])
  await failed(['3 amount double_in_batch', '3 card card_declined'], () =>
    world.rows("UPDATE cards SET block = 'lost' WHERE id = ?", [before?.['card_id']]),
  )
  t.same(await world.balances(fresh === undefined ? [] : [fresh]), [0])
  t.same(await world.verified(), [])
})

t.test('a row of which the corrected file has the number alone is taken out', async (t) => {
  await world.employees(2, 85)
  const { id } = await ok(load('employee,amount', '85,36', '85,37', 'gone,38', '86,39'))
  t.same(await found(id), ['3 employee double_in_list', '4 employee employee_unknown'])
  const wrong = await ok(wrongRowsFile(office, OLA, { id, format: 'csv' }))
  const [head = ''] = wrong.content.toString().split('\r\n')
  const emptied = [head, '3,,,,,,,,,finding,remedy', '4,,,,,,,,,finding,remedy']
  const file = csv('taken-out.csv', ...emptied)
  t.match(await ok(correctRows(office, OLA, { id, file })), { rows: 2, amount: 75_00, stops: 0 })
  t.same(await found(id), [])
  t.match(await correctRows(office, OLA, { id, file }), { refused: 'row_not_in_batch' })
  t.match(await load('employee,amount', '86,39', '85,36'), { refused: 'list_loaded_before', details: { batch: id } })
})

t.test('all rows of a batch, with the card of each employee, for who approves it', async (t) => {
  const [card] = await world.employees(1, 89)
  const { id } = await ok(load('employee,name,amount,fund,note', '89,Somebody,12.50,social,=1+1', 'gone,Nobody,ten,,'))
  const { fileName, content } = await ok(rowsFile(office, JAN, { id, format: 'csv' }))
  t.equal(fileName, `welfare-${id}-rows.csv`)
  const shown = `${card?.number.slice(0, 6)}******${card?.number.slice(-4)}`
  t.same(content.toString().replace('\uFEFF', '').trim().split('\r\n'), [
    'row,employee,name,card,amount,fund,already_used,note,sell',
    `2,89,Person 89,${shown},12.50,social,0.00,'=1+1,`,
    '3,gone,Nobody,,ten,,0.00,,',
  ])
  t.match(await rowsFile(office, JAN, { id: 999_999, format: 'csv' }), { refused: 'no_such_batch' })
})

t.test('a zero that was accepted loads nothing, and stands in the result', async (t) => {
  const cards = await world.employees(2, 61)
  const batch = await world.booked(csv('zero.csv', 'employee,amount', '61,0', '62,9'), ['amount_zero'])
  t.same(await world.balances(cards), [10_000, 10_900])
  const [staged] = await world.rows(
    'SELECT b.loads FROM staged_batches b JOIN welfare_batches w ON w.staged_id = b.id WHERE w.id = ?',
    [batch],
  )
  t.equal(Number(staged?.['loads']), 1)
  const { id: nothing } = await ok(load('employee,amount', '61,0', '62,0'))
  t.match(await proposeBatch(office, OLA, { id: nothing, reason: 'x', accept: ['amount_zero'] }), {
    refused: 'nothing_to_load',
  })
  const { content } = await ok(resultFile(office, OLA, { id: batch, format: 'csv' }))
  t.match(
    content.toString(),
    /\r\n2,61,Person 61,629910\*{6}\d{4},0\.00,,100\.00,\r\n3,62,[^\r]*,9\.00,,109\.00,\d+\r\n/u,
  )
})

t.test('the file of the wrong rows comes back as it is, but for what was wrong, in each language', async (t) => {
  await world.employees(2, 71)
  for (const language of ['pl', 'en'] as const) {
    await ok(makeEmployer(office, OLA, { ...employer('ACME'), language }))
    const { id } = await ok(load('employee,amount,note', `71,dziesięć,${language}`, '72,11,'))
    for (const format of ['csv', 'xlsx'] as const) {
      const { fileName: name, content } = await ok(wrongRowsFile(office, OLA, { id, format }))
      t.match(await correctRows(office, OLA, { id, file: { name, content } }), { stops: 1 }, `${language} ${format}`)
    }
    const { fileName: name, content } = await ok(wrongRowsFile(office, OLA, { id, format: 'csv' }))
    const corrected = { name, content: Buffer.from(content.toString().replace('dziesięć', '10')) }
    t.match(await correctRows(office, OLA, { id, file: corrected }), { stops: 0, amount: 2_100 }, language)
    t.match(await world.rows('SELECT note FROM welfare_rows WHERE batch_id = ? AND line = 2', [id]), [
      { note: language },
    ])
    await ok(withdrawBatch(office, OLA, { id, reason: 'test' }))
  }
})

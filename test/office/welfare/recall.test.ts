import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import { mailServer } from '../../mail-server.ts'
import type { SendMail } from '../../../src/office/mail.ts'
import { listApprovals } from '../../../src/office/approvals.ts'
import { makeEmployer } from '../../../src/office/welfare/employers.ts'
import { mailResults } from '../../../src/office/welfare/result-mail.ts'
import { writePack } from '../../../src/office/pack-making.ts'
import { activatePack } from '../../../src/office/packs.ts'
import { resultFile, wrongRowsFile } from '../../../src/office/welfare/batch-files.ts'
import { decideRecall, proposeRecall } from '../../../src/office/welfare/recall.ts'
import { bookRecall, completeRecall } from '../../../src/office/welfare/recall-booking.ts'
import { employeeLeaves } from '../../../src/office/welfare/employees.ts'
import { employerStatement, statementFile, welfareReport } from '../../../src/office/welfare/report.ts'
import { planOf } from '../../../src/office/pack-plan.ts'
import { numberOf } from '../../engine/engine-setting.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ok } from '../test-office.ts'
import { csv, employer, JAN, OLA, welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
const { office } = world
await everyChangeIsAudited(t, world.setting.access, world.setting.connection)
type Asserts = { readonly rejects: (work: Promise<unknown>, why: RegExp) => Promise<unknown> }
const TODAY = { from: '2020-01-01', to: '2099-12-31' }

const recall = async (t: Asserts, batch: number | null, employees: readonly string[] | null): Promise<number> => {
  const { id } = await ok(proposeRecall(office, OLA, { employer: 'ACME', batch, employees, reason: 'test' }))
  await t.rejects(ok(decideRecall(office, OLA, { id, approve: true, reason: '' })), /second person/)
  await ok(decideRecall(office, JAN, { id, approve: true, reason: '' }))
  return (await ok(completeRecall(office, id))).taken
}

t.test('a recall takes what is unspent of a batch, and of nobody else’s money', async (t) => {
  const cards = await world.employees(3)
  const [one, two, three] = cards
  if (one === undefined || two === undefined || three === undefined) return
  // Each card has 100.00 of its own, which is older and is spent first.
  const first = await world.booked(csv('first.csv', 'employee,amount', '1,50', '2,60', '3,70'))
  const second = await world.booked(csv('second.csv', 'employee,amount', '1,1', '2,2', '3,3'))
  t.equal(await world.pay(one, 12_000), 'approved', '100.00 of its own, 20.00 of the first batch')
  t.equal(await world.pay(two, 16_200), 'approved', 'all of it')
  t.match(await proposeRecall(office, OLA, { employer: 'ACME', batch: null, employees: null, reason: '' }), {
    refused: 'recall_of_what',
  })
  t.match(await proposeRecall(office, OLA, { employer: 'ACME', batch: null, employees: [], reason: '' }), {
    refused: 'recall_of_what',
  })
  t.equal(await recall(t, first, null), 3_000 + 7_000)
  t.same(await world.balances(cards), [100, 0, 10_300])
  t.match(await proposeRecall(office, OLA, { employer: 'ACME', batch: first, employees: null, reason: '' }), {
    refused: 'nothing_to_recall',
  })
  await ok(employeeLeaves(office, OLA, { employer: 'ACME', number: '3' }))
  const leaver = { employer: 'ACME', batch: null, employees: ['3'], reason: 'left' }
  const { id } = await ok(proposeRecall(office, OLA, leaver))
  const waiting = (await listApprovals(office, JAN, { open: true })).filter(({ kind }) => kind === 'recall')
  t.match(waiting, [{ changes: [{ name: { en: '3 Person 3' }, money: { before: 300, after: 0 } }] }])
  await ok(decideRecall(office, JAN, { id, approve: true, reason: '' }))
  t.equal((await ok(completeRecall(office, id))).taken, 300)
  t.same(await world.balances(cards), [100, 0, 10_000])
  t.same(await world.verified(), [])

  const { rows } = await ok(employerStatement(office, OLA, { employer: 'ACME', ...TODAY }))
  t.match(rows, [
    { number: '1', loaded: 5_100, recalled: 3_000, unspent: 100 },
    { number: '2', loaded: 6_200, recalled: 0, unspent: 0 },
    { number: '3', loaded: 7_300, recalled: 7_300, unspent: 0 },
  ])
  const report = await ok(welfareReport(office, OLA, { employer: 'ACME', ...TODAY }))
  t.match(report.totals, [{ currency: 'PLN', loaded: 18_600, recalled: -10_300 }])
  t.match(report.rows, [
    { kind: 'load', batch: first, count: 3, amount: 18_000 },
    { kind: 'load', batch: second, amount: 600 },
    { kind: 'recall', batch: first, amount: -10_000 },
    { kind: 'recall', batch: null, amount: -300 },
  ])
  for (const [period, code] of [
    [{ from: '2026-02-30', to: '2026-03-01' }, 'no_such_day'],
    [{ from: '2026-03-01', to: '2026-99-01' }, 'no_such_day'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'period_backwards'],
  ] as const) {
    t.match(await employerStatement(office, OLA, { employer: 'ACME', ...period }), { refused: code })
    t.match(await welfareReport(office, OLA, { employer: 'ACME', ...period }), { refused: code })
  }
  const file = await ok(statementFile(office, OLA, { employer: 'ACME', ...TODAY, format: 'csv' }))
  t.match(file.content.toString(), /total,,,186\.00,103\.00,1\.00/)
})

t.test('what an employer gets never tells where or when somebody bought', async (t) => {
  const [paid] = await world.rows(
    "SELECT store_code, terminal_code, rrn FROM transactions WHERE operation = 'payment' LIMIT 1",
  )
  t.ok(paid, 'somebody has bought')
  const [batch] = await world.rows("SELECT id FROM welfare_batches WHERE state = 'booked' LIMIT 1")
  const id = Number(batch?.['id'])
  const files = await Promise.all([
    ok(statementFile(office, OLA, { employer: 'ACME', ...TODAY, format: 'csv' })),
    ok(resultFile(office, OLA, { id, format: 'csv' })),
    ok(wrongRowsFile(office, OLA, { id, format: 'csv' })),
  ])
  const workbooks = await Promise.all([
    ok(statementFile(office, OLA, { employer: 'ACME', ...TODAY, format: 'xlsx' })),
    ok(resultFile(office, OLA, { id, format: 'xlsx' })),
  ])
  const sheets = workbooks.flatMap(({ content }) => Object.values(unzipSync(content)).map((part) => strFromU8(part)))
  const report = await ok(welfareReport(office, OLA, { employer: 'ACME', ...TODAY }))
  const { exactAsOf: _snapshot, ...told } = report
  await world.rows("UPDATE employers SET email = 'kadry@example.com' WHERE counterparty_code = 'ACME'")
  const mail = await mailServer(t)
  let tries = 0
  const notTheFirst: SendMail = async (message) => {
    if (++tries === 1) throw new Error('451 not now')
    await mail.send(message)
  }
  await t.rejects(mailResults(office, notTheFirst), /451 not now/)
  t.ok(tries > 1, 'the others were tried')
  t.equal(mail.received.length, tries - 1, 'and are sent')
  t.equal(await mailResults(office, mail.send), 0, 'what was not taken comes again a minute later')
  const later = { ...office, clock: () => office.clock() + 61_000 }
  t.equal(await mailResults(later, mail.send), 1, 'and nothing else does')
  t.equal(await mailResults(office, mail.send), 0, 'each once')
  t.match(mail.received[0], { to: 'kadry@example.com', text: /3 cards loaded/u })
  const mails = mail.received.map(({ text }) => text.replace(/^(Date|Message-ID):.*$/gmu, ''))
  const texts = [...sheets, ...files.map(({ content }) => content.toString()), ...mails, JSON.stringify(told)]
  for (const secret of [
    String(paid?.['store_code']),
    String(paid?.['terminal_code']),
    String(paid?.['rrn']),
    'payment',
  ]) {
    t.notOk(
      texts.some((text) => text.includes(secret)),
      secret,
    )
  }
  for (const text of files.map(({ content }) => content.toString())) {
    t.notMatch(text, /\d\d:\d\d/u, 'no time')
    t.notMatch(text, /\d{4}-\d\d-\d\d/u, 'no day')
    t.notMatch(text, /\d{13}/u, 'no whole number')
  }
})

t.test('mails that no server takes hold up no later one, and are set aside with an alert', async (t) => {
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), email: 'gone@example.com' }))
  // As many as are looked at in one go.
  await world.rows("UPDATE welfare_batches SET mailed_at = booked_at WHERE state = 'booked'")
  const [row] = await world.rows("SELECT * FROM welfare_batches WHERE state = 'booked' LIMIT 1")
  const { live_sha256: _made, ...batch } = row as Record<string, unknown>
  for (let i = 0; i < 20; i++) {
    const one = {
      ...batch,
      id: 9_000 + i,
      mailed_at: null,
      mail_tries: 0,
      mail_next_at: null,
      staged_id: null,
      sha256: Buffer.alloc(32, i),
    }
    await world.rows('INSERT INTO welfare_batches SET ?', [one])
  }
  let hours = 0
  const later = { ...office, clock: () => office.clock() + hours * 3_600_000 }
  const refuses: SendMail = () => Promise.reject(new Error('550 no such address'))
  await t.rejects(mailResults(later, refuses), /550/)
  const told = await world.booked(csv('after.csv', 'employee,amount', '1,3'))
  const mail = await mailServer(t)
  t.equal(await mailResults(later, mail.send), 1)
  t.match(mail.received, [{ text: new RegExp(`Batch ${told} of ACME`, 'u') }])
  for (let tries = 1; tries < 14; tries++) {
    hours += 7
    await t.rejects(mailResults(later, refuses), /550/, `try ${tries + 1}`)
  }
  hours += 7
  t.equal(await mailResults(later, mail.send), 0, 'none of them comes any more')
  const alerts = await world.rows("SELECT subject FROM alerts WHERE kind = 'welfare_mail_failing'")
  t.equal(alerts.length, 20)
  t.match(alerts[0]?.['subject'], /^ACME, 90\d\d$/u)
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), email: 'here@example.com' }))
  t.equal(await mailResults(later, mail.send), 20, 'until there is another address')
  await world.rows('DELETE FROM welfare_batches WHERE id >= 9000')
})

t.test('an employer that gives an address is told of what is booked from then on', async (t) => {
  const mail = await mailServer(t)
  await ok(makeEmployer(office, OLA, employer('ACME')))
  await world.booked(csv('untold.csv', 'employee,amount', '1,4'))
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), email: 'kadry@example.com' }))
  t.equal(await mailResults(office, mail.send), 0)
  const told = await world.booked(csv('told.csv', 'employee,amount', '1,5'))
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), email: 'place@example.com' }))
  t.equal(await mailResults(office, mail.send), 1, 'another address takes nothing away')
  t.match(mail.received, [{ to: 'place@example.com', text: new RegExp(`Batch ${told} of ACME`, 'u') }])
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), email: 'place@example.com', language: 'pl' }))
  const polish = await world.booked(csv('polish.csv', 'employee,amount', '1,6'))
  t.equal(await mailResults(office, mail.send), 1)
  t.match(mail.received[1], { text: new RegExp(`Partia ${polish} pracodawcy ACME zosta`, 'u') }, 'in its language')
})

t.test('two recalls of the same money, approved at once, take it once', async (t) => {
  const cards = await world.employees(2, 61)
  const batch = await world.booked(csv('twice.csv', 'employee,amount', '61,31', '62,32'))
  const ask = async (employees: readonly string[] | null) =>
    (await ok(proposeRecall(office, OLA, { employer: 'ACME', batch, employees, reason: 'test' }))).id
  const ids = [await ask(null), await ask(['61'])]
  await Promise.all(ids.map((id) => ok(decideRecall(office, JAN, { id, approve: true, reason: '' }))))
  const taken = await Promise.all(ids.map(async (id) => (await ok(completeRecall(office, id))).taken))
  t.equal(
    taken.reduce((sum, one) => sum + one, 0),
    63_00,
  )
  t.same(await world.balances(cards), [10_000, 10_000])
  t.same(await world.verified(), [])
})

t.test('a recall follows a duplicate, and is stopped by no block', async (t) => {
  const [old] = await world.employees(1, 11)
  const [fresh] = await world.unsoldCards(1)
  if (old === undefined || fresh === undefined) return
  const batch = await world.booked(csv('third.csv', 'employee,amount', '11,80'))
  const duplicate = world.request('duplicate', old, 0)
  if (duplicate.ask.act !== 'operation') return
  const ask = { ...duplicate.ask, amount: null, successor: numberOf(fresh) }
  t.equal((await office.submit({ ...duplicate, ask })).result, 'approved')
  t.equal(await world.pay(fresh, 11_500), 'approved')
  await world.rows("UPDATE cards SET block = 'stolen' WHERE id = ?", [fresh.id])
  t.equal(await recall(t, batch, null), 6_500)
  t.same(await world.balances([old, fresh]), [0, 0])
  t.same(await world.verified(), [])
})

t.test('payments beside a recall: it never takes more than is there, nor the card’s own money', async (t) => {
  const cards = await world.employees(12, 21)
  const lines = cards.map((_, i) => `${21 + i},50`)
  const batch = await world.booked(csv('fourth.csv', 'employee,amount', ...lines), ['all_amounts_equal'])
  const { id } = await ok(proposeRecall(office, OLA, { employer: 'ACME', batch, employees: null, reason: 'test' }))
  await ok(decideRecall(office, JAN, { id, approve: true, reason: '' }))
  let paid = 0
  const paying = cards.map(async (card) => {
    for (let i = 0; i < 5; i++) if ((await world.pay(card, 2_200)) === 'approved') paid += 2_200
  })
  const booking = Promise.all([bookRecall(office, id), bookRecall(office, id)])
  await Promise.all([...paying, booking])
  const done = await ok(completeRecall(office, id))
  const balances = await world.balances(cards)
  t.equal(
    balances.reduce((sum, one) => sum + one, 0),
    12 * 15_000 - paid - done.taken,
    'nothing is lost',
  )
  t.ok(done.taken <= 12 * 5_000)
  const taken = await world.rows('SELECT card_id, taken FROM welfare_recall_rows WHERE recall_id = ?', [id])
  t.ok(taken.every((row) => Number(row['taken']) <= 5_000))
  t.same(await world.verified(), [])
})

t.test(
  'a batch sells new cards out of the employer’s pack, by yes under sell, and they become the employees’',
  async (t) => {
    const cards = await world.unsoldCards(2)
    const [one, two] = cards
    if (one === undefined || two === undefined) return
    await world.rows("UPDATE cards SET state = 'inactive' WHERE id IN (?)", [cards.map(({ id }) => id)])
    const [known] = await world.employees(1, 41)
    const wanted = cards.map(
      (card, i) => ({ by: 'number', where: `line ${i + 1}`, number: numberOf(card), shown: '' }) as const,
    )
    const plan = await ok(office.db.use((connection) => planOf(connection, 'OPEN', wanted)))
    const pack = await ok(writePack(office, OLA, plan, { recipient: { kind: 'counterparty', code: 'ACME' } }))
    const list = csv('sell.csv', 'employee,card,amount,sell', `41,${one.number},30,yes`)
    await t.rejects(world.booked(list), /rows that have to be corrected first: 1/, 'the pack is not active')
    await ok(activatePack(office, OLA, { pack, skip: true }))
    t.equal(await world.pay(one, 100), 'card_unsold')
    await world.booked(csv('sell2.csv', 'employee,card,amount,sell', `41,${one.number},31,tak`))
    t.same(await world.balances([one]), [3_100])
    t.equal(await world.pay(one, 3_000), 'approved')
    t.equal(await world.pay(two, 100), 'card_unsold', 'its neighbour is as before')
    const [linked] = await world.rows("SELECT card_id FROM employees WHERE number = '41'")
    t.equal(Number(linked?.['card_id']), one.id)
    t.not(known?.id, one.id)
    t.same(await world.verified(), [])
  },
)

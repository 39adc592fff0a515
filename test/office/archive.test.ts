import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { KIND } from '../../src/core/key.ts'
import type { OperationAsk } from '../../src/core/request.ts'
import { toUrl } from '../../src/db/access.ts'
import { chainOnce } from '../../src/db/audit-chain.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { foldOnce } from '../../src/db/folding.ts'
import { REPORT_SUMS } from '../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { daysToKeep, keepDay } from '../../src/office/reports/kept-figures.ts'
import { alone, archiveTransactions, type Step } from '../../src/office/archive/archiving.ts'
import { findArchived, listArchives, verifyArchive } from '../../src/office/archive/reading.ts'
import { verifyAudit } from '../../src/office/audit-verification.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { REPORT_NAMES, runReport, type ReportSelection } from '../../src/office/reports/reports.ts'
import { verifyAndMend, verifySums } from '../../src/office/reports/verification.ts'
import { engineSetting, numberOf, type TestCard } from '../engine/engine-setting.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { accountsOf, playDays, STORES } from './reports/history.ts'
import { ok, person, testOffice } from './test-office.ts'

/*
 * Months of a random history and of cards that were bought and used up are archived by processes that die at every step.
 * Afterwards files and database together contain everything that was there, and every report is unchanged.
 */

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
const DAYS = ['2024-02-27', '2024-02-29', '2024-03-01', '2024-03-04']
const [FIRST = '', LAST = ''] = [DAYS[0], DAYS.at(-1)]
const PROCESS = fileURLToPath(new URL('archive-process.js', import.meta.url))

const setting = await engineSetting(t)
const engine = setting.engine()
t.teardown(() => engine.stop())
const office = await testOffice(t, setting.access)
await everyChangeIsAudited(t, setting.access, setting.connection)
const ola = person('ola')
const connection = workerConnection(setting.access)
t.teardown(() => connection.close())
const directory = await mkdtemp(join(tmpdir(), 'akart-archive-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))

const fold = async (): Promise<void> => {
  while ((await foldOnce(connection, [SEARCH_ROWS, REPORT_SUMS], { batches: 1_000, ids: 1_000_000 }))?.batches !== 0);
}
const run = () => ok(archiveTransactions(office, ola, { directory, months: 13, lot: 7 }))
const ids = async (): Promise<number[]> => {
  const [rows] = await setting.connection.query<RowDataPacket[]>('SELECT id FROM transactions ORDER BY id')
  return rows.map(({ id }) => Number(id))
}
const archivedLines = async (): Promise<{ story: number; transaction: Record<string, string | number> }[]> => {
  const lines: { story: number; transaction: Record<string, string | number> }[] = []
  for (const { month, part } of await ok(listArchives(office, ola))) {
    const file = join(directory, `akart-${month}.${part}.jsonl.gz`)
    const text = gunzipSync(await readFile(file).catch(() => readFile(`${file}.part`))).toString()
    lines.push(
      ...text
        .split('\n')
        .slice(1, -2)
        .map((line) => JSON.parse(line) as (typeof lines)[number]),
    )
  }
  return lines
}

/** Ids in the database and in files. */
const everywhere = async (): Promise<number[]> => {
  const lines = await archivedLines()
  return [...new Set([...(await ids()), ...lines.map(({ transaction }) => Number(transaction['id']))])].sort(
    (a, b) => a - b,
  )
}

let stan = 10_000
const accounts = await accountsOf(setting)
/** One approved transfer on a day of a store, final at once. */
async function move(
  operation: OperationAsk['operation'],
  card: TestCard,
  amount: number,
  at: { day: string; store: string } & Partial<OperationAsk>,
): Promise<number> {
  const { day, store, ...more } = at
  stan += 1
  const kind = operation === 'sale' || operation === 'top_up' ? 'store_receivable' : 'store_payable'
  const ask = setting.operation(operation, card, amount, { contra: accounts.get(`${kind} ${store}`) ?? 0, ...more })
  const terminal = store === STORES[0] ? 'R1' : 'R2'
  const request = setting.request(ask, { kind: KIND.financial, terminal, stan, confirmation: 'none' })
  const { result, row } = await engine.submit({
    ...request,
    businessDate: day,
    today: day,
    at: Date.parse(`${day}T12:00:00Z`) + stan,
    key: { ...request.key, store },
  })
  if (result !== 'approved') throw new Error(`${operation}: ${result}`)
  return row?.id ?? 0
}

const [one, two] = STORES
const [feb = '', leap = '', march = ''] = DAYS
const cards = await setting.newCards(24)
/** Cards that are sold in one month and used up in the next, some with a refund onto another card, which is used up too. */
async function useUp(): Promise<void> {
  for (let i = 0; i < 20; i += 2) {
    const [card, other] = [cards[i], cards[i + 1]]
    if (card === undefined || other === undefined) return
    await move('sale', card, 5_000, { day: feb, store: one })
    await move('top_up', card, 1_000, { day: leap, store: two })
    const paid = await move('payment', card, 3_500, { day: leap, store: two })
    if (i % 4 === 0) {
      await move('refund', other, 500, { day: march, store: two, ontoNew: true, receipt: { id: paid } })
      await move('payment', other, 500, { day: march, store: one })
    }
    await move('payment', card, 2_500, { day: march, store: one })
  }
  // One that was replaced: its duplicate spends what it had, and they go together.
  const [old, successor] = [cards[22], cards[23]]
  if (old === undefined || successor === undefined) return
  await move('sale', old, 4_000, { day: feb, store: two })
  await move('payment', old, 1_000, { day: feb, store: one })
  await move('duplicate', old, 0, { day: leap, store: two, contra: null, amount: null, successor: numberOf(successor) })
  await move('payment', successor, 3_000, { day: march, store: one })
  // One has money left, one goes on until today.
  const [rest, alive] = [cards[20], cards[21]]
  if (rest === undefined || alive === undefined) return
  await move('sale', rest, 5_000, { day: feb, store: one })
  await move('payment', rest, 4_000, { day: leap, store: two })
  await move('sale', alive, 5_000, { day: feb, store: one })
  await move('payment', alive, 5_000, { day: '2026-10-01', store: two })
  // A number that nobody knows.
  stan += 1
  const unknown = setting.operation('payment', { id: 0, numberHash: 'ab'.repeat(16) }, 100)
  const request = setting.request(unknown, { kind: KIND.financial, terminal: 'R1', stan, confirmation: 'none' })
  await engine.submit({ ...request, businessDate: feb, today: feb, at: Date.parse(`${feb}T13:00:00Z`) })
}

/** The content of every report for that time and for the present. Cashiers counts transactions, and states that. */
async function figures(): Promise<Record<string, unknown>> {
  const days = [FIRST, march, '2024-06-30']
  const selections: ReportSelection[] = [
    { from: FIRST, to: LAST },
    { from: FIRST, to: LAST, byOriginalDay: true, gross: true, stores: [two] },
    ...days.flatMap((day) =>
      (['sale', 'activity', 'validity'] as const).map((ageBy) => ({ from: day, to: day, asOf: day, ageBy })),
    ),
  ]
  const all: Record<string, unknown> = {}
  for (const name of REPORT_NAMES.filter((report) => report !== 'cashiers' && report !== 'users')) {
    for (const selection of selections) {
      const { rows, totals, matrix, exactAsOf, notes } = await ok(runReport(office, ola, name, selection))
      all[`${name} ${JSON.stringify(selection)}`] = {
        rows,
        totals,
        matrix,
        notes,
        sum: [exactAsOf.rows, exactAsOf.sum],
      }
    }
  }
  return all
}

async function chained(): Promise<void> {
  while (((await chainOnce(connection, office.keys().audit, 500))?.appended ?? 0) > 0);
}

type Check = { readonly same: (found: unknown, wanted: unknown, what: string) => boolean }

async function everythingHolds(t: Check): Promise<void> {
  t.same((await verifyLedger(setting.access)).faults, [], 'the books agree')
  t.same((await ok(verifySums(office, ola))).faults, [], 'so do the sums')
  await chained()
  t.same((await ok(verifyAudit(office, ola, null))).faults, [], 'and the audit')
  t.same((await ok(verifyArchive(office, ola, directory))).faults, [], 'and the archive')
}

/** A run of a process that dies at a step. */
async function dieAt(step: Step): Promise<ChildProcess['signalCode']> {
  const child = fork(PROCESS, [toUrl(setting.access), directory, step], { execArgv: [] })
  await once(child, 'exit')
  return child.signalCode
}

t.test(`a history that is archived, seed ${SEED}`, { timeout: 240_000 }, async (t) => {
  await playDays(setting, engine, { seed: SEED, days: DAYS, moves: 80 })
  await useUp()
  await fold()
  // So that what is kept of days is proven again once their transfers are archived.
  for (const day of await daysToKeep(office)) await keepDay(office, day)
  const before = {
    ids: await ids(),
    figures: await figures(),
    accounts: (await verifyLedger(setting.access)).currencies,
  }
  t.same((await verifyLedger(setting.access)).faults, [])
  t.same((await ok(verifySums(office, ola))).faults, [])

  for (const step of ['writing', 'written', 'recorded'] as const)
    t.equal(await dieAt(step), 'SIGKILL', `it dies: ${step}`)
  t.same(await everywhere(), before.ids, 'until then nothing is lost')
  await everythingHolds(t)

  // Between the writing and the removing a card that was at rest is used.
  const late = cards[2]
  if (late === undefined) return
  await move('top_up', late, 1_000, { day: '2026-11-29', store: one })
  await fold()
  const figuresNow = await figures()

  for (const step of ['named', 'removing', 'removed a lot', 'removed a lot', 'removed all'] as const) {
    t.equal(await dieAt(step), 'SIGKILL', `it dies: ${step}`)
    if (step === 'removed all') continue
    await everythingHolds(t)
  }
  await run()
  await everythingHolds(t)
  t.same(await figures(), figuresNow, 'every report says what it said')
  t.same((await run()).archives, [], 'there is nothing more to archive')

  const lines = await archivedLines()
  const left = new Set(await ids())
  const since = (await everywhere()).filter((id) => !before.ids.includes(id))
  t.same(
    [since.length, (await everywhere()).length],
    [1, before.ids.length + 1],
    'files and database have all that there was',
  )
  // Of the cards that were used up and of the random history, as many as the seed gives.
  t.ok(before.ids.length - left.size > 20, `${before.ids.length - left.size} are removed`)
  const archived = new Set(
    lines
      .filter(({ transaction }) => !left.has(Number(transaction['id'])))
      .map(({ transaction }) => Number(transaction['card_id'])),
  )
  for (const [what, i] of [
    ['used up', 0],
    ['refunded onto', 1],
    ['used up without a refund', 6],
    ['replaced', 22],
    ['that replaced another', 23],
  ] as const)
    t.ok(archived.has(cards[i]?.id ?? 0), `a card ${what} is archived`)
  for (const [what, i] of [
    ['moved since', 2],
    ['with money on it', 20],
    ['used up a month ago', 21],
  ] as const)
    t.notOk(archived.has(cards[i]?.id ?? 0), `a card ${what} is not`)
  t.ok(
    lines.some(
      ({ story, transaction }) =>
        story === 0 && transaction['result'] === 'unknown_card' && !left.has(Number(transaction['id'])),
    ),
    'nor what concerns no card',
  )
  const sums = (await verifyLedger(setting.access)).currencies
  t.not(before.accounts.length, 0)
  t.equal(sums[0]?.sum, '0')
})

const EVERYTHING = {
  most: 100,
  card: undefined,
  id: undefined,
  rrn: undefined,
  approval: undefined,
  store: undefined,
  terminal: undefined,
  from: undefined,
  to: undefined,
}

t.test('searched by card, reference, store and day', async (t) => {
  const card = cards[0]?.id ?? 0
  const search = (selection: Partial<Parameters<typeof findArchived>[3]>) =>
    ok(findArchived(office, ola, directory, { ...EVERYTHING, ...selection }))
  const found = await search({ card: { by: 'id', id: card } })
  t.same(found.map(({ line }) => [line.transaction['operation'], line.transaction['amount']]), [['sale', 5_000], ['top_up', 1_000], ['payment', 3_500], ['payment', 2_500]]) // prettier-ignore
  t.match(found[0]?.line, { card: '629910******0000', issue: 'OPEN' })
  const [first] = found
  const rrn = String(first?.line.transaction['rrn'])
  t.same(
    (await search({ rrn })).map(({ line }) => line.transaction['id']),
    [first?.line.transaction['id']],
  )
  t.same((await search({ id: Number(first?.line.transaction['id']) })).length, 1)
  const there = await search({ store: two, from: leap, to: leap })
  t.ok(there.length > 0)
  for (const { line } of there) t.match(line.transaction, { business_date: leap })
  t.same(await search({ from: '2025-01-01' }), [])
  t.equal((await search({ most: 3 })).length, 3)
})

t.test('a duplicate is with the card that it replaced, and found by either', async (t) => {
  const lines = await archivedLines()
  const [old = 0, successor = 0] = [22, 23].map((i) => cards[i]?.id)
  const ofBoth = lines.filter(({ transaction }) => [old, successor].includes(Number(transaction['card_id'])))
  t.same(
    ofBoth.map(({ transaction }) => [transaction['operation'], transaction['amount']]),
    [['sale', 4_000], ['payment', 1_000], ['duplicate', 3_000], ['payment', 3_000]],
  ) // prettier-ignore
  t.equal(new Set(ofBoth.map(({ story }) => story)).size, 1, 'one story')
  const operations = async (id: number): Promise<unknown[]> => {
    const found = await ok(findArchived(office, ola, directory, { ...EVERYTHING, card: { by: 'id', id } }))
    return found.map(({ line }) => line.transaction['operation'])
  }
  t.same(await operations(old), ['sale', 'payment', 'duplicate'])
  t.same(await operations(successor), ['duplicate', 'payment'])
})

t.test(
  'one process at a time: neither a second run nor a verification beside one, and none without its lock',
  async (t) => {
    let begun = (): void => undefined
    const taken = new Promise<void>((resolve) => (begun = resolve))
    const held = alone(office, async (mustHold) => {
      begun()
      for (; ; await sleep(5)) mustHold()
    })
    const lost = t.rejects(held, { message: 'archive: the connection that holds the lock was lost; run it again' })
    await taken
    await t.rejects(verifyArchive(office, ola, directory), { message: 'archive: another process is at it' })
    await t.rejects(run(), { message: 'archive: another process is at it' })
    // As a server does with a connection that is silent for longer than wait_timeout.
    const lock = `akart/${setting.access.database}/archive`
    const [[holder]] = await setting.connection.query<RowDataPacket[]>('SELECT IS_USED_LOCK(?) AS id', [lock])
    await setting.connection.query(`KILL ${Number(holder?.['id'])}`)
    await lost
    t.same((await ok(verifyArchive(office, ola, directory))).faults, [], 'the next one may')
  },
)

t.test('a sum that is wrong is mended from what is left and what was kept', async (t) => {
  await setting.connection.query(`UPDATE report_activity SET amount = amount + 1 WHERE day = '${leap}' LIMIT 1`)
  t.ok((await ok(verifySums(office, ola))).faults.length > 0)
  const { mended, faults } = await ok(verifyAndMend(office, ola))
  t.same([mended, faults], [[leap], []])
})

t.test('whatever is done to the archive is found', async (t) => {
  const [archive] = await ok(listArchives(office, ola))
  const file = join(directory, `akart-${archive?.month}.${archive?.part}.jsonl.gz`)
  const whole = await readFile(file)
  const faults = async (): Promise<string> => (await ok(verifyArchive(office, ola, directory))).faults.join('\n')
  const name = `akart-${archive?.month}.${archive?.part}.jsonl.gz`
  const broken = Buffer.from(whole)
  broken[whole.length >> 1] = (broken[whole.length >> 1] ?? 0) ^ 1
  await writeFile(file, broken)
  t.equal(await faults(), `${name}: is not the file that is on record`)
  await rm(file)
  t.match(await faults(), `${name}: is not in ${directory}`)
  await writeFile(file, whole)
  await setting.connection.query('UPDATE archived_moves SET amount = amount + 1 WHERE account < 1000000 LIMIT 1')
  t.match(await faults(), /^account \d+: the files give -?\d+, the sums -?\d+$/)
  t.match((await verifyLedger(setting.access)).faults.join('\n'), 'all accounts together are 1, not 0')
  await setting.connection.query('UPDATE archived_moves SET amount = amount - 1 WHERE account < 1000000 LIMIT 1')
  await setting.connection.query('UPDATE archived_days SET transfers = transfers + 1 LIMIT 1')
  t.match(await faults(), /^the files have \d+ transfers/)
  await setting.connection.query('UPDATE archived_days SET transfers = transfers - 1 LIMIT 1')
  t.equal(await faults(), '')
  const young = await archiveTransactions(office, ola, { directory, months: 12 })
  t.match(young, { refused: 'archive_too_young' })
})

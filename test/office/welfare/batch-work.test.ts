import t from 'tap'
import { DatabaseStopped } from '../../../src/db/database.ts'
import { openLog } from '../../../src/log.ts'
import type { Office } from '../../../src/office/office.ts'
import { refused } from '../../../src/office/refusal.ts'
import { inBackground, workOn } from '../../../src/office/welfare/batch-work.ts'

/** Of an Office only which database it is on counts here. */
const office = { db: {}, log: openLog({ level: 'silent', file: null }) } as unknown as Pick<Office, 'db' | 'log'>

function later<Result>() {
  let resolve: (result: Result) => void = () => {}
  const promise = new Promise<Result>((done) => (resolve = done))
  return { promise, resolve: (result: Result) => resolve(result) }
}

t.test('what is done in time is answered as it ended, and nothing of it is kept', async (t) => {
  t.equal(await inBackground(office, 1, () => Promise.resolve('done')), 'done')
  const no = refused('nothing_to_recall')
  t.equal(await inBackground(office, 1, () => Promise.resolve(no)), no)
  await t.rejects(
    inBackground(office, 1, () => Promise.reject(new Error('away'))),
    /away/,
  )
  t.equal(workOn(office, 1), null)
})

t.test('what takes longer goes on behind the request, alone, and its refusal waits for whoever looks', async (t) => {
  const { promise, resolve } = later<'done' | ReturnType<typeof refused>>()
  const first = await inBackground(
    office,
    2,
    (progress) => {
      progress.rows(300)
      return promise
    },
    0,
  )
  t.same(first, { working: 2 })
  t.match(workOn(office, 2), { rows: 300, ended: null })
  t.match(await inBackground(office, 2, () => Promise.resolve('again')), { refused: 'batch_working' })
  resolve(refused('batch_has_stops', { batch: 2, rows: 1 }))
  await promise
  await new Promise(setImmediate)
  t.match(workOn(office, 2), { ended: { refused: 'batch_has_stops' } })
  t.equal(await inBackground(office, 2, () => Promise.resolve('better')), 'better')
  t.equal(workOn(office, 2), null)
})

t.test('a list that is being read is known by its batch from the moment in which it has a number', async (t) => {
  const { promise, resolve } = later<string>()
  const working = await inBackground(
    office,
    null,
    (progress) => {
      progress.batch(7)
      return promise
    },
    0,
  )
  t.same(working, { working: 7 })
  t.match(workOn(office, 7), { rows: 0 })
  resolve('read')
  await promise
  await new Promise(setImmediate)
  t.equal(workOn(office, 7), null)
})

t.test('what fails behind a request is logged, unless the process is about to end', async (t) => {
  for (const [error, wanted] of [
    [new Error('away'), ['a welfare batch could not be checked']],
    [new DatabaseStopped(), []],
  ] as const) {
    const logged: string[] = []
    const watched = { ...office, log: { error: (text: string) => void logged.push(text) } } as unknown as typeof office
    let fail: (error: Error) => void = () => {}
    const broken = new Promise<string>((_, reject) => (fail = reject))
    t.same(await inBackground(watched, 9, () => broken, 0), { working: 9 })
    fail(error)
    await broken.catch(() => undefined)
    await new Promise(setImmediate)
    t.same(logged, wanted, error.message)
    t.match(workOn(office, 9), { ended: { refused: 'batch_work_failed' } })
  }
})

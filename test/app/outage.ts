import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { touchRegistry } from '../../src/db/sql/day-ends.ts'
import { openTill, type Till } from '../conformance/till.ts'
import type { Fields } from '../conformance/wire.ts'
import { emptyDatabase } from '../database.ts'
import { databaseProxy } from '../engine/database-proxy.ts'
import { upForTest, type RunningAkart } from '../up.ts'

const CONFIRM_SECONDS = 3

/**
 * A whole `akart up` whose database is cut off for some seconds: everything must recover by itself.
 *
 * @param backWithinMs every sign and every job is back this long after the database is
 */
export async function throughOutage(t: Test, seconds: number, backWithinMs: number): Promise<void> {
  const access = await emptyDatabase(t)
  const proxy = await databaseProxy(t, access)
  const akart = await upForTest(t, {
    AKART_DATABASE_URL: toUrl(proxy.access),
    AKART_CONFIRM_TIMEOUT_SECONDS: String(CONFIRM_SECONDS),
  })
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  const count = async (sql: string): Promise<number> => {
    const [rows] = await connection.query(sql)
    return Number((rows as { n: number }[])[0]?.n)
  }
  const tracks = await soldTracks(akart)
  const till = await tillOf(akart)
  const payment = () =>
    till.message('0200', { 3: '006000', 4: '000000000100', 22: '022', 35: tracks.shift(), 49: '985' })

  const [first, unconfirmed] = [payment(), payment()]
  t.equal((await till.send(first)).fields[39], '00')
  t.equal((await till.send(unconfirmed)).fields[39], '00')
  t.equal((await till.send(till.message('0202', { ...about(first), 3: '006000' }))).fields[39], '00')
  t.same(await ready(akart), { status: 200, why: [] })

  const saidBefore = akart.errors().length
  proxy.cut()
  const began = performance.now()
  t.ok(await within(backWithinMs, async () => (await ready(akart)).status === 503), '/readyz says so')
  const lost = payment()
  t.equal((await till.send(lost)).fields[39], '96', 'known not to be booked')
  await sleep(Math.max(0, seconds * 1_000 - (performance.now() - began))) // the outage has to last this long

  proxy.shut(false)
  const back = performance.now()
  t.ok(await within(backWithinMs, async () => (await ready(akart)).status === 200), '/readyz')
  const awaySeconds = (performance.now() - began) / 1_000
  t.same((await ready(akart)).why, [])
  t.ok(
    await within(backWithinMs, async () => (await till.send(payment())).fields[39] === '00'),
    `approvals, ${Math.round(performance.now() - back)} ms after the database`,
  )
  t.equal((await till.send({ ...first, mti: '0201' })).fields[39], '00', 'a repeat gets the answer of then')
  t.equal((await till.send(lost)).fields[39], '00', 'what got 96 may come again')

  const reversed = `SELECT COUNT(*) n FROM transactions WHERE state = 'reversed' AND stan = ${unconfirmed.fields[11]}`
  t.ok(await within(CONFIRM_SECONDS * 1_000 + backWithinMs, async () => (await count(reversed)) === 1), 'the timer')

  const echo = () => till.send(till.message('0800', { 70: '301', 41: 'DEMO0004' }))
  t.equal((await echo()).fields[39], '00')
  await connection.query("UPDATE terminals SET state = 'inactive' WHERE code = 'DEMO0004'")
  await connection.query(touchRegistry)
  t.ok(await within(backWithinMs, async () => (await echo()).fields[39] === '58'), 'changes of the registry')
  await connection.query(
    `INSERT INTO jobs (id, kind, subject, open_for, parameters, state, done, total, who, created_at, fence)
     VALUES (1, 'generate', 0, 'generate 0', '{}', 'waiting', 0, 1, 'test', UTC_TIMESTAMP(3), 0)`,
  )
  const taken = 'SELECT COUNT(*) n FROM jobs WHERE id = 1 AND fence > 0'
  t.ok(await within(2 * backWithinMs, async () => (await count(taken)) === 1), 'the runner of jobs')

  const said = akart.errors().slice(saidBefore)
  const away = said.split('\n').filter((line) => line.includes('the database does not answer'))
  const most = Math.ceil(awaySeconds) + 3
  t.ok(away.length >= 1 && away.length <= most, `one line a second: ${away.length} in ${awaySeconds.toFixed(1)} s`)
  t.notMatch(away.join('\n'), /"stack"/u)
  t.equal(await akart.stop(), 0)
}

const about = ({ fields }: { readonly fields: Fields }): Fields => ({
  90: `0200${fields[11]}${fields[7]}${'0'.repeat(22)}`,
})

async function rowsOf(akart: RunningAkart, file: string): Promise<string[][]> {
  const text = await readFile(join(akart.home, 'demo', file), 'utf8')
  const rows = text.trim().split(/\r?\n/u).slice(1)
  return rows.map((row) => row.split(','))
}

/** Track 2 of the cards that can pay. */
async function soldTracks(akart: RunningAkart): Promise<string[]> {
  const cards = await rowsOf(akart, 'cards.csv')
  return cards.flatMap(([, , track2 = '', , , issue, state]) => (issue === 'OPEN' && state === 'sold' ? [track2] : []))
}

async function tillOf(akart: RunningAkart): Promise<Till> {
  const rows = await rowsOf(akart, 'terminals.csv')
  const terminal = (name: string) => {
    const [code = '', store = ''] = rows.find((row) => row[0] === name) ?? []
    return { terminal: code, store, mac: 'none' as const, key: '' }
  }
  return openTill({ address: () => `${akart.iso.host}:${akart.iso.port}`, terminal }, 'DEMO0001')
}

async function ready({ http }: RunningAkart): Promise<{ status: number; why: unknown }> {
  const response = await fetch(`http://${http.host}:${http.port}/readyz`)
  const { why } = (await response.json()) as { why: unknown }
  return { status: response.status, why }
}

/** Whether the condition becomes true in time; failures meanwhile are retried. */
async function within(ms: number, holds: () => Promise<boolean>): Promise<boolean> {
  const until = performance.now() + ms
  while (performance.now() < until) {
    if (await holds().catch(() => false)) return true
    await sleep(50)
  }
  return false
}

import t from 'tap'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RowDataPacket } from 'mysql2/promise'
import type { Ask, Request } from '../../src/core/request.ts'
import { KIND, type Key } from '../../src/core/key.ts'
import { toUrl } from '../../src/db/access.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { CRASH_POINTS, type CrashPoint } from './crashing-proxy.ts'
import { engineSetting, type TestCard } from './engine-setting.ts'

/*
 * The switch dies in the middle of a batch with a message of each kind: a payment, a confirmation, a reversal, a reversal
 * before its original, a cancellation. Nothing is left half done, and the repeats get the right answers.
 */

const PROCESS = fileURLToPath(new URL('crash-process.js', import.meta.url))
const setting = await engineSetting(t)
const { connection, operation, request } = setting
const steady = setting.engine()
t.teardown(steady.stop)

/** How much of the batch is there when the switch is dead. */
const LEFT: Readonly<Record<CrashPoint, readonly ('nothing' | 'all')[]>> = {
  locked: ['nothing'],
  written: ['nothing'],
  committing: ['nothing', 'all'],
  committed: ['all'],
}

for (const point of CRASH_POINTS) {
  void t.test(`dies when ${point}`, { timeout: 400_000 }, async (t) => {
    const terminal = `CR${CRASH_POINTS.indexOf(point)}`
    const cards = await setting.newCards(4)
    const prepared = await prepare(cards, terminal)
    const batch = batchAbout(prepared, terminal)
    const answers = await lastWords(point, batch)
    t.same(answers, [], 'it could tell nobody anything')

    const there = await keysThere(batch)
    const left = there === 0 ? 'nothing' : there === batch.length ? 'all' : `${there} of ${batch.length}`
    t.ok((LEFT[point] as readonly string[]).includes(left), `${left} is left`)
    t.same((await verifyLedger(setting.access)).faults, [])

    const first = await Promise.all(batch.map(again).map(steady.submit))
    t.same(
      first.map(({ result }) => result),
      ['approved', 'approved', 'approved', 'approved', 'approved'],
    )
    t.same(await Promise.all(batch.map(again).map(steady.submit)), first, 'and the same once more')
    t.equal((await steady.submit(forestalled(cards, terminal))).result, 'original_reversed')
    // 100.00 each: less a payment of 10.00, less one that is confirmed, with two that were undone.
    t.same(await balances(cards), ['9000/9000', '8000/8000', '10000/10000', '10000/7000'])
    t.same((await verifyLedger(setting.access)).faults, [])
  })
}

const about = (terminal: string, kind: number, stan: number, ask: Ask): Request =>
  request(ask, { kind, terminal, stan, confirmation: 'explicit' })

type Prepared = { readonly cards: readonly TestCard[]; readonly payments: readonly Key[] }

/** 100.00 on each card, and a payment of 20.00, 20.00 and 30.00 with the second, third and fourth. */
async function prepare(cards: readonly TestCard[], terminal: string): Promise<Prepared> {
  const opening = cards.map((card, i) => ({
    ...about(terminal, KIND.financial, 100 + i, operation('sale', card, 10_000)),
    confirmation: 'none' as const,
  }))
  for (const sale of opening) await steady.submit(sale)
  const payments = cards
    .slice(1)
    .map((card, i) => about(terminal, KIND.financial, 200 + i, operation('payment', card, i === 2 ? 3_000 : 2_000)))
  for (const payment of payments) await steady.submit(payment)
  return { cards, payments: payments.map(({ key }) => key) }
}

function batchAbout({ cards, payments }: Prepared, terminal: string): Request[] {
  const [card] = cards
  const [confirmed, reversed, cancelled] = payments
  if (card === undefined || confirmed === undefined || reversed === undefined || cancelled === undefined) return []
  const unseen = { ...confirmed, stan: 900 }
  const undo = { amount: null, presented: null }
  return [
    about(terminal, KIND.financial, 1, operation('payment', card, 1_000)),
    about(terminal, KIND.confirmation, 2, { act: 'confirmation', original: confirmed }),
    about(terminal, KIND.reversal, 3, { act: 'reversal', by: 'terminal', original: reversed, ...undo }),
    about(terminal, KIND.reversal, 4, { act: 'reversal', by: 'terminal', original: unseen, ...undo }),
    about(terminal, KIND.cancellation, 5, { act: 'cancellation', original: cancelled, ...undo, sending: null }),
  ]
}

/** A payment whose reversal came first. */
const forestalled = ([card]: readonly TestCard[], terminal: string): Request => {
  if (card === undefined) throw new Error('no card')
  return about(terminal, KIND.financial, 900, operation('payment', card, 500))
}

const again = (one: Request): Request => ({ ...one, id: setting.nextId(), spareId: setting.nextId() })

/** The answers of an engine before it died. */
async function lastWords(point: CrashPoint, batch: readonly Request[]): Promise<Answer[]> {
  const child = fork(PROCESS, [toUrl(setting.access), point], { serialization: 'advanced', execArgv: [] })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  await once(child, 'message')
  const answers: Answer[] = []
  child.on('message', (said) => {
    if (said !== 'ready') answers.push(said as Answer)
  })
  child.send(batch)
  const [, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`it ended by ${String(signal)}`)
  await serverHasNoticed()
  return answers
}

/**
 * The transactions of the killed process are rolled back when the server finds its connections closed. Other tests use
 * the same server.
 */
async function serverHasNoticed(): Promise<void> {
  for (;;) {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS n FROM information_schema.innodb_trx
       JOIN information_schema.processlist ON processlist.id = trx_mysql_thread_id WHERE db = ?`,
      [setting.access.database],
    )
    if (Number(rows[0]?.['n']) === 0) return
    await sleep(20)
  }
}

async function keysThere(batch: readonly Request[]): Promise<number> {
  const found = await Promise.all(
    batch.map(async ({ key }) => {
      const [rows] = await connection.query<RowDataPacket[]>(
        'SELECT id FROM transactions WHERE transmitted = ? AND stan = ? AND terminal_code = ? AND store_code = ? AND kind = ?',
        [key.transmitted, key.stan, key.terminal, key.store, key.kind],
      )
      return rows.length
    }),
  )
  return found.reduce((sum, n) => sum + n, 0)
}

async function balances(cards: readonly TestCard[]): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT ledger, available FROM cards WHERE id IN (?) ORDER BY id',
    [cards.map(({ id }) => id)],
  )
  return rows.map((row) => `${row['ledger']}/${row['available']}`)
}

/** Kills the booking of a batch at each of its steps. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { toUrl } from '../../../src/db/access.ts'
import { bookBatch, completeBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { ok } from '../test-office.ts'
import { csv, JAN, type NumberedCard, OLA, type WelfareSetting } from './welfare-setting.ts'

const PROCESS = fileURLToPath(new URL('booking-process.js', import.meta.url))
/** More than two lots. */
const CARDS = 300
const PAID = 100

export type Kill = 'opened' | 'staged 1' | 'staged 2' | 'booked' | 'never' | number

type Asserts = {
  readonly same: (found: unknown, wanted: unknown, why: string) => unknown
  readonly equal: (found: unknown, wanted: unknown, why: string) => unknown
}

export async function killSetting(world: WelfareSetting): Promise<readonly NumberedCard[]> {
  await world.rows('UPDATE employers SET yearly_limit = 100000000')
  return world.employees(CARDS)
}

/**
 * A batch whose booking is killed again and again, beside payments, then finished by two processes at once: no card
 * shows a part of it before it is booked, and each shows all of it afterwards, once.
 */
export async function killedBooking(
  t: Asserts,
  world: WelfareSetting,
  cards: readonly NumberedCard[],
  round: number,
  kills: readonly Kill[],
): Promise<void> {
  const { office } = world
  const why = `round ${round}, killed at ${kills.join(', ')}`
  const lines = cards.map((_, i) => `${i + 1},${100 + round * 7 + i}`)
  const { id } = await ok(
    loadList(office, OLA, { employer: 'ACME', file: csv(`${round}.csv`, 'employee,amount', ...lines) }),
  )
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  const before = await world.balances(cards)
  const paid = new Set<number>()
  let place = 0
  const pay = async (): Promise<void> => {
    const mine = place++
    const card = cards[mine]
    if (card !== undefined && (await world.pay(card, PAID)) === 'approved') paid.add(mine)
  }
  const expected = (load: (i: number) => number): number[] =>
    before.map((balance, i) => balance - (paid.has(i) ? PAID : 0) + load(i))
  for (const kill of kills) {
    const child = fork(PROCESS, [toUrl(world.setting.access), String(id), String(kill)], { stdio: 'inherit' })
    const ending = once(child, 'exit')
    await Promise.all([ending, pay(), pay()])
    const [batch] = await world.rows('SELECT state FROM welfare_batches WHERE id = ?', [id])
    const isBooked = batch?.['state'] === 'booked'
    t.same(
      await world.balances(cards),
      expected((i) => (isBooked ? amountOf(round, i) : 0)),
      `${why}: all or nothing`,
    )
    t.same(await world.verified(), [], `${why}: the ledger holds`)
    // Leases of a killed process are free again once they run out.
    await world.rows("UPDATE job_slices SET leased_until = '2000-01-01' WHERE job = 'welfare'")
  }
  await Promise.all([bookBatch(office, id), bookBatch(office, id), pay()])
  t.equal((await ok(completeBatch(office, id))).state, 'booked', why)
  t.same(
    await world.balances(cards),
    expected((i) => amountOf(round, i)),
    `${why}: all of it, once`,
  )
  for (const card of cards.slice(0, 3)) await world.pay(card, 1)
  t.same(await world.verified(), [], `${why}: the ledger holds afterwards`)
}

const amountOf = (round: number, i: number): number => (100 + round * 7 + i) * 100

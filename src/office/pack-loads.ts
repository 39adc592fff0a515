/** Books the loads of a pack that is sold to a counterparty. */

import { setTimeout as sleep } from 'node:timers/promises'
import { packSaleKey } from '../core/key.ts'
import type { Result } from '../core/result.ts'
import { openAccount } from '../db/accounts.ts'
import { LONG, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { type SliceLease, sliceLease } from '../db/slice-lease.ts'
import { selectUnloaded } from '../db/sql/pack-cards.ts'
import { type PackRow, selectPackRow, toPackRow } from '../db/sql/pack-rows.ts'
import { type ShownCard, toShownCard } from '../db/sql/shown-cards.ts'
import { dateIn } from './clock.ts'
import type { Office } from './office.ts'
import { officeRequest } from './office-request.ts'
import { finishPackSale } from './pack-sale.ts'
import { packRow } from './pack-step.ts'
import { isRefused, type Refused } from './refusal.ts'

export type PackLoadOffice = Pick<Office, 'db' | 'submit' | 'nextId' | 'clock' | 'timeZone'>

/** Called after each lot: loads of this run, cards of the pack. */
export type PackProgress = (loaded: number, cards: number) => void

/** The number of loads that wait in the engine's queue at a time: a payment behind them waits about 10 ms. */
const AT_A_TIME = 128
const BUSY_MS = 200

/**
 * Books the loads of an approved pack sale, each under a key of its own, then marks the pack as sold. It continues an
 * earlier run. Until the last load is booked no card of the pack can be used.
 *
 * @returns false if another process is at it, or the pack is not being sold
 */
export async function bookPackLoads(
  office: PackLoadOffice,
  packId: number,
  progress: PackProgress = () => {},
): Promise<boolean> {
  const connection = workerConnection(office.db.access, LONG)
  const lease = sliceLease(connection, 'pack_sale')
  try {
    await lease.take()
    if (!lease.holds()) return false
    const [[row] = []] = await connection.send(selectPackRow(packId))
    const pack = row === undefined ? null : toPackRow(row)
    const isSelling = pack?.state === 'selling'
    const isBooked = isSelling && (await bookLoads(office, connection, lease, pack, progress))
    if (isBooked) await finishPackSale(office, packId, office.clock())
    return isBooked
  } finally {
    await lease.giveBack().catch(() => undefined) // it runs out by itself
    await connection.close()
  }
}

async function bookLoads(
  office: PackLoadOffice,
  connection: WorkerConnection,
  lease: SliceLease,
  pack: PackRow,
  progress: PackProgress,
): Promise<boolean> {
  const contra = await openAccount(office.db.access, 'counterparty_receivable', pack.recipient.code, pack.currency)
  let after = 0
  let loaded = 0
  for (;;) {
    const [rows = []] = await connection.send(selectUnloaded(pack.id, after, AT_A_TIME))
    const cards = rows.map(toShownCard)
    if (cards.length === 0) return true
    await lease.take()
    // This process was stopped for longer than its lease: another one continues from where this one was.
    if (!lease.holds()) return false
    const results = await Promise.all(cards.map((card) => load(office, pack, card, contra)))
    const busy = results.some((result) => BUSY.has(result))
    const refused = results.findIndex((result) => result !== 'approved' && !BUSY.has(result))
    if (refused >= 0) throw new Error(`pack ${pack.id}: the load of card ${cards[refused]?.id} is ${results[refused]}`)
    loaded += results.filter((result) => result === 'approved').length
    progress(loaded, pack.cards)
    // Loads that the engine was too busy for are selected again.
    if (busy) await sleep(BUSY_MS)
    else after = cards.at(-1)?.id ?? after
  }
}

/** Known not to be booked. */
const BUSY: ReadonlySet<Result> = new Set(['overloaded', 'malfunction'])

async function load(office: PackLoadOffice, pack: PackRow, card: ShownCard, contra: number): Promise<Result> {
  const id = office.nextId()
  const spareId = office.nextId()
  if (pack.saleAmount === null) throw new Error(`pack ${pack.id} is sold without an amount`)
  const now = office.clock()
  const today = dateIn(office.timeZone, now)
  const { saleAmount: amount, currency } = pack
  const key = packSaleKey(pack.id, card.id)
  const requester = { channel: 'job', who: 'pack-sale' } as const
  const input = { operation: 'pack_sale', requester, key, card, amount, currency, contra } as const
  const { result } = await office.submit(officeRequest(input, { id, spareId, now, today }))
  return result
}

const LOOK_AGAIN_MS = 1_000

/** Books the loads of an approved sale, and waits until the pack is sold, even if another process books them. */
export async function completePackSale(
  office: PackLoadOffice,
  packId: number,
  progress: PackProgress,
): Promise<PackRow | Refused> {
  for (;;) {
    await bookPackLoads(office, packId, progress)
    const pack = await office.db.use((connection) => packRow(connection, packId))
    if (isRefused(pack) || pack.state !== 'selling') return pack
    await sleep(LOOK_AGAIN_MS)
  }
}

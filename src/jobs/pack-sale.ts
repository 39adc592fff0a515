import { setTimeout as sleep } from 'node:timers/promises'
import { packSaleKey, type Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import { openAccount } from '../db/accounts.ts'
import type { Access } from '../db/access.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import { officeRequest } from '../office/office-request.ts'
import { finishPackSale } from '../office/pack-steps.ts'
import { lockSlices } from '../db/sql/due.ts'
import { selectUnloaded } from '../db/sql/pack-cards.ts'
import { selectPackRow, selectPacksBeingSold, toPackRow, type PackRow } from '../db/sql/pack-rows.ts'
import { type ShownCard, toShownCard } from '../db/sql/shown-cards.ts'
import { lookEvery, type Lookout } from './poller.ts'

export type PackSaleParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly now: () => number
  /** Loaded so far in this run, of the whole pack. */
  readonly progress: (loaded: number, cards: number) => void
}

/** So many loads wait in the engine's queue at a time: a payment behind them waits some 10 ms. */
const AT_A_TIME = 128
const BUSY_MS = 200

/**
 * Books the loads of a pack whose sale was approved, each under a key of its own, and then makes the pack sold. Goes on
 * wherever an earlier run ended; until the last load is booked no card of the pack is good for anything.
 *
 * @returns false where another process is at it, or the pack is not being sold
 */
export async function sellPack(parts: PackSaleParts, packId: number): Promise<boolean> {
  const connection = workerConnection(parts.access)
  try {
    const [slices = []] = await connection.send(`BEGIN;${lockSlices('pack_sale')}`)
    const [[row] = []] = await connection.send(selectPackRow(packId))
    const pack = row === undefined ? null : toPackRow(row)
    if (slices.length === 0 || pack?.state !== 'selling') return false
    await bookLoads(parts, connection, pack)
    await finishPackSale(parts.access, packId, parts.now())
    return true
  } finally {
    await connection.rollback()
    await connection.close()
  }
}

async function bookLoads(parts: PackSaleParts, connection: WorkerConnection, pack: PackRow): Promise<void> {
  const contra = await openAccount(parts.access, 'counterparty_receivable', pack.recipient.code, pack.currency)
  let after = 0
  let loaded = 0
  for (;;) {
    const [rows = []] = await connection.send(selectUnloaded(pack.id, after, AT_A_TIME))
    const cards = rows.map(toShownCard)
    if (cards.length === 0) return
    const results = await Promise.all(cards.map((card) => load(parts, pack, card, contra)))
    const busy = results.some((result) => BUSY.has(result))
    const refused = results.findIndex((result) => result !== 'approved' && !BUSY.has(result))
    if (refused >= 0) throw new Error(`pack ${pack.id}: the load of card ${cards[refused]?.id} is ${results[refused]}`)
    loaded += results.filter((result) => result === 'approved').length
    parts.progress(loaded, pack.cards)
    // What found no room is still without its load, and comes again.
    if (busy) await sleep(BUSY_MS)
    else after = cards.at(-1)?.id ?? after
  }
}

/** Known not to be booked. */
const BUSY: ReadonlySet<Result> = new Set(['overloaded', 'malfunction'])

async function load(parts: PackSaleParts, pack: PackRow, card: ShownCard, contra: number): Promise<Result> {
  const id = parts.nextId()
  const spareId = parts.nextId()
  if (id === null || spareId === null || pack.saleAmount === null) return 'overloaded'
  const now = parts.now()
  const today = new Date(now).toISOString().slice(0, 10)
  const { saleAmount: amount, currency } = pack
  const key = packSaleKey(pack.id, card.id)
  const requester = { channel: 'job', who: 'pack-sale' } as const
  const wish = { operation: 'pack_sale', requester, key, card, amount, currency, contra } as const
  const { result } = await parts.submit(officeRequest(wish, { id, spareId, now, today }))
  return result
}

const LOOK_EVERY_MS = 2_000

/** Goes on with sales that nobody finishes, since the process that began them is gone. Any number of processes may look. */
export function startPackSales(
  parts: Omit<PackSaleParts, 'progress'> & { trouble: (error: unknown) => void },
): Lookout {
  const connection = workerConnection(parts.access)
  let troubled = false

  return lookEvery({
    every: LOOK_EVERY_MS,
    async look(isStopping) {
      const [rows = []] = await connection.send(selectPacksBeingSold)
      for (const [id] of rows) if (!isStopping()) await sellPack({ ...parts, progress: () => undefined }, Number(id))
      troubled = false
    },
    async failed(error) {
      await connection.rollback()
      if (!troubled) parts.trouble(error)
      troubled = true
    },
    close: connection.close,
  })
}

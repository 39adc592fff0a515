import { setTimeout as sleep } from 'node:timers/promises'
import { type Key, recallKey } from '../../core/key.ts'
import type { Result } from '../../core/result.ts'
import { openAccount } from '../../db/accounts.ts'
import { LONG, workerConnection, type WorkerConnection } from '../../db/connection.ts'
import { type SliceLease, sliceLease } from '../../db/slice-lease.ts'
import { type ShownCard, SHOWN, toShownCard } from '../../db/sql/shown-cards.ts'
import { BY_KEY, inKeys, integer } from '../../db/sql/literal.ts'
import {
  type Recall,
  type RecallRow,
  selectUntaken,
  setTaken,
  toRecallRow,
  updateRecall,
} from '../../db/sql/welfare-recalls.ts'
import { dateIn } from '../clock.ts'
import { officeRequest } from '../office-request.ts'
import { isRefused, type Refused } from '../refusal.ts'
import { applyBooked } from './apply-booked.ts'
import type { BookingOffice } from './booking.ts'
import { recallRow, stagedIdOf } from './recall.ts'
import { sumOf, type Unspent, unspentOn } from './unspent.ts'

const AT_A_TIME = 64
const BUSY_MS = 200
/** Attempts per card, if payments intervene, before it is left to the next run. */
const TRIES = 5

/**
 * Books an approved recall card by card: each takes the unspent money of that moment, at most the approved amount. It
 * continues an earlier run.
 *
 * @returns false if another process is booking it, or the recall is not approved
 */
export async function bookRecall(office: BookingOffice, id: number): Promise<boolean> {
  const connection = workerConnection(office.db.access, LONG)
  const lease = sliceLease(connection, 'welfare')
  try {
    await lease.take()
    if (!lease.holds()) return false
    const recall = await recallRow(connection, id)
    if (isRefused(recall) || recall.state !== 'approved') return false
    if (!(await takeAll(office, connection, lease, recall))) return false
    await connection.send(updateRecall(id, 'booked', { at: office.clock() }))
    return true
  } finally {
    await lease.giveBack().catch(() => undefined) // it runs out by itself
    await connection.close()
  }
}

async function takeAll(
  office: BookingOffice,
  connection: WorkerConnection,
  lease: SliceLease,
  recall: Recall,
): Promise<boolean> {
  const account = await openAccount(office.db.access, 'counterparty_receivable', recall.employer, recall.currency)
  for (let tries = 0; ;) {
    const [rows = []] = await connection.send(selectUntaken(recall.id, AT_A_TIME))
    const open = rows.map(toRecallRow)
    if (open.length === 0) return true
    await lease.take()
    if (!lease.holds()) return false
    const taken = await takeLot(office, connection, recall, account, open)
    if (taken > 0) tries = 0
    else if (++tries === TRIES) return false
    else await sleep(BUSY_MS)
  }
}

/** @returns the number of cards that are finished */
async function takeLot(
  office: BookingOffice,
  connection: WorkerConnection,
  recall: Recall,
  account: number,
  open: readonly RecallRow[],
): Promise<number> {
  const ids = open.map(({ cardId }) => cardId)
  await applyBooked(office, ids)
  const stagedId = await stagedIdOf(connection, recall.batch)
  const found = await unspentOn(connection, account, {
    loaded: ids,
    employees: open.map(({ employeeId }) => employeeId),
  })
  const [rows = []] = await connection.send(selectShown(found.map(({ card }) => card.id)))
  const shown = new Map(rows.map(toShownCard).map((card) => [card.id, card]))
  const done = await Promise.all(
    open.map(async (row): Promise<number> => {
      const one = found.find(({ loaded }) => loaded === row.cardId)
      const card = one === undefined ? undefined : shown.get(one.card.id)
      if (one === undefined || card === undefined) return 0
      const taken = await takeFrom(office, recall, account, row, one, card, stagedId)
      if (taken === null) return 0
      await office.db.use((db) => db.send(setTaken(recall.id, row.cardId, taken)))
      return 1
    }),
  )
  return done.reduce((sum, one) => sum + one, 0)
}

const selectShown = (ids: readonly number[]): string =>
  `SELECT ${SHOWN} FROM cards c WHERE c.id IN (${[0, ...ids].map(integer).join(',')})`

/** The amount taken from one card; null: the card changed meanwhile, or the engine is busy. */
async function takeFrom(
  office: BookingOffice,
  recall: Recall,
  account: number,
  { cardId, unspent }: RecallRow,
  { card: standing, portions }: Unspent,
  card: ShownCard,
  stagedId: number | null,
): Promise<number | null> {
  const key = recallKey(recall.id, cardId)
  const left = sumOf(portions.filter(({ origin }) => recall.batch === null || origin.batchId === stagedId))
  const amount = Math.min(left, unspent)
  const now = office.clock()
  const input = {
    operation: 'welfare_recall',
    requester: { channel: 'job', who: recall.decidedBy ?? 'welfare' },
    key,
    card,
    amount,
    currency: recall.currency,
    contra: account,
  } as const
  const [[earlier] = []] = await office.db.use((connection) => connection.send(selectTakenUnder(key)))
  if (earlier !== undefined) return Number(earlier[0])
  if (amount === 0) return 0
  const moment = { id: office.nextId(), spareId: office.nextId(), now, today: dateIn(office.timeZone, now) }
  const request = officeRequest(input, moment)
  const ask = request.ask.act === 'operation' ? { ...request.ask, cardSeq: standing.seq } : request.ask
  const { result, row } = await office.submit({ ...request, ask })
  if (result === 'approved') return row?.transfer?.amount ?? amount
  return COMES_AGAIN.has(result) ? null : 0
}

/** Results after which a card is tried again: the recall is certainly not booked, or the card changed after it was read. */
const COMES_AGAIN: ReadonlySet<Result> = new Set(['overloaded', 'malfunction', 'amount_differs'])

/** The amount that an earlier run took but did not record. */
const selectTakenUnder = (key: Key): string =>
  `SELECT t.amount FROM transactions t ${BY_KEY} WHERE ${inKeys('t', [key])}`

const LOOK_AGAIN_MS = 500
const LOOKS = 40

/**
 * Books an approved recall and waits until it is booked, by this or another process. A card whose last transfers are not
 * folded yet is left to the job; the recall then stays approved.
 */
export async function completeRecall(office: BookingOffice, id: number): Promise<Recall | Refused> {
  for (let looks = 1; ; looks++) {
    await bookRecall(office, id)
    const recall = await office.db.use((connection) => recallRow(connection, id))
    if (isRefused(recall) || recall.state !== 'approved' || looks === LOOKS) return recall
    await sleep(LOOK_AGAIN_MS)
  }
}

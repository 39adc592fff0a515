/** Books an approved batch: stages every load, then books all of them by one row. */

import { setTimeout as sleep } from 'node:timers/promises'
import { ownRequest } from '../../core/own-request.ts'
import { stageKey } from '../../core/key.ts'
import type { Result } from '../../core/result.ts'
import { writeAudit } from '../../db/audit.ts'
import { openAccount } from '../../db/accounts.ts'
import { LONG, workerConnection, type WorkerConnection } from '../../db/connection.ts'
import { givingWay } from '../../engine/traffic.ts'
import { type SliceLease, sliceLease } from '../../db/slice-lease.ts'
import { insertLinks, setEmployeeCard } from '../../db/sql/employees.ts'
import type { ShownCard } from '../../db/sql/shown-cards.ts'
import { insertBatch } from '../../db/sql/staged.ts'
import { type Batch, countLoads, updateBatch } from '../../db/sql/welfare-batches.ts'
import { deleteFindingsOf, selectFindingsBetween } from '../../db/sql/welfare-findings.ts'
import {
  selectNewLinks,
  selectTakenCards,
  selectUnstaged,
  toLoad,
  type WelfareLoad,
} from '../../db/sql/welfare-rows.ts'
import { bookStaged, dropStaged } from '../../db/staged-batches.ts'
import { TEXTS } from '../../messages/texts.ts'
import { dateIn } from '../clock.ts'
import type { Office } from '../office.ts'
import { isRefused, type Refused } from '../refusal.ts'
import { batchRow, lockedBatch } from './batches.ts'
import type { Finding } from './findings.ts'
import { loadAsk } from './load-ask.ts'
import { betweenStretches, paceOf } from './pace.ts'
import { putFindings, toFinding } from './stored-findings.ts'

export type BookingOffice = Pick<Office, 'db' | 'submit' | 'traffic' | 'nextId' | 'clock' | 'timeZone'> & {
  /** Tells the engine the ids of the cards that are asked about next. */
  readonly know?: (cards: readonly ShownCard[]) => void
}

/** Called after each step: `opened`, `staged` with the number of this run, `booked`, `failed`. */
export type BookingStep = { readonly step: 'opened' | 'staged' | 'booked' | 'failed'; readonly loads: number }
export type BookingProgress = (step: BookingStep) => void | Promise<void>

/** The number of loads that are read from the database at a time. */
const AT_A_TIME = 128
/** Loads per second: 50,000 in 50 s, with most of the machine's capacity left. */
const A_SECOND = 1_000
/** Loads that are submitted in one turn of the event loop, on which payments may arrive too. */
const PIECE = 16
const BUSY_MS = 200

/**
 * Books an approved batch: each load is staged under its card's lock, invisibly; then one UPDATE books all of them. It
 * continues an earlier run. If the load of one card is refused, the batch is cancelled and none of it is booked.
 *
 * @param isHalted whether to stop before the next lot; the next run continues
 * @returns false if another process is booking it, the batch is not approved, or the run was stopped
 */
export async function bookBatch(
  office: BookingOffice,
  id: number,
  progress: BookingProgress = () => {},
  isHalted = (): boolean => false,
): Promise<boolean> {
  const connection = givingWay(workerConnection(office.db.access, LONG), office.traffic)
  const lease = sliceLease(connection, 'welfare')
  try {
    await lease.take()
    if (!lease.holds()) return false
    const batch = await batchRow(connection, id)
    if (isRefused(batch) || batch.state !== 'approved') return false
    const stagedId = await openStaging(office, batch)
    await progress({ step: 'opened', loads: 0 })
    const staged = await stageLoads(office, connection, lease, batch, stagedId, { progress, isHalted })
    if (staged === 'interrupted') return false
    const refusal = staged === 'all' ? await finishBatch(office, batch, stagedId) : declineOf(staged)
    if (refusal !== null) await failBatch(office, batch, stagedId, refusal)
    await progress({ step: refusal === null ? 'booked' : 'failed', loads: 0 })
    return true
  } finally {
    await lease.giveBack().catch(() => undefined) // it runs out by itself
    await connection.close()
  }
}

/** Tells the engine of the batch, once. */
async function openStaging(office: BookingOffice, { id, employer, currency }: Batch): Promise<number> {
  const account = await openAccount(office.db.access, 'counterparty_receivable', employer, currency)
  const stagedId = office.nextId()
  return office.db.transaction(async (connection) => {
    const batch = await lockedBatch(connection, id, ['approved'])
    if (isRefused(batch)) throw new Error(`welfare batch ${id} was decided meanwhile`)
    if (batch.stagedId !== null) return batch.stagedId
    const [[counts] = []] = await connection.send(countLoads(id))
    const loads = Number(counts?.[0])
    await connection.send(insertBatch({ id: stagedId, operation: 'welfare_load', account, loads }))
    await connection.send(updateBatch(id, { stagedId }))
    return stagedId
  })
}

type Declined = { readonly load: WelfareLoad; readonly result: Result }

async function stageLoads(
  office: BookingOffice,
  connection: WorkerConnection,
  lease: SliceLease,
  batch: Batch,
  stagedId: number,
  { progress, isHalted }: { readonly progress: BookingProgress; readonly isHalted: () => boolean },
): Promise<'all' | 'interrupted' | Declined> {
  const pace = paceOf(A_SECOND, office.traffic)
  let after = 0
  let staged = 0
  let failed = 0
  for (;;) {
    const [rows = []] = await connection.send(selectUnstaged(batch.id, stagedId, after, AT_A_TIME))
    const loads = rows.map(toLoad)
    if (loads.length === 0) return 'all'
    await lease.keep()
    // This process was stopped for longer than its lease: another one continues from where this one was.
    if (isHalted() || !lease.holds()) return 'interrupted'
    office.know?.(loads.map(({ card }) => card))
    const asked: Promise<Result>[] = []
    for (let from = 0; from < loads.length; from += PIECE) {
      asked.push(...loads.slice(from, from + PIECE).map((load) => stage(office, batch, stagedId, load)))
      await betweenStretches(office.traffic)
    }
    const results = await Promise.all(asked)
    await pace(loads.length)
    // Another process has booked or cancelled the batch.
    if (results.includes('original_done')) return 'interrupted'
    const refusedAt = results.findIndex((result) => result !== 'approved' && !BUSY.has(result))
    const [load, result] = [loads[refusedAt], results[refusedAt]]
    if (load !== undefined && result !== undefined) return { load, result }
    const added = results.filter((one) => one === 'approved').length
    failed = added === 0 && results.includes('malfunction') ? failed + 1 : 0
    if (failed > MOST_FAILED)
      throw new Error(`welfare batch ${batch.id}: the engine fails from row ${loads[0]?.line} on`)
    staged += added
    await progress({ step: 'staged', loads: staged })
    // Loads that the engine was too busy for are selected again.
    if (results.some((one) => BUSY.has(one))) await sleep(BUSY_MS)
    else after = loads.at(-1)?.line ?? after
  }
}

/** Consecutive lots of which no load was staged because the engine failed (about 5 s); after that the booking ends with an error. */
const MOST_FAILED = 25
/** Results after which the load is certainly not staged. */
const BUSY: ReadonlySet<Result> = new Set(['overloaded', 'malfunction'])

async function stage(office: BookingOffice, batch: Batch, stagedId: number, load: WelfareLoad): Promise<Result> {
  const now = office.clock()
  const { currency } = batch
  const request = ownRequest({
    id: office.nextId(),
    spareId: office.nextId(),
    key: stageKey(stagedId, load.line),
    by: 'office',
    requester: { channel: 'job', who: 'welfare' },
    at: now,
    day: dateIn(office.timeZone, now),
    processingCode: '',
    amount: load.amount,
    currency,
    trace: `welfare-${batch.id}`,
    ask: {
      act: 'stage',
      batchId: stagedId,
      line: load.line,
      load: loadAsk(load.card, load.amount, currency, load.sell),
      dry: false,
    },
  })
  const { result } = await office.submit(request)
  return result
}

/** Books the batch by one row; from this COMMIT on every card has its load. @returns why it is not booked; null: it is */
async function finishBatch(
  office: BookingOffice,
  { id, decidedBy, employer }: Batch,
  stagedId: number,
): Promise<Finding | null> {
  const at = office.clock()
  const who = decidedBy ?? ''
  return office.db.transaction(async (connection) => {
    const batch = await lockedBatch(connection, id, ['approved', 'booked'])
    if (isRefused(batch)) throw new Error(`welfare batch ${id} was decided meanwhile`)
    if (batch.state === 'booked') return null // another process was faster
    const taken = await takenCard(connection, id)
    if (taken !== null) return taken
    const businessDate = dateIn(office.timeZone, at)
    const decision = await bookStaged(connection, stagedId, { at, businessDate, channel: 'job', who })
    if (decision !== 'booked') throw new Error(`welfare batch ${id}: the engine's batch is ${decision}`)
    await linkSoldCards(office, connection, id, at, who)
    await connection.send(updateBatch(id, { state: 'booked', bookedAt: at }))
    const { rows, amount } = batch
    const object = { kind: 'welfare', id: String(id) }
    const details = { employer, rows, amount, approvedBy: who }
    const row = { id: office.nextId(), at, who: 'welfare', channel: 'job', action: 'welfare.book', object, store: null, outcome: 'done', details } as const // prettier-ignore
    await writeAudit(connection, row)
    return null
  })
}

/** A card that the batch would sell but that was linked to another employee after the approval; null: there is none. */
async function takenCard(connection: WorkerConnection, batchId: number): Promise<Finding | null> {
  const [[row] = []] = await connection.send(selectTakenCards(batchId))
  if (row === undefined) return null
  const [line, shown, holder] = row as [number, string, string]
  return { line, field: 'card', code: 'card_of_another_employee', value: shown, details: { holder } }
}

/** Links each card that the batch sells to its employee. */
async function linkSoldCards(
  office: Pick<Office, 'nextId'>,
  connection: WorkerConnection,
  batchId: number,
  at: number,
  who: string,
): Promise<void> {
  const [rows = []] = await connection.send(selectNewLinks(batchId))
  for (let from = 0; from < rows.length; from += AT_A_TIME) {
    const links = rows.slice(from, from + AT_A_TIME).map(([employeeId, before, card]) => {
      return { id: office.nextId(), employeeId: Number(employeeId), beforeId: before === null ? null : Number(before), cardId: Number(card), at, who } // prettier-ignore
    })
    const set = links.map(({ employeeId, cardId }) => setEmployeeCard(employeeId, cardId))
    await connection.send([...set, insertLinks(links)].join(';'))
  }
}

const declineOf = ({ load, result }: Declined): Finding => {
  const details = { why: TEXTS[result] ?? { en: result, pl: result } }
  return { line: load.line, field: 'card', code: 'card_declined', value: load.card.shown, details }
}

/** A card refused: the batch is cancelled, its staged loads are deleted, and the row records why. */
async function failBatch(office: BookingOffice, { id }: Batch, stagedId: number, finding: Finding): Promise<void> {
  await office.db.transaction(async (connection) => {
    const batch = await lockedBatch(connection, id, ['approved', 'failed'])
    if (isRefused(batch)) throw new Error(`welfare batch ${id} was decided meanwhile`)
    if (batch.state === 'failed') return // another process was faster
    await dropStaged(connection, stagedId)
    await connection.send(updateBatch(id, { state: 'failed', stops: 1 }))
    // The row may have warnings that were accepted.
    const { line } = finding
    const [found = []] = await connection.send(selectFindingsBetween(id, line, line))
    await connection.send(deleteFindingsOf(id, [line]))
    await putFindings(connection, id, [...found.map(toFinding), finding])
  })
}

const LOOK_AGAIN_MS = 500

/** Books an approved batch and waits until it is booked or has failed, in this or another process. */
export async function completeBatch(
  office: BookingOffice,
  id: number,
  progress?: BookingProgress,
): Promise<Batch | Refused> {
  for (;;) {
    await bookBatch(office, id, progress)
    const batch = await office.db.use((connection) => batchRow(connection, id))
    if (isRefused(batch) || batch.state !== 'approved') return batch
    await sleep(LOOK_AGAIN_MS)
  }
}

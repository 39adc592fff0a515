import type { CardKeys } from '../cards/keys.ts'
import type { CardPlan } from '../cards/made-card.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { endOfLot, makeAroundTaken, readCardPlan } from '../office/generation-lots.ts'
import { isRefused, refusalText } from '../office/refusal.ts'
import { takeIds } from '../db/ids.ts'
import { type Job, lockJob, selectNow, toNow } from '../db/sql/jobs.ts'
import { startCardMaker } from './card-maker.ts'
import { JobFailed, type JobKind, LeaseLost } from './runner.ts'

// 0.4 MB of SQL, 30 ms. Cards a second in lots of 250: 21,000, of 1,000: 31,800, of 4,000: 30,700.
const LOT = 1_000
const DUPLICATE = 1062

/**
 * Makes the cards of an issue in lots. The cards of a lot and the progress of the job are one database transaction, so
 * that the job can be resumed after a kill without duplicates or gaps. The next lot is made while the last one is
 * written.
 */
export const generation =
  (keysInUse: () => CardKeys): JobKind =>
  async (job, { access, connection, stopping }) => {
    const keys = keysInUse()
    const plan = await readCardPlan(connection, job)
    const eventId = await takeIds(access, 'row', 1)
    const maker = startCardMaker(keys, plan)
    try {
      let lot = lotAfter(job, job.done)
      let made = maker.make(lot)
      while (lot.count > 0 && !stopping.aborted) {
        const next = lotAfter(job, lot.first + lot.count - 1)
        const insert = await made
        made = maker.make(next)
        await write({ connection, keys, plan, job, eventId }, lot, insert)
        lot = next
      }
    } finally {
      await maker.stop()
    }
  }

type Lot = { readonly first: number; readonly count: number }

const lotAfter = ({ total }: Job, done: number): Lot => ({ first: done + 1, count: Math.min(LOT, total - done) })

type JobContext = {
  readonly connection: WorkerConnection
  readonly keys: CardKeys
  readonly plan: CardPlan
  readonly job: Job
  readonly eventId: number
}

async function write(context: JobContext, lot: Lot, insert: string): Promise<void> {
  const { connection, keys, plan } = context
  await begin(context, lot)
  if (keys.other !== null || !(await isInserted(connection, insert))) {
    await connection.rollback()
    await begin(context, lot)
    const others = await makeAroundTaken(connection, keys, plan, lot)
    // A full number space stays full, so another try would not help.
    if (isRefused(others)) throw new JobFailed(refusalText(others, 'en'))
    await connection.send(others)
  }
  const [now = []] = await connection.send(selectNow)
  await connection.send(endOfLot(context.job, lot.first + lot.count - 1, context.eventId, toNow(now)))
}

/** False: one of the numbers is another card's. */
async function isInserted(connection: WorkerConnection, insert: string): Promise<boolean> {
  try {
    await connection.send(insert)
    return true
  } catch (error) {
    if ((error as { errno?: unknown }).errno === DUPLICATE) return false
    throw error
  }
}

/** @throws LeaseLost where another process has taken the job over */
async function begin({ connection, job }: JobContext, lot: Lot): Promise<void> {
  const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
  if (row === undefined) throw new LeaseLost(`job ${job.id}`)
  if (row[0] !== lot.first - 1) throw new Error(`job ${job.id} is at ${String(row[0])}, not at ${lot.first - 1}`)
}

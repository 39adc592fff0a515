import { workerConnection } from '../db/connection.ts'
import { selectBatchesIn, toBatch } from '../db/sql/welfare-batches.ts'
import { selectRecallsIn, toRecall } from '../db/sql/welfare-recalls.ts'
import { bookBatch, type BookingOffice } from '../office/welfare/booking.ts'
import { bookRecall } from '../office/welfare/recall-booking.ts'
import { startPoller, type Poller } from './poller.ts'

const POLL_INTERVAL_MS = 1_000

/** Books what was approved, and goes on with what a process that is gone has begun. Any number of processes may look. */
export function startWelfare(
  office: BookingOffice,
  { trouble }: { readonly trouble: (error: unknown) => void },
): Poller {
  const connection = workerConnection(office.db.access)
  let troubled = false

  return startPoller({
    every: POLL_INTERVAL_MS,
    async look(isStopping) {
      const [batches = [], recalls = []] = await connection.send(
        `${selectBatchesIn('approved')};${selectRecallsIn('approved')}`,
      )
      for (const { id } of batches.map(toBatch)) if (!isStopping()) await bookBatch(office, id)
      for (const { id } of recalls.map(toRecall)) if (!isStopping()) await bookRecall(office, id)
      troubled = false
    },
    async failed(error) {
      await connection.rollback()
      if (!troubled) trouble(error)
      troubled = true
    },
    close: connection.close,
  })
}

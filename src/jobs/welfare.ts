import { selectBatchesIn, toBatch } from '../db/sql/welfare-batches.ts'
import { selectRecallsIn, toRecall } from '../db/sql/welfare-recalls.ts'
import { bookBatch, type BookingOffice } from '../office/welfare/booking.ts'
import { bookRecall } from '../office/welfare/recall-booking.ts'
import { startFinisher } from './finisher.ts'
import type { Poller } from './poller.ts'

const POLL_INTERVAL_MS = 1_000

/** Books approved batches, and continues those of processes that have ended. */
export const startWelfare = (
  office: BookingOffice,
  { trouble }: { readonly trouble: (error: unknown) => void },
): Poller =>
  startFinisher(office, {
    every: POLL_INTERVAL_MS,
    async finish(connection, isStopping) {
      const [batches = [], recalls = []] = await connection.send(
        `${selectBatchesIn('approved')};${selectRecallsIn('approved')}`,
      )
      for (const { id } of batches.map(toBatch)) if (!isStopping()) await bookBatch(office, id)
      for (const { id } of recalls.map(toRecall)) if (!isStopping()) await bookRecall(office, id)
    },
    trouble,
  })

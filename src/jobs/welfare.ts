import { selectBatchesIn, toBatch } from '../db/sql/welfare-batches.ts'
import { selectRecallsIn, toRecall } from '../db/sql/welfare-recalls.ts'
import type { BookingOffice } from '../office/welfare/booking.ts'
import { bookRecall } from '../office/welfare/recall-booking.ts'
import { startFinisher } from './finisher.ts'
import type { Poller } from './poller.ts'

const POLL_INTERVAL_MS = 1_000

/**
 * Books approved batches, and continues those of processes that have ended. `book` does one batch; a stop ends it between two
 * lots.
 */
export function startWelfare(
  office: BookingOffice,
  parts: {
    readonly book: (id: number, halt: AbortSignal) => Promise<boolean>
    readonly trouble: (error: unknown) => void
  },
): Poller {
  const halt = new AbortController()
  const poller = startFinisher(office, {
    every: POLL_INTERVAL_MS,
    async finish(connection, isStopping) {
      const [batches = [], recalls = []] = await connection.send(
        `${selectBatchesIn('approved')};${selectRecallsIn('approved')}`,
      )
      // A batch or recall that fails is reported and does not hold up the others.
      const each = async (work: () => Promise<unknown>): Promise<void> => {
        if (!isStopping()) await work().catch(parts.trouble)
      }
      for (const { id } of batches.map(toBatch)) await each(() => parts.book(id, halt.signal))
      for (const { id } of recalls.map(toRecall)) await each(() => bookRecall(office, id))
    },
    trouble: parts.trouble,
  })
  return {
    stop() {
      const stopped = poller.stop()
      halt.abort()
      return stopped
    },
  }
}

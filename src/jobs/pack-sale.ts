import { selectPacksBeingSold } from '../db/sql/pack-rows.ts'
import { bookPackLoads, type PackLoadOffice } from '../office/pack-loads.ts'
import { startFinisher } from './finisher.ts'
import type { Poller } from './poller.ts'

const POLL_INTERVAL_MS = 2_000

/** Goes on with sales that nobody finishes, since the process that began them is gone. */
export const startPackSales = (
  office: PackLoadOffice,
  { trouble }: { readonly trouble: (error: unknown) => void },
): Poller =>
  startFinisher(office, {
    every: POLL_INTERVAL_MS,
    async finish(connection, isStopping) {
      const [rows = []] = await connection.send(selectPacksBeingSold)
      for (const [id] of rows) if (!isStopping()) await bookPackLoads(office, Number(id))
    },
    trouble,
  })

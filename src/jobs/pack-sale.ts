import { workerConnection } from '../db/connection.ts'
import { selectPacksBeingSold } from '../db/sql/pack-rows.ts'
import { bookPackLoads, type PackLoadOffice } from '../office/pack-loads.ts'
import { startPoller, type Poller } from './poller.ts'

const POLL_INTERVAL_MS = 2_000

/** Goes on with sales that nobody finishes, since the process that began them is gone. Any number of processes may look. */
export function startPackSales(
  office: PackLoadOffice,
  { trouble }: { readonly trouble: (error: unknown) => void },
): Poller {
  const connection = workerConnection(office.db.access)
  let troubled = false

  return startPoller({
    every: POLL_INTERVAL_MS,
    async look(isStopping) {
      const [rows = []] = await connection.send(selectPacksBeingSold)
      for (const [id] of rows) if (!isStopping()) await bookPackLoads(office, Number(id))
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

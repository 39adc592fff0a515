import { workerConnection } from '../db/connection.ts'
import { selectPacksBeingSold } from '../db/sql/pack-rows.ts'
import { bookPackLoads, type PackLoadOffice } from '../office/pack-loads.ts'
import { lookEvery, type Lookout } from './poller.ts'

const LOOK_EVERY_MS = 2_000

/** Goes on with sales that nobody finishes, since the process that began them is gone. Any number of processes may look. */
export function startPackSales(
  office: PackLoadOffice,
  { trouble }: { readonly trouble: (error: unknown) => void },
): Lookout {
  const connection = workerConnection(office.db.access)
  let troubled = false

  return lookEvery({
    every: LOOK_EVERY_MS,
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

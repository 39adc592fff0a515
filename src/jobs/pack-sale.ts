import { selectPacksBeingSold } from '../db/sql/pack-rows.ts'
import { bookPackLoads, type PackLoadOffice } from '../office/pack-loads.ts'
import { startFinisher } from './finisher.ts'
import type { Poller } from './poller.ts'

const POLL_INTERVAL_MS = 2_000

/** Finishes sales of packs whose process has ended. */
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

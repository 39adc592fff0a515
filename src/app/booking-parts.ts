import type { Access } from '../db/access.ts'
import { openDatabase } from '../db/database.ts'
import { createIds } from '../db/ids.ts'
import { idsOrThrow } from '../office/open-office.ts'
import type { BookingOffice } from '../office/welfare/booking.ts'

/** The size of a block of ids: a load takes two, and the rest of a block is lost when the thread ends. */
const ID_BLOCK = 5_000

/** Ids and connections for the bookings of a thread, from the first one on. */
export function openBookingParts(
  access: Access,
  trouble: (error: unknown) => void,
): { readonly open: () => Promise<Pick<BookingOffice, 'db' | 'nextId'>>; readonly stop: () => Promise<void> } {
  const db = openDatabase(access)
  let ids: ReturnType<typeof createIds> | null = null
  return {
    async open() {
      ids ??= createIds(access, trouble, 'row', ID_BLOCK)
      const opening = ids
      const { next } = await opening.catch((error: unknown) => {
        ids = null // the next booking tries again
        throw error
      })
      return { db, nextId: idsOrThrow(next) }
    },
    async stop() {
      await ids?.then(({ stop }) => stop()).catch(() => undefined) // there are none
      await db.stop()
    },
  }
}

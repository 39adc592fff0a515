import type { WorkerConnection } from './connection.ts'
import { bookBatch, type Booking, dropBatch, lockBatch } from './sql/staged.ts'

/** `incomplete`: not all of its loads are staged; `decided`: booked or dropped already. */
export type BatchDecision = 'booked' | 'dropped' | 'incomplete' | 'decided' | 'unknown'

/** Books all loads of a batch by one row, within the caller's transaction. From its COMMIT on nothing can stop them. */
export async function bookStaged(connection: WorkerConnection, id: number, booking: Booking): Promise<BatchDecision> {
  const [[batch] = []] = await connection.send(lockBatch(id))
  if (batch === undefined) return 'unknown'
  const [state, wanted, staged] = batch as [string, number, number]
  if (state !== 'staging') return 'decided'
  if (wanted !== staged) return 'incomplete'
  await connection.send(bookBatch(id, booking))
  return 'booked'
}

/** Cancels a batch within the caller's transaction: deletes its staged loads card by card. */
export async function dropStaged(connection: WorkerConnection, id: number): Promise<BatchDecision> {
  const [[batch] = []] = await connection.send(lockBatch(id))
  if (batch === undefined) return 'unknown'
  if (batch[0] !== 'staging') return 'decided'
  await connection.send(dropBatch(id))
  return 'dropped'
}

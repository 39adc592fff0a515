import type { Connection, RowDataPacket } from 'mysql2/promise'
import { decodeIds } from '../../src/db/sql/unfolded.ts'

type Written = { readonly id: number; readonly undone_by: string | null; readonly original_id: number | null }

/**
 * Without folding, `unfolded` has everything that was ever written: its faults, a line each. Every transaction is
 * settled in it once, and touched if a later batch undid it.
 */
export async function wrongUnfolded(connection: Connection): Promise<string[]> {
  const [batches] = await connection.query<RowDataPacket[]>('SELECT id, settled, touched FROM unfolded')
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT id, undone_by, original_id FROM transactions WHERE state <> 'pending'",
  )
  const written = rows as Written[]
  const settledIn = new Map<number, number[]>()
  const touched = new Set<number>()
  for (const batch of batches) {
    for (const id of decodeIds(String(batch['settled']))) {
      settledIn.set(id, [...(settledIn.get(id) ?? []), Number(batch['id'])])
    }
    for (const id of decodeIds(String(batch['touched']))) touched.add(id)
  }
  const there = new Set(written.map(({ id }) => id))
  const followers = new Map<number, number[]>()
  for (const { id, original_id: of } of written) if (of !== null) followers.set(of, [...(followers.get(of) ?? []), id])
  /** Undone by the batch that wrote it: its row was written as it is. */
  const atOnce = (id: number): boolean =>
    (followers.get(id) ?? []).some((one) => settledIn.get(one)?.[0] === settledIn.get(id)?.[0])
  return [
    ...written
      .filter(({ id }) => settledIn.get(id)?.length !== 1)
      .map(({ id }) => `transaction ${id} is unfolded ${settledIn.get(id)?.length ?? 0} times`),
    ...[...settledIn.keys()].filter((id) => !there.has(id)).map((id) => `transaction ${id} is unfolded and not there`),
    ...written
      .filter(({ id, undone_by }) => undone_by !== null && !touched.has(id) && !atOnce(id))
      .map(({ id, undone_by }) => `transaction ${id} was undone by ${undone_by} and nobody is told`),
  ]
}

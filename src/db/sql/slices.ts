import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/**
 * Takes the free slices of a job and renews ours; each new taking raises the fence. A lease that ends later than any
 * new one would dates from before the clock was set back and is ignored. The columns are set from left to right.
 */
export const takeSlices = (job: string, owner: string, seconds: number): string =>
  `UPDATE job_slices SET fence = fence + IF(owner = ${text(owner)} AND leased_until >= UTC_TIMESTAMP(3), 0, 1),
   owner = ${text(owner)}, leased_until = UTC_TIMESTAMP(3) + INTERVAL ${integer(seconds)} SECOND
   WHERE job = ${text(job)} AND (owner = ${text(owner)} OR leased_until NOT BETWEEN UTC_TIMESTAMP(3)
     AND UTC_TIMESTAMP(3) + INTERVAL ${integer(seconds)} SECOND);
   SELECT slice, fence FROM job_slices WHERE job = ${text(job)} AND owner = ${text(owner)} ORDER BY slice`

export function toSlice(row: Row): { readonly slice: number; readonly fence: number } {
  const [slice, fence] = row as [number, number]
  return { slice, fence }
}

/** Slices that others hold under a higher fence are left alone. */
export const giveBackSlices = (job: string, owner: string, held: ReadonlyMap<number, number>): string =>
  `UPDATE job_slices SET owner = NULL, leased_until = '2000-01-01' WHERE job = ${text(job)} AND owner = ${text(owner)}
   AND (slice, fence) IN (${[...held].map(([slice, fence]) => `(${integer(slice)},${integer(fence)})`).join(',')})`

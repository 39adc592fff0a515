/** Serials of one issue from `first` to `last`, both included. */
export type Serials = { readonly first: number; readonly last: number }

export const countOf = (ranges: readonly Serials[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)

/**
 * The coverage of a list of serial ranges: the ranges in order and merged, the serials named more than once, and the
 * gaps between.
 */
export type Cover = {
  readonly ranges: readonly Serials[]
  readonly overlaps: readonly Serials[]
  readonly gaps: readonly Serials[]
}

/** O(n log n). */
export function coverOf(named: readonly Serials[]): Cover {
  const ranges: { first: number; last: number }[] = []
  const overlaps: { first: number; last: number }[] = []
  const gaps: Serials[] = []
  for (const { first, last } of [...named].sort((a, b) => a.first - b.first || a.last - b.last)) {
    const before = ranges.at(-1)
    if (before === undefined || first > before.last + 1) {
      if (before !== undefined) gaps.push({ first: before.last + 1, last: first - 1 })
      ranges.push({ first, last })
      continue
    }
    if (first <= before.last) addTo(overlaps, { first, last: Math.min(last, before.last) })
    before.last = Math.max(before.last, last)
  }
  return { ranges, overlaps, gaps }
}

/** Adds `next` to merged ranges, of which none begins later than `next`. */
function addTo(ranges: { first: number; last: number }[], next: Serials): void {
  const before = ranges.at(-1)
  if (before !== undefined && next.first <= before.last + 1) before.last = Math.max(before.last, next.last)
  else ranges.push({ ...next })
}

/** `1-500`, or `7` for a single serial. */
export const serialsText = ({ first, last }: Serials): string => (first === last ? String(first) : `${first}-${last}`)

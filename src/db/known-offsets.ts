import type { SeenOffset } from './sql/clock-offsets.ts'

/**
 * What is known of the other clock from before this process, in the time of this machine's monotonic clock: how far it was
 * ahead, and since when, the oldest first. `now`: this machine's first reading.
 *
 * What a process of this machine saw since its boot holds as it is. A machine that was booted since has nothing of its own:
 * there the steps count that the last of the other machines saw, each at the time that the database then had.
 */
export function knownOffsets(boot: string, rows: readonly SeenOffset[], now: Omit<SeenOffset, 'boot'>): Known[] {
  const own = rows.filter((row) => row.boot === boot && row.seen <= now.seen)
  if (own.length > 0) return own
  const newest = rows.reduce<SeenOffset | null>(
    (best, row) => (best === null || row.seen + row.ahead > best.seen + best.ahead ? row : best),
    null,
  )
  const theirs = rows.filter((row) => row.boot === newest?.boot)
  const known: Known[] = []
  let { ahead } = now
  for (const [i, row] of [...theirs.entries()].reverse()) {
    const before = theirs[i - 1]
    // Their first row is no step, and one that lies ahead of us is from a time that the clock does not have any more.
    const seen = row.seen + row.ahead - ahead
    if (before === undefined || seen > now.seen) break
    known.unshift({ seen, ahead })
    ahead -= row.ahead - before.ahead
  }
  const [first] = known
  return first === undefined ? [] : [{ seen: first.seen - 1, ahead }, ...known]
}

type Known = Omit<SeenOffset, 'boot'>

import type { SeenOffset } from './sql/clock-offsets.ts'

/**
 * The known offsets of the database's clock from before this process, in the time of this machine's monotonic clock,
 * oldest first. `now`: this machine's first reading.
 *
 * Offsets seen by processes of this machine since its boot are used as they are. After a reboot there are none: then
 * the offsets seen by the other machine with the newest entry are used, each placed at the database's time of that
 * reading.
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

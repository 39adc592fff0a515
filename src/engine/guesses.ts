import type { Tries } from '../core/tries.ts'
import { lruMap } from './lru-map.ts'
import { createMarks, type Marks } from './marks.ts'

/** Counts unknown card numbers and wrong eCodes of each source (terminal, address). In memory, for one process. */
export type Guesses = {
  /** Counts an unknown card number. */
  readonly counted: (source: string) => void
  readonly isOver: (source: string) => boolean
  /** Wrong eCodes presented with unknown numbers, by `unknownCardName`. */
  readonly unknownCards: {
    readonly get: (name: string) => Tries | undefined
    readonly set: (name: string, tries: Tries) => void
  }
  readonly marks: Marks
}

const MINUTE_MS = 60_000
/** A cashier who mistypes numbers stays far below this limit. */
export const UNKNOWN_PER_MINUTE = 20
// About 100 bytes each; the limits per address bound a sender who fills this with addresses.
const SOURCES = 50_000
const MOST_UNKNOWN = 50_000

type Count = { readonly began: number; number: number; lockedUntil: number | null }

/**
 * Counts by source: a source with more than `perMinute` wrong tries in a minute is over its limit for a minute. Tries are
 * counted when they are decided, not when they are committed, so a batch that is run again is counted again.
 *
 * @param now monotonic, ms
 * @param ranOver called when a source runs over
 */
export function createGuesses(
  perMinute: number = UNKNOWN_PER_MINUTE,
  now: () => number = () => performance.now(),
  ranOver: (source: string) => void = () => {},
  marks: Marks = createMarks(now),
): Guesses {
  const counts = lruMap<Count>(SOURCES)
  return {
    counted(source) {
      const at = now()
      const known = counts.get(source)
      const count = known !== undefined && at < known.began + MINUTE_MS ? known : fresh(at, known)
      count.number += 1
      if (count.number >= perMinute && (count.lockedUntil === null || at >= count.lockedUntil)) {
        count.lockedUntil = at + MINUTE_MS
        ranOver(source)
      }
      counts.set(source, count)
    },
    isOver(source) {
      const until = counts.get(source)?.lockedUntil ?? null
      return until !== null && now() < until
    },
    unknownCards: lruMap<Tries>(MOST_UNKNOWN),
    marks,
  }
}

const fresh = (began: number, known: Count | undefined): Count => ({
  began,
  number: 0,
  lockedUntil: known?.lockedUntil ?? null,
})

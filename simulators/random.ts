/** Numbers that come again under the same seed: what a run drew can be drawn once more. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next: () => number
  /** A whole number from 0 up to, not including, `most`. */
  below: (most: number) => number
  /** One of a list that is not empty. */
  pick: <T>(list: readonly T[]) => T
  /** True that many times in a hundred. */
  chance: (percent: number) => boolean
}

/** Mulberry32: a counter of 32 bits, mixed. Even enough for faults and mutations, of no use for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  return {
    next,
    below,
    pick: (list) => {
      const found = list[below(list.length)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
    chance: (percent) => next() * 100 < percent,
  }
}

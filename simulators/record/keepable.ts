import { looksLikeCard } from '../describe/numbers.ts'

/**
 * Elements that a scenario may hold as they were: none of them is about a card, a person or a key. Everything else is either
 * made anew (times, trace numbers, MACs), a placeholder (cards, terminals), or left out.
 */
const PLAIN: ReadonlySet<number> = new Set([
  3, 4, 18, 22, 24, 25, 26, 32, 37, 38, 39, 40, 44, 48, 49, 54, 59, 70, 74, 75, 76, 77, 86, 87, 88, 89, 97,
])

const MOST = 60
const RUN = /\d{12,}/g
/** Elements that are long numbers by nature. */
const NUMBERS: ReadonlySet<number> = new Set([4, 32, 54, 74, 75, 76, 77, 86, 87, 88, 89, 97])
/** A card number, a track or a key could hide in these. */
const isText = (de: number): boolean => !NUMBERS.has(de)

/** Searches every run of digits, so that a number within a longer one is found as well. */
function holdsCard(value: string): boolean {
  return [...value.matchAll(RUN)].some(([run]) => {
    for (let from = 0; from + 12 <= run.length; from++)
      for (let size = 12; size <= 19 && from + size <= run.length; size++)
        if (looksLikeCard(run.slice(from, from + size))) return true
    return false
  })
}

/** Long runs of hex: keys and cryptograms. */
const HEX = /[0-9A-Fa-f]{16,}/

/** Whether the value of an element may be written to a file. */
export function isKeepable(de: number, value: string): boolean {
  if (!PLAIN.has(de) || value.length > MOST || !/^[\x20-\x7e]*$/.test(value)) return false
  if (!isText(de)) return true
  return !holdsCard(value) && !HEX.test(value) && !/[=^]/.test(value)
}

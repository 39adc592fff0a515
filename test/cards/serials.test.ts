import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import fc from 'fast-check'
import { countOf, coverOf, type Serials, serialsText } from '../../src/cards/serials.ts'

const text = (ranges: readonly Serials[]): string => ranges.map(serialsText).join(' ')

t.test('what ranges cover, name twice and leave out', async (t) => {
  const rows: [named: [number, number][], covers: string, overlaps: string, gaps: string][] = [
    [[], '', '', ''],
    [[[5, 5]], '5', '', ''],
    [[[1, 3], [4, 6]], '1-6', '', ''],
    [[[4, 6], [1, 3]], '1-6', '', ''],
    [[[1, 3], [5, 6]], '1-3 5-6', '', '4'],
    [[[1, 3], [9, 9], [20, 30]], '1-3 9 20-30', '', '4-8 10-19'],
    [[[1, 10], [3, 4]], '1-10', '3-4', ''],
    [[[1, 10], [3, 4], [5, 6]], '1-10', '3-6', ''],
    [[[1, 5], [5, 9]], '1-9', '5', ''],
    [[[7, 7], [7, 7], [7, 7]], '7', '7', ''],
  ] // prettier-ignore
  for (const [named, covers, overlaps, gaps] of rows) {
    const cover = coverOf(named.map(([first, last]) => ({ first, last })))
    t.same(
      [text(cover.ranges), text(cover.overlaps), text(cover.gaps)],
      [covers, overlaps, gaps],
      JSON.stringify(named),
    )
  }
})

t.test('the same as counting serial by serial', async (t) => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
    .map(([first, more]) => ({ first, last: first + more }))
  const asCounted = fc.property(fc.array(range, { maxLength: 12 }), (named) => {
    const times = new Map<number, number>()
    for (const { first, last } of named) {
      for (let serial = first; serial <= last; serial++) times.set(serial, (times.get(serial) ?? 0) + 1)
    }
    const all = [...times.keys()].sort((a, b) => a - b)
    const left = all.length === 0 ? [] : between(all[0] ?? 0, all.at(-1) ?? 0).filter((serial) => !times.has(serial))
    const twice = all.filter((serial) => (times.get(serial) ?? 0) > 1)
    const { ranges, overlaps, gaps } = coverOf(named)
    const found = [listed(ranges), listed(overlaps), listed(gaps), countOf(ranges)]
    return isDeepStrictEqual(found, [all, twice, left, all.length])
  })
  t.doesNotThrow(() => fc.assert(asCounted, { numRuns: 1000 }))
})

const between = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)
const listed = (ranges: readonly Serials[]): number[] => ranges.flatMap(({ first, last }) => between(first, last))

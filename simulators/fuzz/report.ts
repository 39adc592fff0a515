import type { Cast } from './base.ts'
import type { Trouble } from './batch.ts'
import { maskedHex } from './masked-hex.ts'
import type { Statistics } from './statistics.ts'

/** Frames that are shown of a trouble. */
const SHOWN = 5

/** `again` is the command that sends one frame alone, given its number. */
export function troubleLines({ what, frames }: Trouble, cast: Cast, again: (number: number) => string): string[] {
  const shown = frames.slice(0, SHOWN)
  const more = frames.length - shown.length
  return [
    `FAILED: ${what}`,
    ...shown.flatMap(({ number, what: change, bytes }) => [
      `  frame ${number}, ${change}, ${bytes.length} bytes: ${maskedHex(bytes, cast)}`,
      `  again: ${again(number)}`,
    ]),
    ...(more > 0 ? [`  and ${more} frames that were sent with them`] : []),
  ]
}

const listed = (map: ReadonlyMap<string, number>): string =>
  [...map]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(' · ')

export function statisticsLines(statistics: Statistics, seconds: number): string[] {
  const { frames, connections, changes, codes, silent, closed, pending } = statistics
  const answers = [...codes.values()].reduce((sum, one) => sum + one, 0)
  return [
    `${frames} frames in ${seconds.toFixed(1)} s over ${connections} lines: ${answers} answers, ${silent} unreadable, ` +
      `${closed} lines ended by the switch, ${pending} frames that never ended`,
    `  answers: ${listed(codes)}`,
    `  frames: ${listed(changes)}`,
  ]
}

import type { Door } from '../terminal/peer.ts'
import { seeded } from '../random.ts'
import type { Cast } from './base.ts'
import {
  type Judged,
  leavesLine,
  MOST_UNREADABLE,
  sendAlone,
  type Sending,
  sendTogether,
  type Trouble,
} from './batch.ts'
import { drawFrame, type FuzzLine } from './frames.ts'
import { judge } from './oracle.ts'
import { count, newStatistics, type Statistics } from './statistics.ts'
import { openWireLine, type WireLine } from './wire-line.ts'

export type FuzzPlan = {
  readonly door: Door
  readonly line: FuzzLine
  readonly cast: Cast
  readonly seed: number
  /** Frames `from` to `from + count - 1`. */
  readonly from: number
  readonly count: number
  /** Lines beside each other. */
  readonly lines: number
  /** How long the switch may take to answer, and to end a line: under load, with its database under load too. */
  readonly patienceMs: number
}

/** Frames that are sent before their answers are waited for. */
const MOST_TOGETHER = 40

/** The frames of a run, taken by any free worker; null at the end. */
function frameSource({ line, seed, cast, from, count: total }: FuzzPlan, statistics: Statistics) {
  let next = from
  return (): Judged | null => {
    if (next >= from + total) return null
    const drawn = drawFrame(line, seed, next++, cast)
    statistics.frames++
    count(statistics.changes, drawn.what)
    return { ...drawn, verdict: judge(line, drawn.bytes) }
  }
}

type Batch = { readonly together: readonly Judged[]; readonly alone: Judged | null }

/** The frames that are sent at once, and then perhaps one that ends the line. Empty at the end. */
function gather(take: () => Judged | null, most: number): Batch {
  const together: Judged[] = []
  let unreadable = 0
  while (together.length < most) {
    const frame = take()
    if (frame === null) break
    unreadable += frame.verdict.unreadable
    if (!leavesLine(frame) || unreadable > MOST_UNREADABLE) return { together, alone: frame }
    together.push(frame)
  }
  return { together, alone: null }
}

/** Sends all frames of the plan. Ends at the first trouble, which it gives back; null: there was none. */
export async function fuzz(plan: FuzzPlan, statistics: Statistics = newStatistics()): Promise<Trouble | null> {
  const take = frameSource(plan, statistics)
  let trouble: Trouble | null = null

  /** One line from its beginning to its end; false when there is nothing more to send. */
  const useLine = async (line: WireLine, sending: Sending): Promise<boolean> => {
    while (trouble === null) {
      const { together, alone } = gather(take, 1 + sending.random.below(MOST_TOGETHER))
      if (together.length > 0) trouble ??= await sendTogether(line, plan.line, together, sending)
      if (alone === null && together.length === 0) return false
      if (alone === null || trouble !== null) continue
      trouble ??= await sendAlone(line, alone, sending)
      return true
    }
    return false
  }
  const worker = async (index: number): Promise<void> => {
    const sending = { random: seeded(plan.seed + index), statistics, patienceMs: plan.patienceMs }
    for (let more = true; more;) {
      const line = await openWireLine(plan.door, plan.line)
      statistics.connections++
      more = await useLine(line, sending)
      line.close()
    }
  }
  await Promise.all(Array.from({ length: plan.lines }, (_, index) => worker(index)))
  return trouble
}

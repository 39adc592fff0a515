/** Plays one situation for a tested terminal. */

import type { Result } from '../../report/report.ts'
import type { JudgingHost } from './host.ts'
import { isDecided, resultsOf } from './judge.ts'
import type { Situation } from './situations.ts'

export type Waits = {
  /** How long a situation may take, from its request on. */
  readonly patienceMs: number
  /** The time of silence after the expected messages, for the absence of others. */
  readonly quietMs: number
  /** How long the request may be waited for; null: as long as it takes. */
  readonly requestMs: number | null
  readonly now: () => number
}

/** Plays a situation to its end and judges it. `signal` ends it early. */
export async function playSituation(
  host: JudgingHost,
  situation: Situation,
  waits: Waits,
  signal: AbortSignal,
): Promise<Result[]> {
  const { patienceMs, quietMs, requestMs, now } = waits
  host.begin(situation)
  const began = now()
  const left = (): number => {
    const { original, frames } = host.story()
    if (original === null) return requestMs === null ? Infinity : began + requestMs - now()
    const end = original.clock + patienceMs
    const quiet = (frames.at(-1)?.clock ?? began) + quietMs
    return Math.min(end, isDecided(situation, host.story()) ? quiet : Infinity) - now()
  }
  for (let ms = left(); ms > 0 && !signal.aborted; ms = left()) await host.next(Math.min(ms, 1_000))
  return resultsOf(situation, host.story(), (now() - began) / 1_000)
}

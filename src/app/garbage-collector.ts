import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** From so many processors on, threads of the garbage collector find one that is free. */
const ENOUGH_PROCESSORS = 4

/**
 * The setting of V8 for so many processors. On few, the threads that help to collect young objects take the processor from
 * the database and from the thread that they help: 12 to 14 µs of a web payment of 120, which is hardly quicker for
 * them (decision 0460). Null: as V8 has it.
 */
export const collectorFlag = (processors: number): string | null =>
  processors < ENOUGH_PROCESSORS ? '--no-parallel-scavenge' : null

/** V8 looks at this flag each time it collects young objects, so that it may be set in a running process. */
export function fitGarbageCollector(): void {
  const flag = collectorFlag(availableParallelism())
  if (flag !== null) setFlagsFromString(flag)
}

import type { Verdict } from '../planting.ts'
import { runApiModel } from './api-model-run.ts'

/** For a process of its own: what it leaves open ends with it, and its database with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  return runApiModel({ teardown: () => undefined }, histories, seed)
}

import type { Verdict } from '../planting.ts'
import { engineSetting } from './engine-setting.ts'
import { runFoundations } from './foundations-run.ts'

/** For a process of its own: what it leaves open ends with it, and its database with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  return runFoundations(await engineSetting({ teardown: () => undefined }), histories, seed)
}

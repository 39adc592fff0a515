import type { Verdict } from '../planting.ts'
import { runModel } from './engine-model-run.ts'
import { engineSetting } from './engine-setting.ts'

/** For a process of its own: what it leaves open ends with it, and its database with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  return runModel(await engineSetting({ teardown: () => undefined }), histories, seed)
}

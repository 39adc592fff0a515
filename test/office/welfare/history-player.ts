import type { Verdict } from '../../planting.ts'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { welfareSetting } from './welfare-setting.ts'

/** For a process of its own: what it leaves open ends with it, and its database with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  const later = { teardown: () => undefined }
  const world = await welfareSetting(later)
  return playHistories(world, [world.office, await testOffice(later, world.setting.access)], histories, seed)
}

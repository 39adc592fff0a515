import type { Verdict } from '../../planting.ts'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { Times } from './history-company.ts'
import { welfareSetting } from './welfare-setting.ts'

/** For a process of its own: what it leaves open ends with it, and its database with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  const later = { teardown: () => undefined }
  const times = new Times()
  const clock = (): number => times.now
  const world = await welfareSetting(later, clock)
  return playHistories(
    world,
    [world.office, await testOffice(later, world.setting.access, { clock })],
    histories,
    seed,
    times,
  )
}

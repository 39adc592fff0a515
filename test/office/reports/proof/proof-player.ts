import type { Verdict } from '../../../planting.ts'
import { prove } from './proof-check.ts'
import { proofWorld, PROOF_BEGIN } from './proof-world.ts'

/** For a process of its own: what it leaves open ends with it, and its databases with the test run. */
export async function play({ histories, seed }: { histories: number; seed: number }): Promise<Verdict> {
  for (let played = 1; played <= histories; played++) {
    const world = await proofWorld({ teardown: () => undefined }, PROOF_BEGIN)
    const { findings } = await prove(world, { seed: seed + played, moves: 400, days: 8 })
    const [finding] = findings
    if (finding !== undefined) return { finding, histories: played }
  }
  return { finding: null, histories }
}

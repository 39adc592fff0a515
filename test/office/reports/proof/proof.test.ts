import { randomInt } from 'node:crypto'
import t from 'tap'
import { mustBePlantable } from '../../../planting.ts'
import { PROOF_BUGS } from './proof-bugs.ts'
import { prove } from './proof-check.ts'
import { proofWorld, PROOF_BEGIN } from './proof-world.ts'

/* Every report of every day, computed a second time from the messages; the long history is `proof.soak.ts`. */

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

await mustBePlantable(PROOF_BUGS)

t.test(`a history of some days, AKART_MODEL_SEED=${SEED}`, async (t) => {
  const { findings, transfers } = await prove(await proofWorld(t, PROOF_BEGIN), { seed: SEED, moves: 300, days: 6 })
  t.same(findings, [])
  t.ok(transfers > 150, `${transfers} transfers`)
})

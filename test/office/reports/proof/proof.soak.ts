import { randomInt } from 'node:crypto'
import t from 'tap'
import { prove } from './proof-check.ts'
import { proofWorld, PROOF_BEGIN } from './proof-world.ts'

/* At least 5,000 operations over 60 days, three stores, two currencies: every report of every day, computed a second time. */

t.setTimeout(0)
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

t.test(`5,000 operations over 60 days, AKART_MODEL_SEED=${SEED}`, async (t) => {
  const { findings, transfers, reports } = await prove(await proofWorld(t, PROOF_BEGIN), {
    seed: SEED,
    moves: 5_000,
    days: 60,
  })
  t.same(findings, [])
  t.comment(`${transfers} transfers, ${reports} reports`)
})

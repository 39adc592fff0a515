import t from 'tap'
import { randomInt } from 'node:crypto'
import { engineSetting } from './engine-setting.ts'
import { runFoundations } from './foundations-run.ts'

const ROUNDS = Number(process.env['AKART_MODEL_ROUNDS'] ?? '40')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

t.test(`${ROUNDS} rounds through two engines, seed ${SEED}`, { timeout: 240_000 }, async (t) => {
  const { finding, histories } = await runFoundations(await engineSetting(t), ROUNDS, SEED)
  t.equal(finding, null)
  t.equal(histories, ROUNDS)
})

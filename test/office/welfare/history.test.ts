import { randomInt } from 'node:crypto'
import t from 'tap'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { welfareSetting } from './welfare-setting.ts'

const seed = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const world = await welfareSetting(t)
const other = await testOffice(t, world.setting.access)

t.test(`what an employer does, against a model, AKART_MODEL_SEED=${seed}`, async (t) => {
  const { finding } = await playHistories(world, [world.office, other], 6, seed)
  t.equal(finding, null)
})

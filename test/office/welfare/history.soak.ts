import { randomInt } from 'node:crypto'
import t from 'tap'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { welfareSetting } from './welfare-setting.ts'

const HISTORIES = Number(process.env['AKART_MODEL_ROUNDS'] ?? '200')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const world = await welfareSetting(t)
const other = await testOffice(t, world.setting.access)

t.test(`${HISTORIES} histories of an employer, AKART_MODEL_SEED=${SEED}`, { timeout: 0 }, async (t) => {
  const { finding } = await playHistories(world, [world.office, other], HISTORIES, SEED)
  t.equal(finding, null)
})
